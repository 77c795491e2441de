"""Statements that overlap: every line once, whatever is exported, and no room for another."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.matching.continuity_refusals import LineEdited
from importers.matching.continuity_refusals import LineInserted
from importers.matching.continuity_refusals import LineMissing
from importers.matching.continuity_refusals import StatementGap
from ledger.base.refusals import Refusal
from ledger.model.bank_lines import BankLine
from ledger.model.bank_lines import line_ids
from tests.support.statement_books import ACCOUNT
from tests.support.statement_books import FIRST_DAY
from tests.support.statement_books import Books


@st.composite
def accounts(draw: st.DrawFn) -> list[BankLine]:
    """Some lines, several on most days, with or without serial numbers."""
    moves = draw(
        st.lists(
            st.tuples(st.integers(0, 2), st.integers(-3, 3).filter(bool)), min_size=2, max_size=14
        )
    )
    has_serials = draw(st.booleans())
    day, balance, lines = FIRST_DAY, 0, []
    for number, (days, amount) in enumerate(moves):
        day += datetime.timedelta(days)
        balance += amount
        serial = str(number % 5) if has_serials else ""
        lines.append(BankLine(number + 2, day, "", amount, balance, "", "", "", serial))
    return lines


def of_days(lines: list[BankLine], since: datetime.date, until: datetime.date) -> list[BankLine]:
    return [line for line in lines if since <= line.date <= until]


@given(accounts(), st.data())
def test_overlapping_exports_make_the_account(lines: list[BankLine], data_: st.DataObject) -> None:
    """Each begins on or before the day on which the last one ended."""
    books, days = Books(), sorted({line.date for line in lines})
    reached = -1
    while reached < len(days) - 1:
        begin = data_.draw(st.integers(0, max(0, reached)))
        end = data_.draw(st.integers(max(0, reached), len(days) - 1))
        books.take(of_days(lines, days[begin], days[end]))
        reached = max(reached, end) if end > reached else reached + 1
        if reached > end:
            books.take(of_days(lines, days[0], days[reached]))
    assert books.amounts() == [line.amount_fen for line in lines]
    assert books.take(lines) == 0


@given(accounts(), st.data())
def test_a_changed_amount_never_gets_in(lines: list[BankLine], data_: st.DataObject) -> None:
    """Whoever changes a line changes the balances after it too; the lines known before tell."""
    books = Books()
    known = data_.draw(st.integers(1, len(lines)))
    until = lines[known - 1].date
    books.take(of_days(lines, FIRST_DAY, until))
    count = len(books.known)
    place = data_.draw(st.integers(0, count - 1))
    changed = [
        line.__class__(
            line.row, line.date, line.time,
            line.amount_fen + (number == place), (line.balance_fen or 0) + (number >= place),
            "", "", "", line.serial,
        )
        for number, line in enumerate(lines)
    ]  # fmt: skip
    before = dict(books.known)
    with pytest.raises(Refusal):
        books.take(changed)
    assert books.known == before


def line(row: int, day: int, amount: int, balance: int | None, serial: str) -> BankLine:
    date = FIRST_DAY + datetime.timedelta(day)
    return BankLine(row, date, "", amount, balance, "", "", "", serial)


@pytest.fixture
def books() -> Books:
    books = Books()
    books.take([line(2, 0, 10, 10, "1"), line(3, 1, 5, 15, "2"), line(4, 2, -3, 12, "3")])
    return books


@pytest.mark.parametrize(
    ("lines", "refusal", "words"),
    [
        ([line(2, 1, 6, 16, "2")], LineEdited, "row 2"),
        ([line(2, 1, 5, 16, "2")], LineEdited, "row 2"),
        ([line(2, 0, 10, 10, "1"), line(3, 2, -3, 12, "3")], LineMissing, "0.05"),
        ([line(2, 0, 10, 10, "1"), line(3, 1, 5, 15, "2"), line(4, 3, 1, 13, "4")],
         LineMissing, "-0.03"),
        ([line(2, 1, 5, 15, "2"), line(3, 1, 2, 17, "9"), line(4, 2, -3, 12, "3")],
         LineInserted, "row 3"),
        ([line(2, 1, 2, 14, "9")], LineInserted, "row 2"),
        ([line(2, 4, 2, 14, "4"), line(3, 5, 2, 99, "5")], None, ""),
        ([line(2, 4, 2, 15, "4")], StatementGap, "row 2"),
    ],
)  # fmt: skip
def test_what_does_not_go_on(
    books: Books, lines: list[BankLine], refusal: type[Refusal] | None, words: str
) -> None:
    if refusal is None:
        assert books.take(lines) == len(lines)
        return
    with pytest.raises(refusal, match=words):
        books.take(lines)


def test_a_line_between_known_ones_without_any_balance() -> None:
    """All are of one day: nothing but their order tells."""
    books = Books()
    books.take([line(2, 0, 10, None, "1"), line(3, 0, 5, None, "2")])
    with pytest.raises(LineInserted, match="row 3"):
        books.take([line(2, 0, 10, None, "1"), line(3, 0, 7, None, "9"), line(4, 0, 5, None, "2")])
    assert books.take([line(2, 0, 5, None, "2"), line(3, 0, 7, None, "9")]) == 1


def test_without_balances_the_order_within_a_day_counts_for_nothing() -> None:
    """A bank may sort the lines of a day by number today and by amount tomorrow."""
    first = [line(2, 0, 10, None, "1"), line(3, 1, 5, None, "2"), line(4, 1, 7, None, "3")]
    for changed in (first[1::-1] + first[2:], first[:1] + first[:0:-1]):
        books = Books()
        books.take(first)
        assert books.take(changed) == 0
        assert books.take([*changed, line(5, 2, 8, None, "4")]) == 1
        with pytest.raises(LineMissing, match=r"0\.07"):
            books.take([*first[:2], line(5, 2, 8, None, "4"), line(6, 3, 9, None, "5")])


def test_with_balances_the_order_is_the_one_that_they_prove(books: Books) -> None:
    with pytest.raises(LineMissing):
        books.take([line(3, 1, 5, 15, "2"), line(2, 0, 10, 10, "1"), line(4, 2, -3, 12, "3")])


PAGES = [line(row, row // 2, 5, 5 * row, "") for row in range(1, 8)]


@pytest.mark.parametrize("cut", range(1, len(PAGES)))
def test_a_page_goes_on_within_a_day(cut: int) -> None:
    """Some banks export so many lines at a time, with no time and no number to any of them."""
    books = Books()
    assert books.take(PAGES[:cut]) == cut
    assert books.take(PAGES[cut:]) == len(PAGES) - cut
    assert books.take(PAGES) == 0


def test_a_day_that_was_changed_is_no_next_page() -> None:
    """The day ends with what it began with, so its balances would fit behind it."""
    books = Books()
    books.take([line(2, 0, 9, 9, ""), line(3, 1, 1, 10, ""), line(4, 1, -1, 9, "")])
    with pytest.raises(LineMissing):
        books.take([line(2, 1, 2, 11, ""), line(3, 1, -2, 9, ""), line(4, 2, 1, 10, "")])


def test_lines_that_are_alike_in_all_are_told_apart_by_their_order() -> None:
    lines = [
        BankLine(2, FIRST_DAY, "09:00:00", 5, None, "", "", "", ""),
        BankLine(3, FIRST_DAY, "09:00:00", 5, None, "", "", "", ""),
    ]
    assert len(set(line_ids(ACCOUNT, lines))) == 2


def test_an_id_is_the_accounts_and_the_days() -> None:
    one = line(2, 0, 5, 5, "1")
    other_day = line(2, 1, 5, 5, "1")
    ids = {line_ids(account, [each])[0] for account in ("A", "B") for each in (one, other_day)}
    assert len(ids) == 4
