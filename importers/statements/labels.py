"""Labels and their values in the rows that are no lines: ``账号:10-1234``, ``币种 | 人民币``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.headings import Row

# 账号:6215 1234 户名:普查办: a value ends where the next label begins.
_LABELLED = re.compile(r"([^\s:,;0-9]{2,40}) ?: ?([^\s:].*?)(?=[\s,;]+[^\s:,;0-9]{2,40} ?:|$)")


def labelled(row: Row) -> Iterator[tuple[str, Cell]]:
    """Every text of a row and what may be its value: behind a colon, or the next cell."""
    label = ""
    for cell in row:
        text = plain_text(cell)
        if not text:
            continue
        if label:
            yield label, cell
        for found in _LABELLED.finditer(text):
            yield found.group(1), found.group(2)
        label = text.rstrip(": ")
