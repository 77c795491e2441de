"""Names that Excel accepts for sheets, and how wide it draws a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

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
