"""Which columns of a table say what a stage is paid by: its unit, an amount, what is taken off.

A column of another unit is not it. Of two that may be meant, nothing is chosen: they say the same,
or the file is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence

from importers.rosters.header import Header
from importers.tables.cell_text import plain_text
from importers.tables.cell_text import unless_nothing
from importers.tables.cells import Cell
from importers.tables.spelling import squeezed
from importers.tables.units import check_units
from importers.workload.refusals import NetWithoutGross
from importers.workload.refusals import NoWorkColumn
from importers.workload.refusals import OtherUnitStated
from importers.workload.refusals import WorkColumnsDiffer
from importers.workload.values import comparable
from importers.workload.words import QUANTITY
from importers.workload.words import field_of
from importers.workload.words import quantity_fields
from importers.workload.words import title_of
from importers.workload.words import unit_of
from importers.workload.words import units
from ledger.model.rules import Stage
from ledger.model.rules import StageKind

Rows = Sequence[tuple[int, Sequence[Cell]]]

_STATED = re.compile(r"(?:计量|数量)?单位[:为是]+([一-鿿]{1,3})")


def settled_columns(
    file: str, sheet: str, header: Header, rows: Rows, titles: Sequence[str], stage: Stage
) -> dict[str, int]:
    """The columns by field, as the stage counts: ``quantity`` is that of its unit, and what counts
    something else is none. ``rows`` are numbered as the spreadsheet does.

    Raises a refusal of :mod:`.refusals`, or AmountsInOtherUnit.
    """
    columns = {
        field: place
        for field, place in header.columns.items()
        if field.partition(":")[0] != QUANTITY
    }
    paid = {
        "amount": _one(file, sheet, header, ["amount"], rows),
        "net": _one(file, sheet, header, ["net"], rows),
        "deduction": _one(file, sheet, header, ["deduction"], rows),
    }
    for field, place in paid.items():
        columns.pop(field, None)
        if place is not None:
            columns[field] = place
    if stage.kind is StageKind.PER_UNIT:
        columns[QUANTITY] = _quantity(file, sheet, header, rows, titles, stage)
    if stage.kind is StageKind.LISTED:
        _settle_amount(file, sheet, header, columns)
    places = [columns[field] for field in paid if field in columns]
    if places:
        # guard: work-in-yuan
        check_units(
            file,
            sheet,
            [(number, [text]) for number, text in enumerate(titles, 1)],
            [header.whole[place] for place in places],
            header.last + 1,
        )
    return columns


def _quantity(
    file: str, sheet: str, header: Header, rows: Rows, titles: Sequence[str], stage: Stage
) -> int:
    own = field_of(unit_of(stage.unit))
    place = _one(file, sheet, header, [own, QUANTITY], rows)  # guard: unit-of-the-stage
    if place is None:
        others = [header.titles[header.columns[field]] for field in quantity_fields(header.columns)]
        raise NoWorkColumn(file, sheet, f"{title_of(QUANTITY)}（{stage.unit}）", others)
    if own not in header.columns:
        stated = _stated_unit(titles)
        # guard: stated-unit-of-work
        if stated and unit_of(stated) != unit_of(stage.unit):
            raise OtherUnitStated(file, sheet, stage.unit, stated)
    return place


def _stated_unit(titles: Iterable[str]) -> str:
    """The unit that a line above the table names: 单位：份. 单位：元 and 单位：统计局 name none."""
    known = {word for unit in units() for word in unit.words}
    for title in titles:
        for found in _STATED.finditer(squeezed(title)):
            if found[1] in known:
                return found[1]
    return ""


def _settle_amount(file: str, sheet: str, header: Header, columns: dict[str, int]) -> None:
    """What is paid out alone is the amount, where nothing is taken off."""
    if "amount" in columns:
        return
    if "net" not in columns:
        raise NoWorkColumn(file, sheet, title_of("amount"), [])
    if "deduction" in columns:  # guard: net-without-gross
        raise NetWithoutGross(file, sheet, header.titles[columns["net"]])
    columns["amount"] = columns.pop("net")


def _one(file: str, sheet: str, header: Header, fields: Sequence[str], rows: Rows) -> int | None:
    """The column of some fields that may all be meant. Raises WorkColumnsDiffer."""
    places = [place for field in fields for place in header.all_of(field)]
    if len(places) < 2:
        return places[0] if places else None
    for number, row in rows:
        said = {comparable(row[place]) for place in places}
        if len(said) > 1:  # guard: work-columns-differ
            columns = list(dict.fromkeys(header.whole[place] for place in places))
            raise WorkColumnsDiffer(file, sheet, columns, number)
    return places[0]


def filled(row: Sequence[Cell], columns: Mapping[str, int], fields: Iterable[str]) -> bool:
    """Whether something stands in a row under one of some fields."""
    return any(
        unless_nothing(plain_text(row[columns[field]])) != ""
        for field in fields
        if field in columns
    )
