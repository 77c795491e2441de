"""Draw docs/modules.md: the rooms, and every module by the first line of its docstring.

python scripts/modules.py
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PAGE = CHECKOUT / "docs" / "modules.md"
FOLDERS = ("ledger", "importers", "reports", "scripts")

INTRODUCTION = """# Every module

Room by room, by the first line of each module; [architecture.md](architecture.md) says who may
import whom, and where to look. This page is drawn by `python scripts/modules.py`.
"""


def first_line(module: Path) -> str:
    """The first line of a module's docstring, as Markdown."""
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    line = docstring.partition("\n")[0]
    return re.sub(r":\w+:`~?([^`]*)`", r"`\1`", line).replace("``", "`")


def rooms() -> Iterator[Path]:
    """The folders that hold modules, each before those in it."""
    for top in FOLDERS:
        folders = {path.parent for path in (CHECKOUT / top).rglob("*.py")}
        yield from sorted(folders, key=lambda folder: folder.relative_to(CHECKOUT).parts)


def page() -> str:
    """The page for docs/."""
    parts = [INTRODUCTION]
    for room in rooms():
        modules = sorted(room.glob("*.py"))
        parts.append(f"\n## {room.relative_to(CHECKOUT).as_posix()}/\n\n")
        parts += [f"{first_line(path)}\n\n" for path in modules if path.name == "__init__.py"]
        parts += [
            f"- `{path.name}`: {first_line(path)}\n"
            for path in modules
            if path.name != "__init__.py"
        ]
    return "".join(parts).rstrip("\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
