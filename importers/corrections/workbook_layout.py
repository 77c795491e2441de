"""How the lists that go to towns are laid out: widths, heights, and what they are called."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path

from ledger.base import durable

_NUMBER = re.compile("[0-9]+[Xx]?")
POINTS_A_LINE = 15


def column_widths(lines: Sequence[Sequence[str]], *, narrowest: int, widest: int) -> list[int]:
    """Of the columns of these lines, in characters. Numbers stand on one line, whatever is widest;
    other texts are wrapped.
    """
    widths = []
    for column in zip(*lines, strict=True):
        longest = max(map(width_of, column)) + 2
        number = max((len(text) + 2 for text in column if _NUMBER.fullmatch(text)), default=0)
        widths.append(max(narrowest, number, min(longest, widest)))
    return widths


def row_height(texts: Sequence[str], widths: Sequence[int]) -> int:
    """Of a row in points: not every program finds it by itself where text is wrapped."""
    lines = (
        sum(max(1, -(-width_of(line) // (width - 2))) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    return POINTS_A_LINE * max(lines) + 3


MOST = 1000
_NUMBERED = re.compile(r"(.+)-[0-9]{1,3}")


def keep_beside(folder: Path, stem: str, write: Callable[[io.BytesIO], object]) -> Path:
    """Make ``stem.xlsx`` in the folder by ``write`` and return its path.

    A workbook that somebody may have begun to correct is never replaced: the next free name is
    taken, unless the very same workbook is there already. It is on the disk when it has its name.
    Raises OSError.
    """
    fresh = io.BytesIO()
    write(fresh)
    content = fresh.getvalue()
    durable.make_folder(folder)
    for number in range(1, MOST):
        target = folder / (f"{stem}.xlsx" if number == 1 else f"{stem}-{number}.xlsx")
        try:
            durable.create_file(target, content)
            return target
        except FileExistsError:
            if target.read_bytes() == content:
                return target
    raise AssertionError("a thousand workbooks of one name")


def first_name(folder: Path, stem: str) -> str:
    """What the workbook was called that ``stem`` is a later one of: ``名册`` for ``名册-2``.

    A name that only ends in a number, without the first beside it, is its own.
    """
    numbered = _NUMBERED.fullmatch(stem)
    first = numbered.group(1) if numbered else stem
    return first if (folder / f"{first}.xlsx").is_file() else stem


LONGEST_NAME = 31
UNNAMED = "名册"

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def excel_sheet_names(names: Iterable[str]) -> list[str]:
    """The names as far as Excel accepts them, all different whatever their case."""
    accepted: list[str] = []
    taken: set[str] = set()
    for name in names:
        base = _FORBIDDEN.sub(" ", name).strip("' ")[:LONGEST_NAME] or UNNAMED
        unique, number = base, 1
        while unique.casefold() in taken or unique.casefold() == "history":
            number += 1
            suffix = f" {number}"
            unique = base[: LONGEST_NAME - len(suffix)] + suffix
        taken.add(unique.casefold())
        accepted.append(unique)
    return accepted


def width_of(text: str) -> int:
    """In characters of the default font: a Chinese character is two wide."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
