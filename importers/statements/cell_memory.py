"""What cells say, remembered for each text: statements repeat their days, times and words.

Each memory is a dictionary that works out what it has not met, so that a whole column is read
by ``map`` without a call for every cell.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable

from importers.statements.moments import Moment
from importers.statements.moments import moment
from importers.statements.moments import time_of_day
from importers.statements.words import is_filler
from importers.tables.amounts import UnreadableAmount
from importers.tables.amounts import signed_amount_fen
from importers.tables.cell_text import is_number
from importers.tables.cell_text import number_text
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell

# A number cell holds at most so many digits truly.
TRUE_DIGITS = 15
UNREADABLE = object()


class AmountMemory(dict[Cell, object]):
    """Fen by the cell; None for an empty one, UNREADABLE for what is no amount."""

    def __missing__(self, cell: Cell) -> object:
        self[cell] = found = _amount(cell)
        return found


def _amount(cell: Cell) -> object:
    if isinstance(cell, str):
        # 1234.56, -1234.56 and +1234.56, with blanks and TABs around: nearly all that there is.
        yuan, point, fen = cell.strip().partition(".")
        digits = yuan.removeprefix("-").removeprefix("+")
        if point and len(fen) == 2 and (digits + fen).isdigit() and cell.isascii() and digits:
            if len(digits) <= TRUE_DIGITS:
                amount = int(digits + fen)
                return -amount if yuan.startswith("-") else amount
            return UNREADABLE
    try:
        return signed_amount_fen(cell)
    except UnreadableAmount:
        return UNREADABLE


class MomentMemory(dict[Cell, "Moment | None"]):
    """The day and the time by the cell; None for what is no day."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, Moment | None] = {}
        self.times: dict[str, str | None] = {}

    def __missing__(self, cell: Cell) -> Moment | None:
        self[cell] = found = self._moment(cell)
        return found

    def _moment(self, cell: Cell) -> Moment | None:
        if not isinstance(cell, str):
            return moment(cell)
        day, _blank, time = cell.strip().partition(" ")
        if day not in self.parts:
            self.parts[day] = moment(day)
        date = self.parts[day]
        if not time or date is None or date.time:
            return date if not time else moment(cell)
        if time not in self.times:
            self.times[time] = time_of_day(time)
        found = self.times[time]
        return Moment(date.date, found) if found else moment(cell)


class Memory(dict[Cell, str]):
    """A text by the cell, worked out by a function."""

    def __init__(self, work_out: Callable[[Cell], str]) -> None:
        super().__init__()
        self.work_out = work_out

    def __missing__(self, cell: Cell) -> str:
        self[cell] = found = self.work_out(cell)
        return found


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
    """A serial number; noughts are none."""
    text = account_said(cell)
    return text if text.strip("0") else ""


def distinct(cells: Iterable[Cell]) -> Iterable[Cell]:
    """The cells, a truth value as a text: it is equal to 1 or 0, and no number."""
    cells = list(cells)
    if bool in set(map(type, cells)):
        return [str(cell) if isinstance(cell, bool) else cell for cell in cells]
    return cells
