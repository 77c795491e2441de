"""Which rows of a table are people, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Literal

from importers.rosters.header import Header
from importers.rosters.words import begins_footer
from importers.tables.cell_text import is_date
from importers.tables.cell_text import is_scientific
from importers.tables.cell_text import number_text
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.spelling import spoken

# vacant: a numbered line, or a post, without anybody's name or numbers; corrected: sent back
# before, and come back since.
Reason = Literal["blank", "vacant", "footer", "header", "corrected"]

PERSONAL_FIELDS = ("name", "identity", "account", "phone")

SMALLEST_LONG_NUMBER = 10**11

_LONG_NUMBER = re.compile("[0-9]{12,}X?")
_LONGER_THAN_CODES = re.compile("[0-9]{16}")
_COLUMN_NUMBER = re.compile("[0-9]{1,2}|[甲乙丙丁]")


@dataclass(frozen=True, slots=True)
class Body:
    """``people`` and ``skipped`` pair the spreadsheet's row number with cells, or a reason."""

    people: list[tuple[int, Sequence[Cell]]] = dataclass_field(repr=False)
    skipped: list[tuple[int, Reason]]


def read_body(
    cells: Sequence[Sequence[Cell]],
    header: Header,
    *,
    rows: range,
    titles: Iterable[str],
    headings: Collection[int],
) -> Body:
    """Sort the ``rows`` (from 0) of a table.

    All are told of, but for titles and headings of a sheet's first table. ``headings`` are rows
    of headings and titles, wherever they stand.
    """
    personal = [header.columns[field] for field in PERSONAL_FIELDS if field in header.columns]
    numbers = [
        header.columns[field] for field in ("identity", "account") if field in header.columns
    ]
    title_words = frozenset(map(spoken, titles))
    body = Body([], [])
    for number, row in enumerate(cells[rows.start : rows.stop], rows.start + 1):
        # guard: displaced-row
        if any(is_long_number(row[column]) for column in numbers) or _is_displaced(row):
            body.people.append((number, row))
            continue
        if number <= header.last + 1 and rows.start == 0:  # guard: every-row-told
            continue
        reason: Reason | None = "header" if number - 1 in headings else None
        reason = reason or _reason_to_skip(row, personal, header, title_words)
        if reason:
            body.skipped.append((number, reason))
        else:
            body.people.append((number, row))
    return body


def is_long_number(cell: Cell) -> bool:
    """Whether a cell in a column of numbers holds one, and its row so a person; one that was
    rounded to ``6.21521E+15`` was a long number too.
    """
    if isinstance(cell, str) and len(cell) >= 12 and cell.isdigit():
        return True
    if cell == "":
        return False
    text = number_text(cell)
    return bool(_LONG_NUMBER.match(text)) or (
        is_scientific(text) and float(text) >= SMALLEST_LONG_NUMBER
    )


def _is_displaced(row: Sequence[Cell]) -> bool:
    """Whether a row without a number in its place has one elsewhere, longer than any code: cells
    that were moved, or a table that has lost its headings. It comes back and is not passed over.
    """
    return any(
        cell != "" and not is_date(cell) and bool(_LONGER_THAN_CODES.match(number_text(cell)))
        for cell in row
    )


def _reason_to_skip(
    row: Sequence[Cell], personal: Sequence[int], header: Header, titles: frozenset[str]
) -> Reason | None:
    """Why a row without any long number is nobody's, or None when it is somebody's all the same."""
    texts = [text for cell in row if cell != "" and (text := plain_text(cell))]
    if not texts:
        return "blank"
    if begins_footer(texts[0]):
        return "footer"
    words = {spoken(text) for text in texts}
    if words <= header.texts or words <= titles:
        return "header"
    if all(_COLUMN_NUMBER.fullmatch(text) for text in texts) and len(texts) > len(personal):
        return "header"
    if not any(plain_text(row[column]) for column in personal):
        return "vacant"
    return None
