"""Which rows of a list of work are people, and which are totals."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

from importers.rosters.body import Body
from importers.rosters.words import ends_as_total
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from importers.workload.columns import filled

# What is paid by, and who somebody is beside her name and her number.
WORK = ("quantity", "amount", "net", "deduction")


class Total(NamedTuple):
    """A line of totals: its number as the spreadsheet counts, and its cells."""

    row: int
    cells: Sequence[Cell]


def with_all_work(
    body: Body, cells: Sequence[Sequence[Cell]], columns: dict[str, int]
) -> tuple[Body, list[Total]]:
    """The people, with those rows that have a number or an amount and are no totals; whoever is
    meant by them, they go back. And the totals.
    """
    people = list(body.people)
    skipped = []
    totals = []
    for number, reason in body.skipped:
        row = cells[number - 1]
        if reason in ("footer", "vacant") and filled(row, columns, (*WORK, "payee_id")):
            if _is_total(row, columns):
                totals.append(Total(number, row))
            else:
                people.append((number, row))  # guard: work-of-nobody
                continue
        skipped.append((number, reason))
    return Body(sorted(people, key=_number), skipped, body.sections), totals


def _number(person: tuple[int, Sequence[Cell]]) -> int:
    return person[0]


def _is_total(row: Sequence[Cell], columns: dict[str, int]) -> bool:
    """Whether a text of the row, outside what is counted, is called a sum."""
    counted = {columns[field] for field in WORK if field in columns}
    return any(
        ends_as_total(plain_text(cell))
        for place, cell in enumerate(row)
        if place not in counted and isinstance(cell, str) and cell
    )


def merged_over_rows(sheet: Sheet, columns: dict[str, int]) -> set[tuple[int, str]]:
    """The rows, as the spreadsheet counts, that share a cell of what is counted, with its field."""
    found: set[tuple[int, str]] = set()
    for (first, left), (last, right) in sheet.merged:
        for field in WORK:
            if last > first and field in columns and left <= columns[field] <= right:
                found |= {(row + 1, field) for row in range(first, last + 1)}
    return found


def rows_of(people: Iterable[tuple[int, Sequence[Cell]]]) -> list[Sequence[Cell]]:
    return [row for _number, row in people]
