"""The columns of a workbook of bad rows: where each row stood, and why it was sent back.

Towns mend it in their own way: they delete the reasons, add columns, rename 来源. It is known by
what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence

from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.spelling import squeezed

REASON = "退回原因"
SOURCE = "来源"
# Of so many people one at least still has her place.
LOOKED_AT = 20

# 荆河.xlsx Sheet1!12, or without a sheet 荆河.csv 12.
_PLACE = re.compile(r".*\.[A-Za-z]{2,5} (?:.+!)?[0-9]+")


def return_columns(
    titles: Sequence[str], rows: Sequence[Sequence[Cell]], taken: Sequence[int]
) -> Mapping[str, int]:
    """Where a workbook that has been sent back has its last two columns; empty for a roster.

    The reason may be missing. ``taken`` are the columns of other fields.
    """
    places = {squeezed(title): place for place, title in enumerate(titles)}
    columns = {word: places[word] for word in (SOURCE, REASON) if word in places}
    if len(columns) == 2:
        return columns
    source = next(
        (
            place
            for row in rows[:LOOKED_AT]
            for place, cell in enumerate(row)
            if place not in taken and is_place(cell)
        ),
        None,
    )
    # guard: source-by-what-it-holds
    return {} if source is None else {**columns, SOURCE: source}


def is_place(cell: Cell) -> bool:
    """Whether a cell says where a row stood when it was first sent back."""
    return isinstance(cell, str) and "." in cell and bool(_PLACE.fullmatch(plain_text(cell)))
