"""Cells that were merged down over several people: what stands in the first holds for all.

A town, a bank or a card that is written once beside several names. Without it those below would
lack it; with it a card that is merged over a couple is seen to be one card for two.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from importers.tables.cells import Cell
from importers.tables.cells import MergedRange

# Of a value that cannot hold for all: nobody knows how it is divided.
CELL_MERGED = "cell_merged"


def filled_down(
    cells: Sequence[Sequence[Cell]], merged: Iterable[MergedRange], *, headings: range
) -> Sequence[Sequence[Cell]]:
    """The rows with every cell that was merged downwards filled, people above the headings too.

    What begins in one of the ``headings`` (rows from 0) is left as it is: the second line of 姓名
    is nobody called so. A row that has nothing of its own stays empty: somebody who takes up two
    rows is one person.
    """
    filled: dict[int, list[Cell]] = {}
    reached: dict[int, int] = {}  # of each column: no program merges a cell twice, but a file may
    for (first, column), (last, _last_column) in sorted(merged):
        if first in headings or first >= len(cells) or column >= len(cells[first]):
            continue
        below = max(first, reached.get(column, first)) + 1
        reached[column] = max(last, below - 1)
        for row in range(below, min(last + 1, len(cells))):
            if any(cell != "" for cell in cells[row]):
                # guard: merged-card-of-both
                filled.setdefault(row, list(cells[row]))[column] = cells[first][column]
    return [filled.get(row, line) for row, line in enumerate(cells)] if filled else cells
