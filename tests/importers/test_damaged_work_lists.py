"""Damaged lists of work: nobody is ever given work that does not stand in a row of her own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from decimal import InvalidOperation

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings

from importers.corrections.problem_workbook import write_problem_workbook
from importers.rosters.sheets import NoRows
from importers.tables.cells import Cell
from importers.workload.work_list import WorkList
from importers.workload.work_list import WorkRow
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.services.workload_import import WORKBOOK
from tests.importers.test_damaged_rosters import bare
from tests.support.damaged_rosters import Damaged
from tests.support.damaged_rosters import Page
from tests.support.damaged_work_lists import COUNTED
from tests.support.damaged_work_lists import PEOPLE
from tests.support.damaged_work_lists import damaged_work_lists
from tests.support.office import made_up
from tests.support.work_lists import read_work

LOOKS = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NUMBERS = {made_up(number).identity for number in range(PEOPLE + 1)}


def read_or_refused(damaged: Damaged) -> WorkList | None:
    """The list; None when the file was refused in one line that names it."""
    try:
        return read_work(content=damaged.content, name=damaged.name)
    except Refusal as refusal:
        assert str(refusal).startswith(damaged.name)
        assert "\n" not in str(refusal)
        assert not any(number in str(refusal) for number in NUMBERS)
        return None


def quantities(page: Page, number: int) -> Iterator[Decimal]:
    """What a row says under a heading that counts households, however it is written; or above it,
    where headings stand below the people.
    """
    row = page.meant(number - 1)
    for other in page.rows:
        for column, heading in enumerate(other):
            if str(heading).strip() in COUNTED and column < len(row):
                said = read_number(row[column])
                if said is not None:
                    yield said


def read_number(cell: Cell) -> Decimal | None:
    try:
        return Decimal(bare(cell).removesuffix("户").replace(",", ""))
    except InvalidOperation:
        return None


def check_line(page: Page, row: WorkRow) -> None:
    """The row names the person, and says the quantity under a heading of the unit."""
    assert row.payee is not None
    payee = row.payee
    cells = {bare(cell) for cell in page.meant(row.row - 1)}
    assert {payee.identity, bare(payee.legal_name), payee.payee_id} & cells, cells
    strangers = (NUMBERS & cells) - {payee.identity}
    assert not strangers
    assert Decimal(row.line.quantity) in set(quantities(page, row.row)), cells
    assert Decimal(row.line.quantity) <= 20_000
    if row.line.deduction_fen:
        assert "漏登" in "".join(cells) or len(cells) > 5


@LOOKS
@given(damaged_work_lists())
def test_nobody_is_given_work_that_is_not_hers(damaged: Damaged) -> None:
    work = read_or_refused(damaged)
    if work is None:
        return
    if damaged.kind not in ("xlsx", "xls"):
        for page in damaged.pages:
            page.merged.clear()  # A text has no merged cells.
    pages = {page.name if damaged.kind == "xlsx" else "": page for page in damaged.pages}
    for row in work.rows:
        check_line(pages[row.sheet], row)
        assert row.row - 1 not in pages[row.sheet].struck_rows or damaged.kind != "xlsx"
    taken = [payee.payee_id for payee, _row in work.people]
    assert len(taken) == len(set(taken))
    told = {(row.sheet, row.row) for row in (*work.rows, *work.quarantined)}
    told |= {(sheet, row) for sheet, row, _reason in work.skipped}
    assert len(told) == work.row_count
    noted = {note.sheet for note in work.notes}
    for name, page in pages.items():
        last = min((t.header.last for t in work.tables if t.sheet == name), default=-1)
        for number in range(len(page.rows)):
            cells = {bare(cell) for cell in page.meant(number)}
            if NUMBERS & cells and name not in noted:
                assert (name, number + 1) in told or number <= last


@LOOKS
@given(damaged_work_lists())
def test_every_problem_is_of_a_row_and_what_goes_back_is_still_wrong(damaged: Damaged) -> None:
    work = read_or_refused(damaged)
    if work is None or not work.quarantined:
        return
    refused = {(one.sheet, one.row) for one in work.problems if one.severity == "error"}
    assert refused == {(row.sheet, row.row) for row in work.quarantined}
    for one in work.problems:
        assert "\n" not in one.message()
        assert not any(number in one.message(chinese=True) for number in NUMBERS)
    content = io.BytesIO()
    write_problem_workbook(content, work, work.quarantined, work.problems, WORKBOOK)
    try:
        again = read_work(content=content.getvalue(), name="退改.xlsx")
    except NoRows:  # Of rows with nobody in them.
        nobody = {(one.sheet, one.row) for one in work.problems if one.code == "person_missing"}
        assert refused == nobody
        return
    # Whoever stood there twice, with another row that was taken for hers, is mended by that; and a
    # sheet in which nobody is named is none of people.
    mended = ("person_twice", "person_missing")
    wrong = {(one.sheet, one.row) for one in work.problems if one.code not in mended}
    alone = [row for row in work.quarantined if (row.sheet, row.row) in wrong]
    assert len(again.quarantined) >= len(alone) - len(again.skipped)
    assert replace(again, rows=()).row_count <= work.row_count
