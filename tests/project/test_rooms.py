"""The rooms of the house: each says what it is for, and keeps what is private to itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import modules
import pytest

from tests.support.checkout import CHECKOUT

# What tests count or damage, and nobody else may know.
KNOWN_TO_TESTS = {
    "tests/importers/test_tables.py": {"old_workbook_module._reader"},
    "tests/project/test_costs.py": {"registry_file._connect", "qr_seal._dark_runs"},
}


def test_the_page_of_modules_is_drawn_from_their_first_lines() -> None:
    assert modules.PAGE.read_text(encoding="utf-8") == modules.page()


@pytest.mark.parametrize("room", list(modules.rooms()), ids=str)
def test_a_room_and_its_modules_each_say_in_a_sentence_what_they_are(room: Path) -> None:
    for module in room.glob("*.py"):
        docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
        assert docstring, module
        first, _newline, rest = docstring.partition("\n")
        assert re.search("[.?。]$", first), f"{module}: {first}"
        assert rest[:1] in ("", "\n"), f"{module}: the first line goes on"


def test_no_module_uses_a_private_name_of_another() -> None:
    used = {
        source.relative_to(CHECKOUT).as_posix(): names
        for folder in (*modules.FOLDERS, "tests")
        for source in (CHECKOUT / folder).rglob("*.py")
        if (names := set(private_names(ast.parse(source.read_text(encoding="utf-8")))))
    }
    assert used == KNOWN_TO_TESTS


def private_names(tree: ast.Module) -> Iterator[str]:
    """The private names of the project's modules that one imports, or reads of a module."""
    imported = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                imported[name.asname or name.name] = f"{node.module}.{name.name}"
                if is_private(name.name) and is_ours(node.module):
                    yield f"{node.module}.{name.name}"
        elif isinstance(node, ast.Import):
            imported |= {name.asname or name.name: name.name for name in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            owner = ast.unparse(node.value)
            if is_ours(imported.get(owner, "")):
                yield f"{owner}.{node.attr}"


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def is_ours(module: str) -> bool:
    path = CHECKOUT / module.replace(".", "/")
    return bool(module) and (path.with_suffix(".py").is_file() or path.is_dir())


@pytest.mark.parametrize(
    ("code", "used"),
    [
        ("from ledger.base.money import _fen", ["ledger.base.money._fen"]),
        ("from ledger.base import money as m\nm._fen", ["m._fen"]),
        ("import ledger.base.money\nledger.base.money._fen(1)", ["ledger.base.money._fen"]),
        ("from ledger.base.money import plain\nplain(x)._replace(y=1)", []),
        ("import os\nos._exit(1)\nself._fen", []),
    ],
)
def test_private_names_are_found_in_imports_and_behind_modules(code: str, used: list[str]) -> None:
    assert list(private_names(ast.parse(code))) == used
