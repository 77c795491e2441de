"""Rows that have been sent back: where each stands in the town's own roster.

The workbook of bad rows says it in a column of its own. When it comes back corrected, each of its
rows is the correction of the one row that it names; a row that names none was not among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence

from importers.rosters.checks import UnplacedProblem
from importers.rosters.posts import Surroundings
from importers.rosters.return_columns import REASON
from importers.rosters.return_columns import SOURCE
from importers.rosters.sheets import RosterTable
from importers.rosters.town import town_around
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from ledger.base.records import replace

__all__ = ["REASON", "SOURCE"]


def columns_of_return(table: RosterTable) -> Mapping[str, int]:
    """Where a workbook that has been sent back has its own columns; empty for a roster."""
    return table.returned


def source_of(table: RosterTable, cells: Sequence[Cell]) -> str:
    """``荆河.xlsx Sheet1!12``, where a row stood when it was first sent back, or nothing."""
    place = table.returned.get(SOURCE)
    return "" if place is None else plain_text(cells[place])


def around_each(table: RosterTable) -> list[Surroundings]:
    """What stands around each of the people. Rows of several towns may have been put below one
    another: a row that was sent back belongs to the town of the roster that it stood in.
    """
    around = table.of_each()
    if not table.returned or table.surroundings.asked:
        return around
    # guard: town-of-the-source
    return [
        replace(own, town=town) if (town := town_around(source_of(table, cells))) else own
        for own, (_number, cells) in zip(around, table.body.people, strict=True)
    ]


def check_returned(tables: Iterable[RosterTable]) -> Iterator[UnplacedProblem]:
    """Rows of a corrected workbook that were not in it when it was sent back, or are copies."""
    position = 0
    seen: set[str] = set()
    for table in tables:
        returned = columns_of_return(table)
        for _number, cells in table.body.people:
            if returned:
                source = source_of(table, cells)
                if not source or source in seen:  # guard: slipped-row
                    yield UnplacedProblem(position, "name", "row_added")
                seen.add(source)
            position += 1
