"""The headings of a list of work: a person, and what she has done or is paid."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence

from importers.rosters.header import COMPARED
from importers.rosters.header import Header
from importers.rosters.header import header_among
from importers.rosters.header import is_below_title
from importers.rosters.tables import Head
from importers.rosters.tables import find_tables
from importers.tables.cells import Cell
from importers.tables.headings import Headings
from importers.tables.headings import headings_at
from importers.tables.reading import Sheet
from importers.workload.words import SIGNS
from importers.workload.words import WorkWords
from importers.workload.words import quantity_fields

FEWEST_FIELDS = 2
# Rows in which the headings may begin.
SEARCHED = 60
LONGEST = 40

WHO = ("name", "identity", "payee_id", "name_and_identity", "name_of_role")
WHERE = ("town", "area", "area_or_name", "block", "block_or_name")
PAID = ("amount", "net", "deduction")
# Whoever sends an account says where somebody is paid: that is a roster.
ACCOUNT = "account"


def work_head(words: WorkWords, *, only_people: bool) -> Head:
    """What knows the headings of a list; with ``only_people`` it may say of nobody how much."""

    def is_one(headings: Headings) -> bool:
        columns = headings.columns
        if is_below_title(headings) or not any(field in columns for field in WHO):
            return False
        if _has_work(headings):
            return True
        return only_people and any(field in columns for field in (*WHO[1:4], *WHERE))

    def head(cells: Sequence[Sequence[Cell]], row: int) -> Header | None:
        compared = (*COMPARED, "payee_id", *PAID, "reason")
        found = [one for one in headings_at(cells, row, words.headings) if is_one(one)]
        if not found:
            return None
        counted = {field for one in found for field in quantity_fields(one.columns)}
        return header_among(found, is_one, (*compared, *sorted(counted)))

    return head


def _has_work(headings: Headings) -> bool:
    columns = headings.columns
    return bool(quantity_fields(columns)) or any(field in columns for field in PAID)


def is_work_list(sheets: Sequence[Sheet], words: Callable[[], WorkWords]) -> bool:
    """Whether a visible sheet is headed as a list of work, and has no accounts as a roster."""
    for sheet in sheets:
        if sheet.hidden or not _may_be(sheet.cells):
            continue
        head = work_head(words(), only_people=False)
        tables = find_tables(sheet.cells, head, fewest=FEWEST_FIELDS)
        if tables and not any(ACCOUNT in table.header.columns for table in tables):
            return True
    return False


def _may_be(cells: Sequence[Sequence[Cell]]) -> bool:
    """A quick look: no where there cannot be such headings."""
    return any(
        isinstance(cell, str) and cell and len(cell) <= LONGEST and not SIGNS.isdisjoint(cell)
        for row in cells[: SEARCHED + 2]
        for cell in row
    )
