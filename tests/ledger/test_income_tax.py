"""Income tax on 劳务报酬: one person's month is one sum, by dated tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import ROUND_HALF_UP
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.money import fen
from ledger.base.money import yuan
from ledger.budget.income_tax import DATA
from ledger.budget.income_tax import TaxTable
from ledger.budget.income_tax import table_on
from tests.support.office import day

AMOUNTS = st.integers(1, 200_000_00)


def table() -> TaxTable:
    found = table_on(day("2026-12-10"))
    assert found is not None
    return found


def withheld_of(payments_fen: Sequence[int]) -> list[int]:
    """What is withheld of each of one person's payments in one month."""
    income_fen = withheld_fen = 0
    each = []
    for now_fen in payments_fen:
        each.append(table().withheld_now_fen(income_fen, withheld_fen, now_fen))
        income_fen += now_fen
        withheld_fen += each[-1]
    return each


def by_the_articles(income: Decimal) -> Decimal:
    """The same tax, written down a second time from the text of the rules."""
    taxable = income - 800 if income <= 4000 else income * Decimal("0.8")
    if taxable <= 0:
        tax = Decimal(0)
    elif taxable <= 20_000:
        tax = taxable * Decimal("0.2")
    elif taxable <= 50_000:
        tax = taxable * Decimal("0.3") - 2_000
    else:
        tax = taxable * Decimal("0.4") - 7_000
    return tax.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("payments", "withheld"),
    [
        (["800"], ["0"]),
        (["800.01"], ["0"]),
        (["800.03"], ["0.01"]),
        (["800", "800"], ["0", "160"]),
        (["2400"], ["320"]),
        (["4000"], ["640"]),
        (["4000.01"], ["640.00"]),
        (["20000"], ["3200"]),
        (["20000", "20000"], ["3200", "4400"]),
        (["25000"], ["4000"]),
        (["62500"], ["13000"]),
        (["100000"], ["25000"]),
    ],
)
def test_what_is_withheld_of_the_payments_of_one_month(
    payments: list[str], withheld: list[str]
) -> None:
    of_each = withheld_of([fen(Decimal(one)) for one in payments])
    assert of_each == [fen(Decimal(one)) for one in withheld]


def test_two_months_are_two_sums() -> None:
    assert [withheld_of([20_000_00]), withheld_of([20_000_00])] == [[3_200_00], [3_200_00]]


@given(AMOUNTS)
def test_the_tax_is_what_the_articles_say_to_the_fen(income_fen: int) -> None:
    assert yuan(table().tax_fen(income_fen)) == by_the_articles(yuan(income_fen))


@given(AMOUNTS, AMOUNTS)
def test_more_income_is_never_less_tax_and_always_more_money(one_fen: int, more_fen: int) -> None:
    tax_fen, of_both_fen = table().tax_fen(one_fen), table().tax_fen(one_fen + more_fen)
    assert 0 <= of_both_fen - tax_fen <= more_fen


@given(st.lists(AMOUNTS, min_size=1, max_size=4))
def test_in_any_order_the_payments_of_a_month_have_the_tax_of_their_sum(
    payments_fen: list[int],
) -> None:
    due_fen = table().tax_fen(sum(payments_fen))
    for some in permutations(payments_fen):
        of_each = withheld_of(some)
        assert sum(of_each) == due_fen
        assert all(0 <= tax_fen <= now_fen for tax_fen, now_fen in zip(of_each, some, strict=True))


@given(st.lists(AMOUNTS, max_size=3), AMOUNTS)
def test_what_was_withheld_too_much_is_never_given_back_by_a_payment(
    taken_back_fen: list[int], now_fen: int
) -> None:
    """Payments that were cancelled leave what was withheld of those after them."""
    withheld_fen = sum(withheld_of(taken_back_fen))
    now = table().withheld_now_fen(0, withheld_fen, now_fen)
    assert now == max(0, table().tax_fen(now_fen) - withheld_fen)


def test_each_table_says_where_it_stands_and_from_when_on_it_is_in_force() -> None:
    said = json.loads(DATA.read_text(encoding="utf-8"))
    assert all(one["source"] and one["article"] and one["one_sum"] for one in said["tables"])
    assert table_on(day("2018-12-31")) is None
    assert table_on(day("2019-01-01")) is table()
