"""The cells of a result: accounts that may be masked or have lost digits, sequence numbers."""

from __future__ import annotations

import re

from importers.tables.cell_text import is_number
from importers.tables.cell_text import is_scientific
from importers.tables.cell_text import number_text
from importers.tables.cells import Cell
from ledger.base.masks import masked_account

# A number cell holds at most so many digits truly.
TRUE_DIGITS = 15
FEWEST_VISIBLE_DIGITS = 4

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


def sequence_number(cell: Cell) -> int | None:
    """The bank's or our own serial number of a row, None where there is none."""
    text = number_text(cell)
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None
