"""Nothing of a county or a census stands in code: it is data of the books and of templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tengzhou import PROGRAMME

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path for room in ("ledger", "importers", "reports") for path in (CHECKOUT / room).rglob("*.py")
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


# The column of areas on the payout sheet, which verification knows again by its heading.
LEFT = {"reports/payout/sheet.py": {PROGRAMME.words.area}}


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
    left = LEFT.get(path.relative_to(CHECKOUT).as_posix(), set())
    assert [(line, text) for line, text in found if text not in left] == []
