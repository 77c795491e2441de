"""``verify`` of a monthly report: true as long as the books would make the same one."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest

from ledger.books.provenance import provenance_of
from ledger.model.months import Month
from reports.monthly.document import statement_of
from reports.monthly.sheet import write_monthly_sheet
from reports.verification.pdf.monthly_documents import month_of_text
from tests.support.bank_results import CLOSED
from tests.support.bank_results import PAID
from tests.support.bank_results import everyone
from tests.support.bank_results import take_result
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Answer
from tests.support.office import Office
from tests.support.office import new_office

SPENT = '{day} * "某某宾馆" "培训"\n  ' + TRAINING + "  812.34 CNY\n  " + BANK + "\n"


@pytest.fixture
def statement(funded: Office) -> Path:
    """Of November, when two were paid and one came back; kept where the leaders keep theirs."""
    funded.disburse(on="2020-11-10")
    take_result(funded, {**everyone(PAID, 1, 2), **everyone(CLOSED, 3)}, on="2020-11-20")
    assert funded.run("report", "month", "2020-11").status == 0
    (made,) = (funded.folder / "reports").glob("*.pdf")
    return made.rename(funded.folder.with_name("月报.pdf"))


def verified(office: Office, path: Path) -> Answer:
    return office.run("verify", path, "--json")


def test_a_statement_is_what_the_books_hold(funded: Office, statement: Path) -> None:
    answer = verified(funded, statement)
    assert answer.status == 0
    said = answer.json
    assert (said["ok"], said["batch"], said["seal"], said["differences"]) == (True, None, None, [])
    assert (said["kind"], said["month"], said["matched"]) == (
        "monthly_report", "2020-11", "bytes",
    )  # fmt: skip
    words = funded.run("verify", statement).out
    assert words.startswith("True: 月报.pdf is what the books hold.")
    assert "Document: monthly report" in words
    assert "saved again" not in words


def test_what_is_entered_for_later_days_leaves_it_true(funded: Office, statement: Path) -> None:
    funded.hand(SPENT.format(day="2020-12-01"))
    assert verified(funded, statement).status == 0


def test_what_is_entered_into_the_month_makes_it_untrue(funded: Office, statement: Path) -> None:
    """The page and both figures are named."""
    funded.hand(SPENT.format(day="2020-11-30"))
    answer = verified(funded, statement)
    assert answer.status == 1
    found = answer.json["differences"]
    assert {one["page"] for one in found} == {1, 2, 3, 4}
    of_first = [one for one in found if one["page"] == 1]
    assert any("1,600.00" in one["here"] and "2,412.34" in one["books"] for one in of_first), (
        of_first
    )
    assert "NOT true: 月报.pdf" in funded.run("verify", statement).out


def test_a_statement_that_was_saved_again_is_not_certain(funded: Office, statement: Path) -> None:
    """Its words are the same, but nobody can say so of what it draws."""
    writer = pypdf.PdfWriter(clone_from=statement)
    writer.write(statement.with_name("另存.pdf"))
    answer = verified(funded, statement.with_name("另存.pdf"))
    assert answer.status == 1
    assert (answer.json["ok"], answer.json["differences"]) == (False, [])
    (problem,) = answer.json["problems"]
    assert "make the document again" in problem


def test_a_page_that_is_missing_is_named(funded: Office, statement: Path) -> None:
    writer = pypdf.PdfWriter()
    for page in pypdf.PdfReader(statement).pages[:2]:
        writer.add_page(page)
    writer.write(statement.with_name("少页.pdf"))
    answer = verified(funded, statement.with_name("少页.pdf"))
    assert answer.status == 1
    (difference,) = answer.json["differences"]
    assert (difference["column"], difference["here"], difference["books"]) == ("pages", "2", "4")


def test_a_statement_of_other_books_is_not_theirs(
    funded: Office, statement: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = new_office(tmp_path / "other", capsys)
    other.receive(5_000)
    empty = new_office(tmp_path / "empty", capsys)
    for office in (other, empty):
        answer = verified(office, statement)
        assert answer.status == 1
        columns = {one["column"] for one in answer.json["differences"]}
        assert columns == {"账套指纹", "链首"}


def test_a_month_of_which_the_books_have_nothing_is_refused(
    funded: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A paper that says it is of these books, and of a month that is not over for them."""
    office = new_office(tmp_path / "empty", capsys)
    other = provenance_of(office.books())
    with funded.registry() as registry:
        statement = statement_of(funded.books(), registry, Month(2020, 11))
    path = tmp_path / "月报.pdf"
    write_monthly_sheet(path, statement, project="2020年11月", boxes=(), provenance=other)
    assert "nothing has been entered yet" in verified(office, path).json["error"]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("经费预算执行情况月报报告月份：2020年11月", Month(2020, 11)),
        ("经费预算执行情况月报报告月份：2020年13月", None),
        ("经费预算执行情况月报报告月份：0000年1月", None),
        ("经费预算执行情况月报", None),
        ("发放表报告月份：2020年11月", None),
    ],
)
def test_which_month_a_text_is_the_statement_of(text: str, month: Month | None) -> None:
    assert month_of_text(text) == month
