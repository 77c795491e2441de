"""Our booking is Beancount's: the same entries with the same errors, whatever is left out."""

from __future__ import annotations

import copy

from beancount.ops import validation
from beancount.parser import booking
from beancount.parser import parser
from hypothesis import given
from hypothesis import strategies as st

from ledger.books.booking import book
from ledger.books.booking import is_even

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
