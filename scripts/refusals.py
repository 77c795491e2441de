"""Draw docs/refusals.md: every reason for which a command says no, with its code.

.venv/bin/python scripts/refusals.py, in the environment that scripts/test.py makes
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from ledger.base.refusals import Refusal  # noqa: E402

PAGE = CHECKOUT / "docs" / "refusals.md"
FOLDERS = ("ledger", "importers", "reports")

INTRODUCTION = """# Refusals

Every reason for which a command says no. With `--json` a refusal is one object: `error` is the
sentence, in the user's language and reworded at times; `code` is what programs go by, and stays;
`facts` holds what the sentence speaks of, such as a batch, a day or a row: amounts are text with
two decimals, and of a person there is the id alone. Each fact stands beside `facts` as well. The
exit status is 1. `import` says this of each file that it refuses.

This page is drawn by `scripts/refusals.py`. A code that was given is never taken back: a class
that gets another name keeps its code by `code = "…"`.

| room | code | meaning |
| --- | --- | --- |
"""


def of_this_class(parent: type[Refusal]) -> Iterator[type[Refusal]]:
    """The subclasses of a class whose modules are loaded, and theirs."""
    for child in parent.__subclasses__():
        yield child
        yield from of_this_class(child)


def all_refusals() -> list[type[Refusal]]:
    """Every refusal of the tool, room by room."""
    for top in FOLDERS:
        for path in sorted((CHECKOUT / top).rglob("*.py")):
            module = path.parent if path.name == "__init__.py" else path.with_suffix("")
            import_module(".".join(module.relative_to(CHECKOUT).parts))
    ours = {kind for kind in of_this_class(Refusal) if kind.__module__.split(".")[0] in FOLDERS}
    return sorted(ours, key=lambda kind: (FOLDERS.index(top_of(kind)), room_of(kind), kind.code))


def top_of(kind: type[Refusal]) -> str:
    return kind.__module__.partition(".")[0]


def room_of(kind: type[Refusal]) -> str:
    """``ledger/books``: the folder of the class's module."""
    path = CHECKOUT.joinpath(*kind.__module__.split("."))
    return (path if path.is_dir() else path.parent).relative_to(CHECKOUT).as_posix()


def meaning(kind: type[Refusal]) -> str:
    """The first paragraph of the class's own docstring, on a line."""
    paragraph = (vars(kind)["__doc__"] or "").partition("\n\n")[0]
    return " ".join(paragraph.split()).replace("``", "`").replace("|", "\\|")


def page() -> str:
    """The page for docs/."""
    rows = [
        f"| `{room_of(kind)}/` | `{kind.code}` | {meaning(kind)} |\n" for kind in all_refusals()
    ]
    return INTRODUCTION + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
