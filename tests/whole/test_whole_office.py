"""The promises of the handbook, kept on the sample inputs at their real size."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from pathlib import Path

import pytest
from beancount import loader
from pypdf import PdfReader

from ledger.base.money import plain
from ledger.books.books import load_books
from tests.support.monthly_agreement import last_day
from tests.support.monthly_agreement import printed
from tests.support.monthly_agreement import require_as_queried
from tests.support.monthly_agreement import require_as_status
from tests.support.monthly_agreement import year_gone
from tests.support.monthly_by_query import Queries
from tests.support.office_at_work import paid_in_the_books
from tests.support.office_at_work import sums_hold
from tests.support.pdf_text import by_pdftotext
from tests.support.pdf_text import by_pypdf
from tests.support.snapshots import require_day_kept_as_loaded
from tests.support.snapshots import require_kept_as_loaded
from tests.support.snapshots import said_of
from tests.support.whole_office import MONTHS
from tests.support.whole_office import Story


@pytest.fixture(scope="module")
def story(whole_office: Story) -> Story:
    return whole_office


def test_every_row_of_every_roster_is_accounted_for(story: Story) -> None:
    files = story.rosters["files"]
    assert len(files) == 21
    for file in files:
        parts = ("added", "changed", "unchanged", "held", "quarantined", "skipped")
        assert file["rows"] == sum(file[part] for part in parts)
    defects = (story.folder / "inputs" / "planted_defects.csv").read_text(encoding="utf-8-sig")
    planted = Counter(row["code"] for row in csv.DictReader(io.StringIO(defects)))
    found = Counter(
        problem["code"]
        for file in files
        for problem in file["problems"]
        if problem["severity"] == "error"
    )
    assert found == planted
    assert sum(file["quarantined"] for file in files) == planted.total()


def test_with_the_corrected_rows_everyone_is_registered(story: Story) -> None:
    assert all(file["quarantined"] == 0 for file in story.corrected["files"])
    assert story.status["payees"]["registered"] == 8350
    assert len({payee.identity for payee in story.payees()}) == 8350


def test_with_the_advance_alone_1525_people_can_be_paid(story: Story) -> None:
    status, answer = story.preview
    assert status == 1
    assert answer["refused"] == {
        "reason": "fund",
        "needed": "6680000.00",
        "available": "1220000.00",
        "payable_payees": 1525,
    }
    assert (story.limited["payees"], story.limited["amount"]) == (1525, "1220000.00")


def test_a_second_one_refuses(story: Story) -> None:
    status, answer = story.again
    assert status == 1
    assert answer["refused"]["available"] == "0.00"
    assert answer["refused"]["payable_payees"] == 0


def test_with_all_the_money_everyone_is_in_the_bank_once(story: Story) -> None:
    people = story.status["payees"]
    assert (people["in_bank"], people["due"], people["blocked"]) == (8350, 0, 0)
    assert story.everyone["payees"] == 8350 - 1525
    assert story.status["budget"]["total"] == "9080000.00"
    assert story.status["funds"][0]["budget"] == "5800000.00"


def test_whoever_comes_back_is_corrected_or_released_and_paid_again(story: Story) -> None:
    """Results, corrections and releases; everybody is in one state after every command."""
    assert sums_hold(story.office.counts, 8350)
    first, second, news = story.office.counts[:3]
    assert (first["returned"], second["returned"], second["unknown"]) == (8, 8 + 34, 2)
    assert (news["returned"], news["unknown"]) == (44, 0)
    assert {person["class"] for person in story.waiting} == {"FROZEN", "LOST"}
    assert (story.reissued["payees"], story.reissued["amount"]) == (44, "35200.00")


def test_in_the_end_everyone_was_paid_once(story: Story) -> None:
    """By the bank's own account, by the plain entries of the books, and by the status."""
    everybody = {payee.payee_id: 1 for payee in story.payees()}
    assert story.office.paid_by_the_bank() == everybody
    assert paid_in_the_books(story.books) == everybody
    assert story.end["payees"]["paid"] == len(everybody) == 8350
    assert story.end["waiting"] == []
    assert story.office.kept_by_the_bank() == 6_680_000
    assert story.end["cash"]["in_transit"] == "0.00"
    subsidies = [line for line in story.end["lines"] if line["code"] == "30226"]
    assert sum(float(line["paid"]) for line in subsidies) == 6_680_000
    assert story.check == (0, {"ok": True, "errors": []})


def test_the_statements_of_the_year_explain_all_but_one_line(story: Story) -> None:
    """The last one begins before what was imported; everybody was paid from this account."""
    assert [file["suspense"] for file in story.statements] == [0, 0, 1]
    last = story.statements[-1]
    assert last["duplicates"] > 0 < last["entries"]
    (line,) = story.end["suspense"]["unexplained"]
    assert (line["date"], line["amount"]) == ("2020-11-19", "-3600.00")
    assert story.explained["suspense"] == {"lines": 0, "amount": "0.00", "unexplained": []}


