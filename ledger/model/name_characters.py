"""Rare characters of names: whether bank files can carry them and payout sheets print them."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from ledger.base.outside_text import COMMON_NAME

# Stands between the parts of a name: 买买提·阿不都.
DOT = "·"
PRINTABLE_FILE = Path(__file__).parent / "data" / "printable_characters.txt"


def fits_gbk(name: str) -> bool:
    """Whether a bank's file can carry the name: they are in GBK."""
    if COMMON_NAME.fullmatch(name):
        return True
    try:
        name.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def is_printable(text: str) -> bool:
    """Whether the font of the payout sheet has every character: who cannot be printed cannot sign.

    The font itself is not opened: it takes longer than to read a roster.
    """
    return bool(COMMON_NAME.fullmatch(text)) or all(map(_has_character, text))


@cache
def _has_character(character: str) -> bool:
    code = ord(character)
    before = bisect(_firsts(), code) - 1
    return before >= 0 and code <= _lasts()[before]


@cache
def _firsts() -> Sequence[int]:
    """Where each run of characters that the font has begins, in their order."""
    return [int(one.split("-")[0], 16) for one in _runs()]


@cache
def _lasts() -> Sequence[int]:
    """Where each of them ends."""
    return [int(one.split("-")[1], 16) for one in _runs()]


def _runs() -> list[str]:
    return PRINTABLE_FILE.read_text(encoding="utf-8").split()
