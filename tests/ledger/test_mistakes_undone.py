"""Each mistake is made and undone by commands: the figures are as if it had never been made."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import pytest

from importers.tables.cells import Cell
from ledger.base.records import replace
from ledger.books.books import Books
from ledger.books.provenance import NO_PROVENANCE
from ledger.figures.cumulative import sum_on
from ledger.figures.month_figures import figures_of
from ledger.model.ids import BatchId
from ledger.model.months import Month
from ledger.model.months import read_month
from ledger.registry.registry import Registry
from ledger.services.month_reports import figures_to_show
from reports.batch_statement import document as batch_document
from reports.monthly import document as monthly_document
from tests.support.auditor import audit
from tests.support.bank_account import funded_account
from tests.support.bank_account import take_statement
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import PENDING
from tests.support.bank_results import everyone
from tests.support.bank_results import release
from tests.support.bank_results import take_result
from tests.support.office import TRAINING
from tests.support.office import Office
from tests.support.office import day
from tests.support.office import made_up
from tests.support.roster_files import workbook
from tests.support.roster_imports import roster
from tests.support.roster_imports import row
from tests.support.work_lists import ITEM
from tests.support.work_lists import work_list
from tests.support.work_lists import work_row

END = "2020-12-31"
SUMS = ("budget", "received", "spent", "paid")
MONTHS = ("2020-10", "2020-11", "2020-12")
STAGES = f"""
2020-10-01 custom "census-stage" "S1" "清查摸底" "fixed"
2020-10-01 custom "census-stage" "S2" "入户登记" "per-unit" "户"
2020-10-01 custom "census-rate" "普查员" "S2" 10.00 CNY "{ITEM}"
"""
WHY = ("--reason", "弄错了")
# The words of the command that takes a mistake back, but for its day.
Undoing = Sequence[str]
NO_MISTAKE: Undoing = ()
Mistake = Callable[[Office, str], Undoing]


# What people read. The following differs, and no figure is among it: which event is the newest, and
# with it the digest of the books at a report's foot; a void batch, which stays in every list with
# those who were in it and is still to be backed up, since its number is not used again; since when
# somebody stands where she does, for who was brought back is since that day; the course of sums
# between the mistake and its undoing, which go on saying what they have said; and the list of
# imports, which says what was taken back.


def figures(office: Office) -> dict[str, Any]:
    """Status, people, work, signed lists, the reports of months and the statements of batches."""
    status = office.status(END)
    del status["backup"]
    status["batches"] = [one for one in status["batches"] if one["state"] != "void"]
    people = office.run("payees", "list", "--stage", "S1", "--json", "--date", END).json["payees"]
    for one in people:
        del one["since"]
        if one["state"] == "due":
            del one["batch"], one["amount"]
    books = office.books()
    batches = [BatchId(one["id"]) for one in status["batches"]]
    with office.registry() as registry:
        reports = {month: of_month(books, registry, read_month(month)) for month in MONTHS}
    return {
        "status": status,
        "people": people,
        "work": {code: lines for code, lines in books.history.work.items() if lines},
        "signed": {one: books.history.batches[one].attached for one in batches},
        "reports": reports,
        "statements": {one: of_batch(books, one) for one in batches},
    }


def of_month(books: Books, registry: Registry, month: Month) -> Any:
    """The report of a month; what is shown and kept of it says the same."""
    statement = monthly_document.statement_of(books, registry, month)
    said = figures_of(statement)
    assert figures_to_show(books, registry, month) == said
    said["batches"] = [one for one in said["batches"] if one["state"] != "void"]
    matters = statement.open_matters
    return (
        said,
        statement.balance,
        statement.money,
        {name: sum_on(getattr(statement.course, name), month.last) for name in SUMS},
        statement.trail,
        replace(
            matters,
            returned=replace(matters.returned, since=None),
            unknown=replace(matters.unknown, since=None),
            awaited=replace(matters.awaited, since=None),
        ),
    )


def of_batch(books: Books, batch: BatchId) -> Any:
    """The statement of a batch, but for the event that it says was the newest."""
    statement = batch_document.statement_of(books, batch, day(END))
    return replace(statement, heading=replace(statement.heading, provenance=NO_PROVENANCE))


# The mistakes, each with what takes it back.


def reversal(office: Office) -> Undoing:
    return "reverse", str(len(office.events()) - 1), *WHY


def roster_of_another_office(office: Office, on: str) -> Undoing:
    path = roster(office.folder.with_name("错.xlsx"), row(101), row(102))
    (taken,) = office.run("import", path, "--json", "--date", on).json["files"]
    assert taken["added"] == 2
    return "imports", "take-back", taken["import"], *WHY


def wrong_work(office: Office, on: str) -> Undoing:
    path = work_list(office.folder.with_name("工作量.xlsx"), work_row(1), work_row(2, 85))
    done = office.run("import", path, "--as", "workload", "--stage", "S2", "--json", "--date", on)
    assert done.json["files"][0]["people"] == 2
    return reversal(office)


def paid_before_by_nobody(office: Office, _on: str) -> Undoing:
    payee = made_up(1)
    headings: list[Cell] = ["姓名", "身份证号", "人员编号", "发放日期", "金额", "凭证号"]
    payment: list[Cell] = [payee.legal_name, payee.identity, "", "2020-10-08", 800, "记-1"]
    path = office.folder.with_name("已付.xlsx")
    path.write_bytes(workbook({"Sheet1": [["建账前已付两员补助"], headings, payment]}))
    done = office.run("import", path, "--as", "paid-before", "--stage", "S1", "--yes", "--json")
    assert done.json["files"][0]["paid"] == 1, done.err
    return reversal(office)


def prepared_too_early(office: Office, on: str) -> Undoing:
    batch = office.disburse("--stage", "S1", on=on).json["batch"]
    return "batch", "void", batch


def refused_by_the_bank(office: Office, on: str) -> Undoing:
    batch = office.disburse("--stage", "S1", "--town", "370481101", on=on).json["batch"]
    assert office.run("batch", "submit", batch, "--yes", "--date", on).status == 0
    return "batch", "void", batch, "--bank-refused", "模板不符"


def sent_to_the_bank(office: Office, on: str) -> Undoing:
    """No mistake: it is where a story begins."""
    batch = office.disburse("--stage", "S1", on=on).json["batch"]
    assert office.run("batch", "submit", batch, "--yes", "--date", on).status == 0
    return NO_MISTAKE


def everybody_was_paid(office: Office, on: str) -> Undoing:
    assert take_result(office, everyone(PAID, *range(1, 7)), on=on).status == 0
    return reversal(office)


def some_came_back(office: Office, on: str) -> Undoing:
    answers = everyone(PAID, 1, 2) | everyone(CLOSED, 3, 4) | everyone(PENDING, 5, 6)
    assert take_result(office, answers, on=on).status == 0
    return reversal(office)


def somebody_was_released(office: Office, on: str) -> Undoing:
    assert release(office, "P000003", reason="已销户后重开", on=on).status == 0
    return reversal(office)


def somebody_was_not_entitled(office: Office, on: str) -> Undoing:
    done = office.run("payees", "cancel", "P000004", "--reason", "未上岗", "--date", on, "--yes")
    assert done.status == 0, done.err
    return reversal(office)


def statement_of_another_account(office: Office, _on: str) -> Undoing:
    account = funded_account()
    account.move("2020-11-12", "-4800.00", "", "代发")
    account.move("2020-11-13", "-66.00", "某店", "货款")
    assert take_statement(office, account).status == 0
    return reversal(office)


def wrong_explanation(office: Office, _on: str) -> Undoing:
    line = office.status(END)["suspense"]["unexplained"][-1]
    assert office.run("explain", line["line"], TRAINING, "--yes").status == 0
    return reversal(office)


def scan_of_another_batch(office: Office, on: str) -> Undoing:
    path = office.folder.with_name("签字表.pdf")
    path.write_bytes(b"%PDF-1.4 signed")
    assert office.run("batch", "attach", "B2020-001", path, "--date", on).status == 0
    return reversal(office)


def month_closed_too_early(office: Office, on: str) -> Undoing:
    done = office.run("month", "close", "2020-11", "--yes", "--date", on)
    assert done.status == 0, done.err
    return "month", "reopen", "2020-11", *WHY


# A story is mistakes, one upon another, each with its day.

BEFORE_THE_BANK = {
    roster_of_another_office: "2020-10-19",
    wrong_work: "2020-10-21",
    paid_before_by_nobody: "2020-10-23",
    statement_of_another_account: "2020-11-13",
    refused_by_the_bank: "2020-11-14",
    prepared_too_early: "2020-11-16",
}
ALL_PAID = {
    sent_to_the_bank: "2020-11-11",
    statement_of_another_account: "2020-11-13",
    everybody_was_paid: "2020-11-15",
    wrong_explanation: "2020-11-15",
    scan_of_another_batch: "2020-11-17",
    month_closed_too_early: "2020-12-10",
}
SOME_RETURNED = {
    sent_to_the_bank: "2020-11-11",
    some_came_back: "2020-11-15",
    somebody_was_released: "2020-11-17",
    somebody_was_not_entitled: "2020-11-19",
    statement_of_another_account: "2020-11-21",
    wrong_explanation: "2020-11-22",
    month_closed_too_early: "2020-12-10",
}


@pytest.mark.parametrize(
    "story",
    [BEFORE_THE_BANK, ALL_PAID, SOME_RETURNED],
    ids=["before the bank", "all paid", "some returned"],
)
def test_the_books_are_as_if_it_had_never_been_made(
    funded: Office, story: Mapping[Mistake, str]
) -> None:
    """Each is undone on the next day and then made again: what was taken back can be done again,
    as it was, and the next mistake is made upon it.
    """
    funded.rule(STAGES)
    without = figures(funded)
    for mistake, on in story.items():
        next_day = str(day(on) + datetime.timedelta(1))
        undoing = mistake(funded, on)
        made = figures(funded)
        assert made != without, mistake
        if undoing:
            done = funded.run(*undoing, "--yes", "--date", next_day)
            assert done.status == 0, done.err
            assert figures(funded) == without, mistake
            assert funded.check() == [], mistake
            assert audit(funded.folder).findings == [], mistake
            mistake(funded, next_day)
            made = figures(funded)
        without = made
    assert funded.check() == []
    assert audit(funded.folder).findings == []
