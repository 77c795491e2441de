"""What cells say, remembered for each: statements repeat their days, times and words.

Each memory is a dictionary that works out what it has not met, so that a whole column is read
by ``map`` without a call for every cell.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from typing import TypeVar

from importers.statements.words import is_filler
from importers.tables.cell_text import is_number
from importers.tables.cell_text import number_text
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell

# A number cell holds at most so many digits truly.
TRUE_DIGITS = 15

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(dict[Key, Value]):
    """A value by its key, worked out by a function when it is first asked for."""

    def __init__(self, work_out: Callable[[Key], Value]) -> None:
        super().__init__()
        self.work_out = work_out

    def __missing__(self, key: Key) -> Value:
        self[key] = found = self.work_out(key)
        return found


def remembered(work_out: Callable[[Cell], Value], cells: Sequence[Cell]) -> list[Value]:
    """What a function makes of every cell."""
    return list(map(Memory(work_out).__getitem__, distinct(cells)))


def distinct(cells: Sequence[Cell]) -> Sequence[Cell]:
    """The cells, a truth value as a text: it is equal to 1 or 0, and no number."""
    if bool in set(map(type, cells)):
        return [str(cell) if isinstance(cell, bool) else cell for cell in cells]
    return cells


def said(cell: Cell) -> str:
    """A cell's text on one line, empty for what only fills it."""
    if cell == "":
        return ""
    text = plain_text(cell)
    return "" if is_filler(text) else text


def account_said(cell: Cell) -> str:
    """An account's number; empty too where a number cell has lost digits of it."""
    text = number_text(cell)
    lost = is_number(cell) and len(text) > TRUE_DIGITS
    return "" if lost or is_filler(text) else text


def serial_said(cell: Cell) -> str:
    """A serial number as it stands, its blanks taken away; noughts and words are none."""
    text = said(cell).replace(" ", "")
    lost = is_number(cell) and len(text) > TRUE_DIGITS
    return "" if lost or text.isalpha() or not text.strip("0-") else text
