"""The cells of a result: accounts that may be masked, names, sequence numbers."""

from __future__ import annotations

import re

from importers.tables.account_text import masked_account
from importers.tables.cell_text import is_number
from importers.tables.cell_text import is_scientific
from importers.tables.cell_text import number_text
from importers.tables.cells import Cell

# A number cell holds at most so many digits truly.
TRUE_DIGITS = 15
FEWEST_VISIBLE_DIGITS = 4
NAME_MASKS = "*?□\ufffd"

_WHOLE_ACCOUNT = re.compile("[0-9]{4,40}")
_WHOLE_NUMBER = re.compile("[0-9]{1,9}")


def has_lost_digits(cell: Cell) -> bool:
    """Whether an account was stored as a number with more digits than a number can hold."""
    text = number_text(cell)
    if is_scientific(text):
        return True
    return is_number(cell) and len(text) > TRUE_DIGITS


def is_account(text: str) -> bool:
    """Whether an account is whole, or shows enough beside its mask."""
    if _WHOLE_ACCOUNT.fullmatch(text):
        return True
    masked = masked_account(text)
    return masked is not None and len("".join(masked)) >= FEWEST_VISIBLE_DIGITS


def is_masked_name(name: str) -> bool:
    return any(sign in name for sign in NAME_MASKS)


def shows_something(name: str) -> bool:
    """Whether a masked name shows a character at least."""
    return any(sign not in NAME_MASKS for sign in name)


def name_fits(shown: str, name: str) -> bool:
    """Whether a name agrees with one that may be masked: each mask stands for some characters.

    ``张*三`` and ``张**`` fit 张小三, ``李?`` fits 李䶮.
    """
    if not is_masked_name(shown):
        return shown == name
    first, *others = re.split(f"[{re.escape(NAME_MASKS)}]+", shown)
    if not name.startswith(first):
        return False
    place = len(first)
    for piece in others[:-1]:
        place = name.find(piece, place + 1)
        if place < 0:
            return False
        place += len(piece)
    return name.endswith(others[-1]) and len(name) - len(others[-1]) > place


def sequence_number(cell: Cell) -> int | None:
    """The bank's or our own serial number of a row, None where there is none."""
    text = number_text(cell)
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None
