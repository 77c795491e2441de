"""``verify`` of the foot of paper: other books, another history, a head that goes on."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from ledger.bank.reconciliation import reconciliation
from ledger.base.digests import Digest
from ledger.base.records import replace
from ledger.books.provenance import NO_PROVENANCE
from ledger.books.provenance import Provenance
from ledger.books.provenance import provenance_of
from ledger.events.event_file import Head
from ledger.model.months import read_month
from reports.batch_statement.document import statement_of
from reports.batch_statement.sheet import write_statement_sheet
from reports.documents import STATE_WORDS
from reports.monthly import document as monthly
from reports.reconciliation.document import reconciliation_bytes
from reports.reconciliation.sheet import ReconciliationSheet
from reports.reconciliation.sheet import write_reconciliation_sheet
from reports.verification.pdf.printed_provenance import PrintedProvenance
from reports.verification.pdf.printed_provenance import take_provenance
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.made_up_payments import PROVENANCE
from tests.support.made_up_payments import UNIT
from tests.support.office import APPROPRIATION
from tests.support.office import Office
from tests.support.office import day
from tests.support.reconciliations import record
from tests.support.statement_events import BankFeed
from tests.support.verified_office import FIRST
from tests.support.verified_office import SECOND
from tests.support.verified_office import TOWN
from tests.support.verified_office import WORKBOOK
from tests.support.verified_office import pages_of
from tests.support.verified_office import paper
from tests.support.verified_office import rows_of
from tests.support.verified_office import sheet_with
from tests.support.verified_office import shown
from tests.support.verified_office import tell
from tests.support.verified_office import verify
from tests.support.verified_office import workbook_with

OTHER_BOOKS = "0123 4567 89ab cdef"
Change = Callable[[Provenance], Provenance]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return tell(tmp_path_factory.mktemp("told"))


def columns(said: dict[str, Any]) -> set[str]:
    assert not said["ok"]
    return {one["column"] for one in said["differences"]}


def only(said: dict[str, Any]) -> dict[str, Any]:
    assert not said["ok"]
    (difference,) = said["differences"]
    assert isinstance(difference, dict)
    return difference


def other_books(provenance: Provenance) -> Provenance:
    return replace(provenance, fingerprint=OTHER_BOOKS)


def with_head(provenance: Provenance, seq: int, sha256: str) -> Provenance:
    return replace(provenance, head=Head(seq, Digest(sha256)))


def one_digit_off(provenance: Provenance) -> Provenance:
    assert provenance.head is not None
    digits = provenance.head.sha256
    return with_head(
        provenance, provenance.head.seq, digits[:15] + ("0" if digits[15] != "0" else "1")
    )


def the_number_before(provenance: Provenance) -> Provenance:
    """The digits are those of the newest event, and the number is not."""
    assert provenance.head is not None
    return with_head(provenance, provenance.head.seq - 1, provenance.head.sha256)


def beyond(provenance: Provenance) -> Provenance:
    assert provenance.head is not None
    return with_head(provenance, provenance.head.seq + 1, provenance.head.sha256)


def no_head(provenance: Provenance) -> Provenance:
    return replace(provenance, head=None)


ALTERED = (
    (other_books, {"账套指纹"}),
    (one_digit_off, {"链首"}),
    (the_number_before, {"链首"}),
    (beyond, {"链首"}),
    (no_head, {"链首"}),
    (lambda provenance: NO_PROVENANCE, {"账套指纹", "链首"}),
)
every_change = pytest.mark.parametrize(("change", "found"), ALTERED)


# --- reading a page


def test_what_a_page_says_is_taken_from_its_end() -> None:
    above = "对方 链首 9 · 0000 0000 0000 0000 第 1 页"
    foot = "账套指纹 a1b2 c3d4 e5f6 0718 链首 23 · 90a1 31b4 1b5f d7ec"
    said, rest = take_provenance(f"{above} {foot}")
    assert said == PrintedProvenance("a1b2c3d4e5f60718", "23·90a131b41b5fd7ec")
    assert rest.split() == above.split()
    assert take_provenance("第 1 页") == (PrintedProvenance(), "第 1 页")


# --- documents of a batch


@pytest.mark.parametrize("provenance", [Provenance(OTHER_BOOKS), NO_PROVENANCE])
def test_a_sheet_of_other_books_is_told_by_its_fingerprint(
    told: Office, tmp_path: Path, provenance: Provenance
) -> None:
    rows = rows_of(told, FIRST, TOWN)
    path = sheet_with(told, tmp_path / "x.pdf", rows, provenance=provenance)
    said = verify(told, path)
    assert columns(said) == {"账套指纹"}
    assert [one["page"] for one in said["differences"]] == [1, 2, 3]
    assert said["differences"][0]["here"] == provenance.fingerprint
    assert "账套指纹" in shown(told, path).out


def test_a_head_that_stands_on_a_payout_sheet_is_not_ours(told: Office, tmp_path: Path) -> None:
    rows = rows_of(told, FIRST, TOWN)
    path = sheet_with(told, tmp_path / "x.pdf", rows, provenance=provenance_of(told.books()))
    assert columns(verify(told, path)) == {"链首"}


def test_the_workbooks_fingerprint_is_compared_too(told: Office, tmp_path: Path) -> None:
    def change(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.worksheets[1]
        cells = [cell for row in sheet.iter_rows(max_row=3) for cell in row]
        (cell,) = [cell for cell in cells if str(cell.value).startswith("账套指纹")]
        cell.value = f"账套指纹 {OTHER_BOOKS}"

    said = verify(told, workbook_with(paper(told, WORKBOOK), tmp_path / "x.xlsx", change))
    difference = only(said)
    assert (difference["column"], difference["here"]) == ("账套指纹", OTHER_BOOKS)
    assert difference["sheet"] == "荆河街道"


# --- the batch statement


def statement(
    office: Office, path: Path, on: str = "2020-11-30", change: Change = lambda said: said
) -> Path:
    sheet = statement_of(office.books(), FIRST, day(on))
    changed = replace(sheet.heading, provenance=change(sheet.heading.provenance))
    write_statement_sheet(path, replace(sheet, heading=changed), boxes=["制表"])
    return path


@every_change
def test_a_statements_foot_is_compared(
    told: Office, tmp_path: Path, change: Change, found: set[str]
) -> None:
    assert verify(told, statement(told, tmp_path / "true.pdf"))["ok"]
    assert columns(verify(told, statement(told, tmp_path / "x.pdf", change=change))) == found


def test_a_statement_stays_true_when_events_follow_that_say_nothing_of_its_day(
    told: Office, tmp_path: Path
) -> None:
    office = told.copied(tmp_path)
    path = statement(office, tmp_path / "x.pdf", "2020-11-14")
    take_result(office, everyone(CLOSED, 4), on="2020-11-15")
    said = verify(office, path)
    assert (said["ok"], said["differences"]) == (True, [])
    assert not any("what came later changes it" in note for note in said["notes"])


def test_a_statement_with_the_head_of_another_history_is_not_true(
    told: Office, tmp_path: Path
) -> None:
    """As many events on the same days by the same operator, and every figure the same."""
    one, another = (told.copied(tmp_path / name) for name in ("one", "another"))
    take_result(one, everyone(PAID, 1, 2), on="2020-11-15")
    take_result(another, everyone(PAID, 1, 3), on="2020-11-15")
    path = statement(one, tmp_path / "x.pdf")
    assert verify(one, path)["ok"]
    difference = only(verify(another, path))
    assert difference["column"] == "链首"
    assert difference["here"].startswith("3 · ")
    assert difference["books"].startswith("3 · ")


def test_a_statement_cannot_be_older_than_its_batch(told: Office, tmp_path: Path) -> None:
    def first_event(provenance: Provenance) -> Provenance:
        line = told.events()[1].read_text(encoding="utf-8").split('previous: "')[1]
        return with_head(provenance, 0, line[:64])

    difference = only(verify(told, statement(told, tmp_path / "x.pdf", change=first_event)))
    assert (difference["column"], difference["books"]) == ("链首", "event 1 or a later one")


def test_a_statement_for_a_day_ahead_is_not_what_the_books_hold_of_it(
    told: Office, tmp_path: Path
) -> None:
    """An old head does not make the paper of an old state true for a day long after it."""
    office = told.copied(tmp_path)
    ahead = (datetime.date.today() + datetime.timedelta(days=400)).isoformat()
    path = statement(office, tmp_path / "x.pdf", ahead)
    assert verify(office, path)["ok"]
    take_result(office, everyone(CLOSED, 4), on="2020-11-15")
    said = verify(office, path)
    assert not said["ok"]
    assert said["differences"]


def test_the_pages_of_a_statement_are_of_one_head(told: Office, tmp_path: Path) -> None:
    office = told.copied(tmp_path)
    early = statement(office, tmp_path / "early.pdf", "2020-11-14")
    take_result(office, everyone(CLOSED, 4), on="2020-11-15")
    late = statement(office, tmp_path / "late.pdf", "2020-11-14")
    assert verify(office, early)["ok"]
    assert verify(office, late)["ok"]
    mixed = verify(office, pages_of((early, [1]), (late, [1]), into=tmp_path / "x.pdf"))
    assert not mixed["ok"]


# --- the monthly report


def month(office: Office, path: Path, change: Change = lambda said: said) -> Path:
    books = office.books()
    with office.registry() as registry:
        made = monthly.statement_of(books, registry, read_month("2020-11"))
    path.write_bytes(monthly.statement_bytes(books, made, change(provenance_of(books))))
    return path


@every_change
def test_a_monthly_reports_foot_is_compared(
    told: Office, tmp_path: Path, change: Change, found: set[str]
) -> None:
    assert verify(told, month(told, tmp_path / "true.pdf"))["ok"]
    # The newest event stands in the report's last part too.
    expected = found | ({"text"} if found == {"链首"} else set())
    assert columns(verify(told, month(told, tmp_path / "x.pdf", change))) == expected


def test_a_monthly_report_stays_true_when_events_of_later_days_follow(
    told: Office, tmp_path: Path
) -> None:
    office = told.copied(tmp_path)
    path = month(office, tmp_path / "x.pdf")
    take_result(office, everyone(CLOSED, 4), on="2020-12-15")
    said = verify(office, path)
    assert (said["ok"], said["matched"], said["differences"]) == (True, "bytes", [])
    # The same month again is another paper, for it is of another state of the books.
    assert month(office, tmp_path / "y.pdf").read_bytes() != path.read_bytes()
    assert verify(office, tmp_path / "y.pdf")["ok"]


def test_a_monthly_report_cannot_be_older_than_its_last_event(told: Office, tmp_path: Path) -> None:
    def before_the_last(provenance: Provenance) -> Provenance:
        line = told.events()[2].read_text(encoding="utf-8").split('previous: "')[1]
        return with_head(provenance, 1, line[:64])

    said = verify(told, month(told, tmp_path / "x.pdf", before_the_last))
    difference = only(said)
    assert (difference["column"], difference["books"]) == ("链首", "event 2 or a later one")


# --- the reconciliation


@pytest.fixture
def banked(told: Office, tmp_path: Path) -> Office:
    office = told.copied(tmp_path)
    feed = BankFeed()
    feed.move("2020-05-08", "1220000.00", APPROPRIATION, who="滕州市财政局", text="普查经费")
    feed.enter(office)
    return office


def reconciled(
    office: Office, path: Path, on: str = "2020-12-31", change: Change = lambda said: said
) -> Path:
    books = office.books()
    made = reconciliation(books, day(on))
    path.write_bytes(reconciliation_bytes(books, made, change(provenance_of(books))))
    return path


def test_a_reconciliation_is_what_the_books_hold(banked: Office, tmp_path: Path) -> None:
    answer = banked.run("report", "reconciliation", "--date", "2020-12-31", "--json").json
    said = verify(banked, banked.folder / answer["path"])
    assert (said["ok"], said["kind"], said["matched"]) == (True, "reconciliation", "bytes")
    assert (said["batch"], said["seal"], said["as_of"]) == (None, None, "2020-12-31")
    assert "bank reconciliation" in shown(banked, banked.folder / answer["path"]).out


@every_change
def test_a_reconciliations_foot_is_compared(
    banked: Office, tmp_path: Path, change: Change, found: set[str]
) -> None:
    path = reconciled(banked, tmp_path / "x.pdf", change=change)
    assert columns(verify(banked, path)) == found


def test_a_reconciliation_stays_true_when_events_of_later_days_follow(
    banked: Office, tmp_path: Path
) -> None:
    path = reconciled(banked, tmp_path / "x.pdf", "2020-11-14")
    take_result(banked, everyone(CLOSED, 4), on="2020-11-15")
    said = verify(banked, path)
    assert (said["ok"], said["notes"]) == (True, [])


def test_a_reconciliation_made_before_the_days_last_event_is_valid_and_says_so(
    banked: Office, tmp_path: Path
) -> None:
    path = reconciled(banked, tmp_path / "x.pdf", "2020-11-20")
    take_result(banked, everyone(CLOSED, 4), on="2020-11-20")
    assert banked.run("batch", "void", SECOND, "--yes", "--date", "2020-11-20").status == 0
    said = verify(banked, path)
    assert said["ok"]
    assert "what came later changes it" in said["notes"][0]


def test_a_reconciliation_with_another_figure_is_not_true(banked: Office, tmp_path: Path) -> None:
    provenance = provenance_of(banked.books())
    sheet = ReconciliationSheet(UNIT, provenance, record(), STATE_WORDS)
    write_reconciliation_sheet(tmp_path / "x.pdf", sheet, boxes=["制表"])
    said = verify(banked, tmp_path / "x.pdf")
    assert not said["ok"]
    assert any("1,000,000.00" in one["here"] for one in said["differences"])


def test_a_reconciliation_that_was_saved_again_is_not_certain(
    banked: Office, tmp_path: Path
) -> None:
    path = reconciled(banked, tmp_path / "x.pdf")
    pypdf.PdfWriter(clone_from=path).write(tmp_path / "y.pdf")
    said = verify(banked, tmp_path / "y.pdf")
    assert (said["ok"], said["differences"]) == (False, [])
    assert "make the document again" in said["problems"][0]


def test_a_reconciliation_of_other_books_is_told_by_its_foot(told: Office, tmp_path: Path) -> None:
    """Though these books have no statement of the bank to make one from."""
    sheet = ReconciliationSheet(UNIT, PROVENANCE, record(), STATE_WORDS)
    write_reconciliation_sheet(tmp_path / "x.pdf", sheet, boxes=["制表"])
    assert columns(verify(told, tmp_path / "x.pdf")) == {"账套指纹", "链首"}
    provenance = provenance_of(told.books())
    own = replace(sheet, provenance=provenance)
    write_reconciliation_sheet(tmp_path / "y.pdf", own, boxes=["制表"])
    assert "error" in told.run("verify", "--json", tmp_path / "y.pdf").json