def test_the_books_have_what_the_bank_has(story: Story) -> None:
    closing = plain(story.office.account("2020-12-31")[-1].balance_fen)
    assert story.explained["cash"] == {
        "bank": closing, "promised": "0.00", "tax_due": "0.00", "available": closing,
        "in_transit": "0.00",
    }  # fmt: skip
    assert story.statements[-1]["closing"] == closing


@pytest.fixture(scope="module")
def queries(story: Story) -> Queries:
    return Queries(story.books)


@pytest.mark.parametrize("month", MONTHS)
def test_every_month_has_its_statement(story: Story, queries: Queries, month: str) -> None:
    """Its figures are those of bean-query, and of ``status`` on the month's last day."""
    paper = printed(story.books, month)
    year, number = map(int, month.split("-"))
    expected = queries.month(year, number)
    require_as_queried(paper, expected, year_gone(month))
    status, said = story.office("status", "--date", last_day(month))
    assert status == 0
    require_as_status(said, paper)


def test_the_same_books_give_the_same_bytes(story: Story) -> None:
    first = {path.name: path.read_bytes() for path in (story.books / "reports").glob("*月报.pdf")}
    assert [name[:7] for name in sorted(first)] == MONTHS
    assert story.office("report", "month", "--all")[0] == 0
    again = {path.name: path.read_bytes() for path in (story.books / "reports").glob("*月报.pdf")}
    assert again == first


def test_bean_check_is_silent(story: Story) -> None:
    _entries, errors, _options = loader.load_file(story.books / "main.beancount")
    assert errors == []


def test_the_sheets_hold_every_name_and_add_up_to_the_batches(story: Story) -> None:
    """Each town's names, once each over all its sheets; each sheet's total in figures."""
    expected: dict[str, Counter[str]] = {}
    for payee in story.payees():
        expected.setdefault(payee.town, Counter())[payee.legal_name] += 1
    found: dict[str, Counter[str]] = {town: Counter() for town in expected}
    names = {name for town in expected.values() for name in town}
    # pypdf reads the same text, but takes a minute for 420 pages.
    read_pages = by_pdftotext if shutil.which("pdftotext") else by_pypdf
    for batch in (story.limited, story.everyone):
        sheets = [file for file in batch["files"] if file["kind"] == "payout_sheet"]
        assert sum(sheet["rows"] for sheet in sheets) == batch["payees"]
        for sheet in sheets:
            words = " ".join(read_pages(story.books / sheet["path"])).split()
            found[sheet["town"]].update(word for word in words if word in names)
            assert f"{int(float(sheet['amount'])):,}.00" in words
    assert found == expected
    assert len(found) == 21
    assert any("䶮" in name for town in found.values() for name in town)


def test_every_page_bears_the_seal_and_its_number(story: Story) -> None:
    sheet = next(file for file in story.limited["files"] if file["kind"] == "payout_sheet")
    reader = PdfReader(story.books / sheet["path"])
    seal = story.limited["seal"]
    grouped = " ".join(seal[place : place + 4] for place in range(0, 16, 4))
    for number in (1, len(reader.pages) // 2, len(reader.pages)):
        text = reader.pages[number - 1].extract_text()
        assert grouped in text
        assert f"第 {number} 页" in text


def test_what_the_year_has_come_to_is_kept(story: Story, tmp_path: Path) -> None:
    books = load_books(story.books)
    path = tmp_path / "county.snapshot"
    kept = require_kept_as_loaded(books, path)
    days = sorted({event.date for event in books.history.events})
    for day in days[::3]:
        assert said_of(kept.as_of(day))["flows"] == said_of(books.as_of(day))["flows"]
    require_day_kept_as_loaded(books, path, days[len(days) // 2])
    content = path.read_bytes() + path.with_name("county.snapshot-entries").read_bytes()
    for payee in story.payees()[::500]:
        for number in (payee.identity, payee.account, payee.phone):
            assert number.encode() not in content


def test_no_personal_number_stands_in_the_books_but_in_payouts(story: Story) -> None:
    everything = b"\n".join(
        path.read_bytes()
        for path in story.books.rglob("*")
        if path.is_file() and "payouts" not in path.relative_to(story.books).parts
    )
    digits = {word for word in everything.replace(b'"', b" ").split() if len(word) >= 11}
    for payee in story.payees():
        for secret in (payee.identity, payee.phone, payee.account):
            assert secret.encode() not in digits
    for payee in story.payees()[::97]:
        for secret in (payee.identity, payee.phone, payee.account):
            assert secret.encode() not in everything
