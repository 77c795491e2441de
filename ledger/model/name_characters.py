"""Rare characters of names: can the bank's files carry them, and the payout sheet print them?"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from importers.tables.cell_text import DOT

PRINTABLE_FILE = Path(__file__).parent / "data" / "printable_characters.txt"

# Everything that an ordinary name has: all of it is in GBK, and the font draws it.
_ORDINARY = re.compile(f"[\u4e00-\u9fa5{DOT}A-Za-z]*")


def fits_gbk(name: str) -> bool:
    """Whether a bank's file can carry the name: they are in GBK."""
    if _ORDINARY.fullmatch(name):
        return True
    try:
        name.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def is_printable(name: str) -> bool:
    """Whether the font of the payout sheet has every character of a name: who cannot be printed
    cannot sign. The font itself is not opened: it takes longer than to read a roster.
    """
    return bool(_ORDINARY.fullmatch(name)) or _printable().issuperset(name)


@cache
def _printable() -> frozenset[str]:
    """Every character that the font has and names may be made of."""
    ranges = PRINTABLE_FILE.read_text(encoding="utf-8").split()
    return frozenset(
        chr(code)
        for first, last in (one.split("-") for one in ranges)
        for code in range(int(first, 16), int(last, 16) + 1)
    )
