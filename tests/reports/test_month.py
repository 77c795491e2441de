"""Which months can be reported on: ``report month`` and what it says otherwise."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from ledger.model.months import Month
from ledger.model.months import NotAMonth
from ledger.model.months import read_month
from tests.support.office import TRAINING
from tests.support.office import Office

TITLE = "经费预算执行情况月报"


def report(office: Office, *arguments: str) -> str:
    answer = office.run("report", "month", *arguments)
    assert answer.status == 0, answer
    return answer.out


def made(office: Office) -> list[str]:
    return sorted(path.name for path in (office.folder / "reports").glob("*.pdf"))


@pytest.mark.parametrize("text", ["2020-11", " 2020-11 ", "2020-1"])
def test_a_month_is_a_year_and_a_number(text: str) -> None:
    month = read_month(text)
    assert (month.year, month.number) == (2020, int(text.partition("-")[2]))


@pytest.mark.parametrize(
    "text", ["", "2020", "2020-13", "2020-00", "2020-11-01", "11-2020", "二〇二〇-11", "0000-01"]
)
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(NotAMonth):
        read_month(text)


def test_a_month_knows_its_days() -> None:
    february = Month(2020, 2)
    assert (february.first, february.last) == (
        datetime.date(2020, 2, 1),
        datetime.date(2020, 2, 29),
    )
    assert (february.days_gone, february.days_of_year) == (60, 366)
    assert Month(2021, 12).days_gone == Month(2021, 12).days_of_year == 365
    assert Month(2020, 12).next() == Month(2021, 1)


def test_a_statement_has_the_name_of_its_month(funded: Office) -> None:
    said = report(funded, "2020-05")
    assert made(funded) == [f"2020-05-{TITLE}.pdf"]
    assert "4 page(s)" in said


def test_every_month_from_the_first_entry_to_the_last(funded: Office) -> None:
    funded.hand(
        f'2020-08-03 * "培训费"\n  {TRAINING}  300.00 CNY\n  Assets:1002银行存款:01滕州农商行'
    )
    report(funded, "--all")
    assert made(funded) == [f"2020-{month:02d}-{TITLE}.pdf" for month in (5, 6, 7, 8)]


def test_a_month_in_which_nothing_happened_says_so(funded: Office) -> None:
    assert "In 2020-06 no money came in, was paid or budgeted." in report(funded, "2020-06")
    assert "no money came in" not in report(funded, "2020-05")


def test_a_month_that_is_not_over_says_so(funded: Office) -> None:
    today = datetime.date.today()
    assert "is not over" in report(funded, f"{today:%Y-%m}")
    assert "is not over" not in report(funded, "2020-05")


def test_the_answer_for_programs(funded: Office) -> None:
    answer = funded.run("report", "month", "2020-05", "--json").json
    (month,) = answer["months"]
    assert len(month.pop("digest")) == 64
    assert month == {
        "month": "2020-05",
        "path": f"reports/2020-05-{TITLE}.pdf",
        "pages": 4,
        "quiet": False,
        "closed": False,
        "budget": "5800000.00",
        "received": "1220000.00",
        "paid": "0.00",
        "paid_in_month": "0.00",
        "unpaid": "0.00",
        "remaining": "5800000.00",
    }


@pytest.mark.parametrize(
    ("month", "why"),
    [
        ("2020-13", "2020-13 is no month"),
        ("2020-04", "the first entry of the books is of 2020-05-08"),
        ("9998-01", "9998-01 has not begun"),
    ],
)
def test_other_months_are_refused_and_nothing_is_written(
    funded: Office, month: str, why: str
) -> None:
    answer = funded.run("report", "month", month)
    assert answer.status == 1
    assert why in answer.err
    assert answer.err.count("\n") == 1
    assert made(funded) == []


@pytest.mark.parametrize("arguments", [["2020-05"], ["--all"]])
def test_books_without_an_entry_have_no_month(office: Office, arguments: list[str]) -> None:
    answer = office.run("report", "month", *arguments)
    assert answer.status == 1
    assert "nothing has been entered yet" in answer.err


@pytest.mark.parametrize("arguments", [[], ["2020-05", "--all"]])
def test_one_month_or_all(funded: Office, arguments: list[str]) -> None:
    answer = funded.run("report", "month", *arguments)
    assert answer.status == 2
    assert "--all" in answer.err


def test_books_with_errors_report_nothing(funded: Office) -> None:
    """But for an excess that the bank's statement has revealed: leaders have to know of it."""
    funded.hand("2020-06-01 open Assets:1002银行存款:X滕州 CNY")
    answer = funded.run("report", "month", "2020-05")
    assert answer.status == 1
    assert "census-ledger check" in answer.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_is_a_clear_line(funded: Office) -> None:
    (funded.folder / "reports").chmod(0o500)
    answer = funded.run("report", "month", "2020-05")
    assert answer.status == 1
    assert "cannot be written" in answer.err


def test_a_document_in_the_way_is_a_clear_line(funded: Office) -> None:
    in_the_way = funded.folder / "reports" / f"2020-05-{TITLE}.pdf"
    Path(in_the_way / "full").mkdir(parents=True)
    answer = funded.run("report", "month", "2020-05")
    assert answer.status == 1
    assert "cannot be written" in answer.err
