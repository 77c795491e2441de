"""One column that holds two things: 姓名及身份证号, with the number below the name or behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from importers.rosters.header import Header
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from ledger.base.records import replace

NAME, IDENTITY = "姓名", "身份证号"

# A name first, then whatever a number may look like: what is wrong with it is said of it alone.
_NAME_THEN_NUMBER = re.compile(r"([^0-9]*?)[ ,，、/:：(（]*([0-9][0-9 Xx*-]*)[)） ]*")
_NUMBER_THEN_NAME = re.compile(r"([0-9]{14,17}[0-9Xx])[ ,，、/:：]*([^0-9]+)")


def apart(
    header: Header, cells: Sequence[Sequence[Cell]]
) -> tuple[Header, Sequence[Sequence[Cell]]]:
    """The headings and rows with name and number in a column each; the number's is the last."""
    place = header.columns.get("name_and_identity")
    if place is None or "identity" in header.columns:
        return header, cells
    columns = {field: column for field, column in header.columns.items() if column != place}
    width = len(header.titles)
    titles = [*header.titles, IDENTITY]
    titles[place] = NAME
    rows = []
    for number, row in enumerate(cells):
        line = [*row, ""]
        if number > header.last:
            line[place], line[width] = _parts(row[place])
        rows.append(line)
    header = replace(
        header,
        columns={**columns, "name": place, "identity": width},
        others={field: found for field, found in header.others.items() if field != "name"},
        titles=tuple(titles),
        whole=(*header.whole, IDENTITY),
    )
    return header, rows


def _parts(cell: Cell) -> tuple[Cell, Cell]:
    """(name, number); a cell with one of them alone keeps it, and lacks the other."""
    text = plain_text(cell)
    if found := _NAME_THEN_NUMBER.fullmatch(text):
        return found[1], found[2]
    if found := _NUMBER_THEN_NAME.fullmatch(text):
        return found[2], found[1]
    return text, ""
