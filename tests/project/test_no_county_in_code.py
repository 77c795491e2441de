"""Nothing of a county or a census stands in code: it is data of the books and of templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tengzhou import PROGRAMME

CHECKOUT = Path(__file__).resolve().parents[2]
# What the scripts make up, and what they measure by it, is of one county and one census.
OF_ONE_COUNTY = ("samples", "bench", "demo", "sample_", "pictures", "provincial", "test_windows")
SOURCES = sorted(
    path
    for room in ("ledger", "importers", "reports", "scripts")
    for path in (CHECKOUT / room).rglob("*.py")
    if room != "scripts"
    or not path.relative_to(CHECKOUT / room).as_posix().startswith(OF_ONE_COUNTY)
)
WORDS = (
    PROGRAMME.county_code,
    PROGRAMME.county_name.removesuffix("市"),
    PROGRAMME.words.people,
    "普查",
    "2020-11-01",
    "2020, 11, 1",
    *PROGRAMME.role_names,
)
STRANGE = re.compile("|".join(map(re.escape, WORDS)) + r"|(?<![0-9])800(?![0-9])")


def literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The string literals of a source but for docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, str):
            yield node.lineno, node.value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_no_text_of_a_source_speaks_of_one_county_or_census(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [(line, text) for line, text in literals(tree) if STRANGE.search(text)]
    assert found == []
