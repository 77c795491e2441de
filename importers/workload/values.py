"""What a cell of a list of work says: a quantity of a unit, or an amount.

Nothing is guessed: what is not one plain number is a problem of its row.
"""

from __future__ import annotations

import re
from decimal import Decimal

from importers.tables.amounts import UnreadableAmount
from importers.tables.amounts import signed_amount_fen
from importers.tables.cell_text import is_date
from importers.tables.cell_text import is_number
from importers.tables.cell_text import plain_text
from importers.tables.cell_text import unless_nothing
from importers.tables.cells import Cell
from importers.workload.words import Unit
from importers.workload.words import units

_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,6})?|[0-9]{1,12}(?:\.[0-9]{1,6})?")
_NEGATIVE = re.compile(r"[-−﹣–—]\s*[0-9]|\([0-9][0-9.,]*\)")
_WITH_UNIT = re.compile(r"([0-9][0-9.,]*)([一-鿿]{1,3})")
# 12 30 is no 1230.
_APART = re.compile("[0-9.,] +[0-9.,]")
_NOTHING = re.compile("[-—–−]*")
# No list names so much for one person.
MOST_FEN = 1_000_000_00


class BadValue(ValueError):
    """``code`` is what is wrong with a cell."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def quantity_in(cell: Cell, unit: Unit) -> Decimal | None:
    """How many of a unit; None for an empty cell. Raises BadValue.

    ``120``, ``1,200``, ``120户``, 120.0; a dash is no quantity, and 0 is none done.
    """
    text = _text(cell)
    if text == "":
        return None
    if is_date(cell) or isinstance(cell, bool):
        raise BadValue("quantity_form")
    if _APART.search(plain_text(cell)):  # guard: work-not-glued
        raise BadValue("quantity_form")
    if _NEGATIVE.match(text):
        raise BadValue("quantity_negative")
    if with_unit := _WITH_UNIT.fullmatch(text):
        text, word = with_unit.groups()
        # guard: unit-in-the-cell
        if word not in unit.words:
            known = any(word in one.words for one in units())
            raise BadValue("quantity_unit" if known else "quantity_form")
    if not _NUMBER.fullmatch(text):
        raise BadValue("quantity_form")
    quantity = Decimal(text.replace(",", ""))
    if quantity != round(quantity, unit.places):  # guard: whole-units
        raise BadValue("quantity_fraction")
    if quantity > unit.most:  # guard: absurd-quantity
        raise BadValue("quantity_absurd")
    return round(quantity, unit.places)


def amount_in(cell: Cell, field: str) -> int | None:
    """The amount in fen; None for an empty cell or a dash. Raises BadValue for what is none, below
    zero, or more than any list names.
    """
    if is_date(cell) or isinstance(cell, bool):
        raise BadValue(f"{field}_form")
    if isinstance(cell, str) and unless_nothing(plain_text(cell)) == "":
        return None
    if _APART.search(plain_text(cell)):
        raise BadValue(f"{field}_form")
    try:
        amount_fen = signed_amount_fen(cell)
    except UnreadableAmount:
        raise BadValue(f"{field}_form") from None
    if amount_fen is not None and amount_fen < 0:  # guard: negative-work
        raise BadValue(f"{field}_negative")
    if amount_fen is not None and amount_fen > MOST_FEN:
        raise BadValue(f"{field}_absurd")
    return amount_fen


def comparable(cell: Cell) -> str:
    """A number in one spelling, for columns that may say the same: 120, 120.0 and 120户."""
    text = _text(cell)
    if with_unit := _WITH_UNIT.fullmatch(text):
        text = with_unit[1]
    if _NUMBER.fullmatch(text):
        return format(Decimal(text.replace(",", "")).normalize(), "f")
    return text


def _text(cell: Cell) -> str:
    """One line without blanks; nothing for what stands for an empty cell."""
    if isinstance(cell, float) and is_number(cell):
        # The fifteen digits that a workbook keeps.
        cell = format(Decimal(f"{cell:.15g}"), "f")
    text = unless_nothing(plain_text(cell).replace(" ", ""))
    return "" if _NOTHING.fullmatch(text) else text
