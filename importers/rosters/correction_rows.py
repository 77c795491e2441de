"""Rows that have been sent back: where each stands in the town's own roster.

The workbook of bad rows says it in a column of its own. When it comes back corrected, each of its
rows is the correction of the one row that it names; a row that names none was not among them.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from importers.rosters.checks import UnplacedProblem
from importers.rosters.sheets import RosterTable
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.spelling import squeezed

REASON = "退回原因"
SOURCE = "来源"


def columns_of_return(table: RosterTable) -> dict[str, int]:
    """Where a workbook that has been sent back has its last two columns; empty for a roster."""
    titles = {squeezed(title): place for place, title in enumerate(table.header.titles)}
    both = {word: titles[word] for word in (SOURCE, REASON) if word in titles}
    return both if len(both) == 2 else {}


def source_of(table: RosterTable, cells: Sequence[Cell]) -> str:
    """``荆河.xlsx Sheet1!12``, where a row stood when it was first sent back, or nothing."""
    place = columns_of_return(table).get(SOURCE)
    return "" if place is None else plain_text(cells[place])


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
