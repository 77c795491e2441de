"""The totals that a list states: each is the sum of rows that it is over, or nothing is taken."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal

from importers.tables.amounts import UnreadableAmount
from importers.tables.amounts import signed_amount_fen
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.workload.body import Total
from importers.workload.refusals import WorkTotalDiffers
from importers.workload.values import BadValue
from importers.workload.values import quantity_in
from importers.workload.words import QUANTITY
from importers.workload.words import Unit
from ledger.base.money import plain
from ledger.base.money import yuan
from ledger.base.records import Record

# A total may be what no row can be.
MOST_OF_ALL, MOST_PLACES = 10**9, 6


class Counted(Record):
    """What the rows of a table say under a column, by their numbers; ``is_whole`` unless one of
    them says what nobody can read.
    """

    field: str
    column: int
    title: str
    values: Mapping[int, Decimal]
    is_whole: bool


def check_totals(
    file: str, sheet: str, totals: Sequence[Total], counted: Sequence[Counted], unit: Unit
) -> list[int]:
    """The rows of totals that could not be compared. Raises WorkTotalDiffers."""
    uncompared: dict[int, None] = {}
    for place, total in enumerate(totals):
        for one in counted:
            cell = total.cells[one.column]
            if plain_text(cell) == "":
                continue
            stated = _stated(cell, one.field, unit)
            if stated is None or not one.is_whole:
                uncompared[total.row] = None
            elif stated not in _sums(one.values, totals, place):  # guard: work-totals
                added = sum(one.values.values(), Decimal(0))
                shown = (_shown(number, one.field) for number in (stated, added))
                raise WorkTotalDiffers(file, sheet, total.row, one.title, *shown)
    return list(uncompared)


def _stated(cell: Cell, field: str, unit: Unit) -> Decimal | None:
    """What a total says; None where it is no number."""
    try:
        if field == QUANTITY:
            return quantity_in(cell, Unit(unit.words, MOST_PLACES, MOST_OF_ALL))
        amount_fen = signed_amount_fen(cell)
    except (BadValue, UnreadableAmount):
        return None
    return None if amount_fen is None else yuan(amount_fen)


def _sums(values: Mapping[int, Decimal], totals: Sequence[Total], place: int) -> set[Decimal]:
    """What a total may be over: all rows, those above it, or those next to it up to another."""
    row = totals[place].row
    before = totals[place - 1].row if place else 0
    after = totals[place + 1].row if place + 1 < len(totals) else max(values, default=0) + 1
    parts = (
        list(values.values()),
        [value for number, value in values.items() if number < row],
        [value for number, value in values.items() if before < number < row],
        [value for number, value in values.items() if row < number < after],
    )
    return {sum(part, Decimal(0)) for part in parts if part}


def _shown(number: Decimal, field: str) -> str:
    return format(number.normalize(), "f") if field == QUANTITY else plain(int(number * 100))
