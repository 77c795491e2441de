"""A line is the same line in every layout that a bank exports it in."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.matching.continuity_refusals import LineMissing
from importers.matching.continuity_refusals import LinesUnclear
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.model.bank_lines import BankLine
from tests.support.office import Office
from tests.support.statement_books import FIRST_DAY
from tests.support.statement_books import Books

KINDS = ("numbers", "times", "days")


@st.composite
def accounts(draw: st.DrawFn) -> list[BankLine]:
    """Some lines, each with a time and a number of its own."""
    moves = draw(
        st.lists(
            st.tuples(st.integers(0, 2), st.integers(-3, 3).filter(bool)), min_size=2, max_size=12
        )
    )
    day, balance, lines = FIRST_DAY, 0, []
    for number, (days, amount) in enumerate(moves):
        day += datetime.timedelta(days)
        balance += amount
        time = f"09:00:{number:02}"
        lines.append(BankLine(number + 2, day, time, amount, balance, "", "", "", str(number)))
    return lines


def exported(lines: Sequence[BankLine], kind: str) -> list[BankLine]:
    """The lines as one of the bank's layouts shows them."""
    time, serial = kind != "days", kind == "numbers"
    return [
        replace(line, time=line.time if time else "", serial=line.serial if serial else "")
        for line in lines
    ]


@given(accounts(), st.lists(st.sampled_from(KINDS), min_size=2, max_size=5), st.data())
def test_whatever_the_layouts_and_the_pages_no_line_comes_in_twice(
    lines: list[BankLine], kinds: list[str], data_: st.DataObject
) -> None:
    """A statement of which two readings fit is refused; none makes another account."""
    books, reached = Books(), 0
    for kind in kinds:
        begin = data_.draw(st.integers(0, min(reached, len(lines) - 1)))
        end = data_.draw(st.integers(begin + 1, len(lines)))
        with suppress(Refusal):
            books.take(exported(lines[begin:end], kind))
            reached = max(reached, end)
    assert books.amounts() == [line.amount_fen for line in lines[: len(books.known)]]


RISING = [
    BankLine(row, FIRST_DAY + datetime.timedelta(row // 2), f"09:00:{row:02}", 5, 5 * row, "", "",
             "", str(row))
    for row in range(1, 8)
]  # fmt: skip


@pytest.mark.parametrize("later", KINDS)
@pytest.mark.parametrize("earlier", KINDS)
def test_a_statement_in_another_layout_adds_only_what_is_new(earlier: str, later: str) -> None:
    books = Books()
    assert books.take(exported(RISING[:5], earlier)) == 5
    assert books.take(exported(RISING[1:4], later)) == 0
    assert books.take(exported(RISING[1:], later)) == 2
    assert books.take(exported(RISING, earlier)) == 0


@pytest.mark.parametrize("place", range(5))
def test_a_changed_line_does_not_pass_for_one_of_another_layout(place: int) -> None:
    """Nor with the balances after it changed too."""
    books = Books()
    books.take(exported(RISING[:5], "numbers"))
    changed = [
        replace(
            line,
            amount_fen=line.amount_fen + (number == place),
            balance_fen=(line.balance_fen or 0) + (number >= place),
        )
        for number, line in enumerate(exported(RISING, "times"))
    ]
    with pytest.raises(Refusal):
        books.take(changed)
    assert len(books.known) == 5


def test_a_line_left_out_is_missed_in_another_layout_too() -> None:
    books = Books()
    books.take(exported(RISING[:5], "numbers"))
    with pytest.raises(LineMissing, match="row 4: before this row"):
        books.take(exported(RISING[:2] + RISING[3:], "times"))


def of_one_day(*amounts: int) -> list[BankLine]:
    """Lines of one day with these amounts."""
    return [
        replace(line, date=FIRST_DAY, amount_fen=amount, balance_fen=sum(amounts[: place + 1]))
        for place, (line, amount) in enumerate(zip(RISING, amounts, strict=False))
    ]


@pytest.mark.parametrize("amounts", [(5, -5), (5, -5, 5, -5), (3, 5, -5, 5, -5)])
def test_lines_that_may_be_known_or_new_are_not_guessed(amounts: tuple[int, ...]) -> None:
    """In and out within a day: there may be more that is just like it."""
    lines = of_one_day(*amounts)
    books = Books()
    books.take(exported(lines, "numbers"))
    with pytest.raises(LinesUnclear, match=str(FIRST_DAY)):
        books.take(exported(lines[-2:], "times"))
    assert len(books.known) == len(lines)


def test_lines_that_only_go_on_are_new_within_a_day_too() -> None:
    books = Books()
    lines = of_one_day(5, -5, 5, -4)
    books.take(exported(lines[:2], "times"))
    assert books.take(exported(lines[2:], "times")) == 2


HEADINGS = ["交易时间", "记账日期", "收入金额", "支出金额", "余额", "摘要", "交易流水号"]
EVENING = [
    ["20200508 09:00:00", "20200508", "100.00", "", "100.00", "拨款", "1"],
    ["20200510 23:50:00", "20200511", "", "5.00", "95.00", "货款", "2"],
]
# Paid in the morning, and booked before what was paid late in the evening.
MORNING = [
    ["20200520 00:10:00", "20200520", "", "1.00", "94.00", "货款", "3"],
    ["20200519 23:55:00", "20200520", "", "2.00", "92.00", "货款", "4"],
]


def statement_file(path: Path, lines: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *lines])
    return path


def test_a_line_is_known_by_its_other_day(office: Office) -> None:
    """The day of payment counts in one file, that of the booking in a longer one."""
    folder = office.folder.parent
    first = statement_file(folder / "一.csv", EVENING)
    assert office.run("import", first).status == 0
    assert [line.date.day for line in office.books().history.lines.values()] == [8, 10]
    whole = statement_file(folder / "二.csv", [*EVENING, *MORNING])
    answer = office.run("import", whole, "--json")
    assert answer.status == 0, answer.err
    assert answer.json["files"][0]["entries"] == 2
    assert [line.date.day for line in office.books().history.lines.values()] == [8, 10, 20, 20]
    assert office.run("import", first).status == 0
