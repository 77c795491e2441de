"""Our booking is Beancount's: the same entries with the same errors, whatever is left out."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from pathlib import Path

from beancount.core.data import Directive
from beancount.core.data import Transaction
from beancount.ops import validation
from beancount.parser import booking
from beancount.parser import parser
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from ledger.books.booking import book
from ledger.books.booking import is_even
from ledger.books.reading_back import read_back

ACCOUNTS = ("Assets:A", "Assets:B", "Expenses:C", "Income:D")
NUMBERS = ("800.00", "-800.00", "0", "-12.5", "3", "0.005", "400.00 * 2")
WHOLE = [f"{number} CNY" for number in NUMBERS]
LEFT_OUT = ["", "", "5.00", "CNY"]
OTHERS = ["7.00 USD", "2 HOOL {3.00 CNY}", "-1 HOOL {}", "2 USD @ 7.10 CNY", "2 USD @@ 14.20 CNY"]
OTHERS += ["3.00 CNY @ 0.14 USD", "3.00 CNY @ USD", "3.00 CNY {0.14 USD}", "-1.00 CNY {}"]


def transactions(amounts: list[str]) -> st.SearchStrategy[str]:
    posting = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(amounts)).map("  ".join)
    postings = st.lists(posting, max_size=4)
    return st.tuples(st.integers(1, 28), postings).map(
        lambda drawn: "\n  ".join([f'2020-01-{drawn[0]:02d} * "王建国" ""', *drawn[1]])
    )


def written_below(texts: list[str]) -> st.SearchStrategy[str]:
    """Entries with metadata and tags, some of them twice."""
    lines = st.lists(st.sampled_from(texts), max_size=5)
    heads = st.sampled_from(
        ['"王建国" "补助"', '"补助"', '"" "" #a ^b', "", '"1" "2" "3"', "#a #c"]
    )
    return st.tuples(heads, lines).map(
        lambda drawn: "\n  ".join([f"2020-01-02 * {drawn[0]}", *drawn[1]])
    )


def directives(amounts: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(
        st.one_of(
            transactions(amounts),
            st.sampled_from([
                "2020-01-01 balance Assets:A 1.00 CNY",
                '2020-01-01 open Assets:B CNY,HOOL "FIFO"',
                'option "inferred_tolerance_default" "CNY:0.01"',
            ]),
        ),
        max_size=6,
    )  # fmt: skip


def assert_booked_alike(text: str) -> None:
    entries, _errors, options = parser.parse_string(text)
    ours = copy.deepcopy(entries)
    assert book(ours, options) == booking.book(entries, options)  # type: ignore[no-untyped-call]


@given(directives(WHOLE))
def test_entries_that_state_every_amount(texts: list[str]) -> None:
    assert_booked_alike("\n\n".join(texts))


@given(directives([*WHOLE, "", ""]))
def test_entries_that_leave_an_amount_out(texts: list[str]) -> None:
    assert_booked_alike("\n\n".join(texts))


@given(directives([*WHOLE, *LEFT_OUT, *OTHERS]))
def test_entries_with_currencies_costs_and_prices(texts: list[str]) -> None:
    assert_booked_alike("\n\n".join(texts))


@given(directives([*WHOLE, *OTHERS]))
def test_what_is_even_is_balanced_to_beancount(texts: list[str]) -> None:
    entries, _errors, options = parser.parse_string("\n\n".join(texts))
    booked, _errors = booking.book(entries, options)  # type: ignore[no-untyped-call]
    even = [entry for entry in booked if is_even(entry)]
    assert validation.validate_check_transaction_balances(even, options) == []  # type: ignore[no-untyped-call]


@given(
    st.lists(
        st.one_of(
            written_below([
                *("Assets:A  800.00 CNY", "Assets:A  800 CNY", "Assets:B  -800.00 CNY"),
                *("Assets:B", 'role: "普查员"', "paid: 800.00 CNY", "#d ^e"),
            ]),
            transactions([*WHOLE, *LEFT_OUT, *OTHERS]),
            st.sampled_from(["pushtag #p", "poptag #p", 'pushmeta k: "v"', "popmeta k:", "*!"]),
        ),
        max_size=6,
    )
)  # fmt: skip
@example(['2020-01-02 * "补助"\n  role: "普查员"\n  role: "普查员"'])
def test_an_event_is_read_back_as_beancount_reads_it(texts: list[str]) -> None:
    """To the last digit of an amount, with every error."""
    content = "\n\n".join(texts)
    parsed, errors, options = parser.parse_string(content, report_filename="/event")
    booked, wrong = booking.book(parsed, options)  # type: ignore[no-untyped-call]
    found, faults = read_back(content.encode("utf-8"), Path("/event"))
    assert found == booked
    assert amounts_in(found) == amounts_in(booked)
    assert [(fault.source["lineno"], fault.message) for fault in faults] == [
        (fault.source["lineno"], fault.message) for fault in [*errors, *wrong]
    ]


def amounts_in(entries: Iterable[Directive]) -> list[str]:
    return [str(entry.postings) for entry in entries if isinstance(entry, Transaction)]


def test_what_is_alike_in_entries_is_held_once() -> None:
    entry = """2020-01-02 * "王建国" "补助" #a
  role: "普查员"
  Assets:A   800.00 CNY
  Assets:B  -800.00 CNY
"""
    (one, other), _faults = read_back(f"{entry}\n{entry}".encode(), Path("/event"))
    assert isinstance(one, Transaction)
    assert isinstance(other, Transaction)
    assert one.narration is other.narration
    assert one.tags is other.tags
    assert [id(posting.units) for posting in one.postings] == [
        id(posting.units) for posting in other.postings
    ]
    assert [id(key) for key in one.meta] == [id(key) for key in other.meta]


def test_what_is_not_even_is_left_to_beancount() -> None:
    text = """
      2020-01-01 * "王建国" "of two currencies, at a price, not balanced, and even"
        Assets:A  1.00 CNY
        Assets:B  -1.00 USD

      2020-01-02 * "王建国" ""
        Assets:A  1.00 CNY @ 0.14 USD
        Assets:B  -1.00 CNY

      2020-01-03 * "王建国" ""
        Assets:A  1.00 CNY
        Assets:B  -1.01 CNY

      2020-01-04 * "王建国" ""
        Assets:A  1.00 CNY
        Assets:B  -1.00 CNY
    """
    entries, _errors, _options = parser.parse_string(text, dedent=True)
    assert [is_even(entry) for entry in entries] == [False, False, False, True]
