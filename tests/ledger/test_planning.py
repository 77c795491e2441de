"""Who is paid from what: whole people, in order, within every ceiling."""

from __future__ import annotations

import datetime
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.base.records import replace
from ledger.budget.ceilings import BudgetLine
from ledger.budget.ceilings import Ceilings
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.rules import Fund
from ledger.model.rules import Rules
from ledger.payments.allocation import CannotPay
from ledger.payments.allocation import Ceiling
from ledger.payments.allocation import allocate
from ledger.payments.allocation import plan_batch
from ledger.payments.eligibility import DuePayment
from ledger.payments.eligibility import Eligibility
from tests.support.office import made_up

BEGINNING = datetime.date(2020, 1, 1)
LINE = LineComponent("30226劳务费")
FIRST, SECOND = FundCode("01"), FundCode("02")
FUNDS = (
    Fund(BEGINNING, FIRST, "本级财政", "Income:4001:01本级财政", "Expenses:5001:01本级财政"),
    Fund(BEGINNING, SECOND, "上级补助", "Income:4601:02上级补助", "Expenses:5001:02上级补助"),
)
RULES = Rules(funds=FUNDS)


def due(number: int, amount_fen: int = 800_00) -> DuePayment:
    return DuePayment(made_up(number), amount_fen, LINE)


def eligibility(*amounts_fen: int) -> Eligibility:
    eligible = tuple(due(number, fen) for number, fen in enumerate(amounts_fen, start=1))
    return Eligibility(eligible, (), {})


def ceilings(line1: int, fund1: int, line2: int, fund2: int, cash: int) -> Ceilings:
    return Ceilings(
        {BudgetLine(FIRST, LINE): line1, BudgetLine(SECOND, LINE): line2},
        {FIRST: fund1, SECOND: fund2},
        cash,
    )


amounts = st.integers(-5_000_00, 20_000_00)
some_ceilings = st.builds(ceilings, amounts, amounts, amounts, amounts, amounts)
some_claims = st.lists(st.integers(1, 800_00), max_size=40)


def test_tax_takes_as_much_of_every_ceiling_as_what_the_bank_carries() -> None:
    """Of 2,400.00 somebody is sent 2,080.00, and 320.00 is the tax office's."""
    taxed = replace(due(1, 2_080_00), tax_fen=320_00)
    for short in range(3):
        room = [2_400_00 - (short == at) for at in range(3)]
        assert not allocate([taxed], FUNDS[:1], ceilings(room[0], room[1], 0, 0, room[2]))
    enough = ceilings(2_400_00, 2_400_00, 0, 0, 2_400_00)
    assert [charge.due for charge in allocate([taxed], FUNDS[:1], enough)] == [taxed]


@given(some_claims, some_ceilings)
def test_no_ceiling_is_ever_exceeded(wanted: list[int], room: Ceilings) -> None:
    used: Counter[str] = Counter()
    for charge in allocate(eligibility(*wanted).eligible, FUNDS, room):
        used[charge.fund.code] += charge.due.amount_fen
        used["cash"] += charge.due.amount_fen
    for code in (FIRST, SECOND):
        ceiling = min(room.funds_fen[code], room.lines_fen[BudgetLine(code, LINE)])
        assert used[code] <= max(0, ceiling)
    assert used["cash"] <= max(0, room.cash_fen)


@given(some_claims, some_ceilings)
def test_whoever_is_left_out_fits_nowhere(wanted: list[int], room: Ceilings) -> None:
    """To the last yuan: nobody waits while one fund still has her whole rate."""
    eligible = eligibility(*wanted).eligible
    charges = allocate(eligible, FUNDS, room)
    left = {
        code: min(room.funds_fen[code], room.lines_fen[BudgetLine(code, LINE)])
        for code in (FIRST, SECOND)
    }
    cash = room.cash_fen
    for charge in charges:
        left[charge.fund.code] -= charge.due.amount_fen
        cash -= charge.due.amount_fen
    paid = {charge.due.payee.identity for charge in charges}
    for waiting in eligible:
        if waiting.payee.identity not in paid:
            assert waiting.amount_fen > min(max(left.values()), cash)


@given(some_claims, some_ceilings)
def test_a_plan_pays_everyone_or_says_how_many_it_could(wanted: list[int], room: Ceilings) -> None:
    everyone = eligibility(*wanted)
    try:
        plan = plan_batch(everyone, RULES, room)
    except CannotPay as refusal:
        assert refusal.needed_fen == sum(wanted)
        assert refusal.payable_payees == len(allocate(everyone.eligible, FUNDS, room))
        assert refusal.payable_payees < len(wanted) or not wanted
    else:
        assert [charge.due for charge in plan.charges] == list(everyone.eligible)
        assert plan.amount_fen == sum(wanted)


@pytest.mark.parametrize(
    ("room", "reason", "available"),
    [
        (ceilings(1600_00, 9999_00, 0, 0, 9999_00), Ceiling.LINE, 1600_00),
        (ceilings(9999_00, 1600_00, 0, 0, 9999_00), Ceiling.FUND, 1600_00),
        (ceilings(9999_00, 9999_00, 0, 0, 1600_00), Ceiling.CASH, 1600_00),
        (ceilings(9999_00, 1600_00, 0, 0, 1600_00), Ceiling.FUND, 1600_00),
        (ceilings(800_00, 9999_00, 800_00, 9999_00, 9999_00), Ceiling.LINE, 1600_00),
        (ceilings(9999_00, -100_00, 9999_00, 0, 9999_00), Ceiling.FUND, 0),
    ],
)
def test_a_refusal_names_the_ceiling_that_binds(
    room: Ceilings, reason: Ceiling, available: int
) -> None:
    with pytest.raises(CannotPay) as refusal:
        plan_batch(eligibility(800_00, 800_00, 800_00), RULES, room)
    assert refusal.value.reason == reason
    assert refusal.value.needed_fen == 2400_00
    assert refusal.value.available_fen == available
    assert refusal.value.payable_payees == available // 800_00


def test_a_person_is_charged_wholly_to_one_fund() -> None:
    """Fund 01 has 400 left: nobody is split, and the next person goes to fund 02."""
    plan = plan_batch(
        eligibility(800_00, 800_00), RULES, ceilings(1200_00, 1200_00, 900_00, 900_00, 9999_00)
    )
    assert [charge.fund.code for charge in plan.charges] == ["01", "02"]


def test_limited_to_the_funds_it_pays_the_first_in_the_roster() -> None:
    room = ceilings(1700_00, 1700_00, 0, 0, 1700_00)
    plan = plan_batch(eligibility(800_00, 800_00, 800_00), RULES, room, limit_to_funds=True)
    assert [charge.due.payee.identity for charge in plan.charges] == [
        made_up(1).identity,
        made_up(2).identity,
    ]


def test_limited_to_one_fund_the_other_is_not_touched() -> None:
    room = ceilings(9999_00, 9999_00, 900_00, 900_00, 9999_00)
    plan = plan_batch(
        eligibility(800_00, 800_00), RULES, room, fund_code=SECOND, limit_to_funds=True
    )
    assert [charge.fund.code for charge in plan.charges] == ["02"]


def test_nobody_due_is_a_refusal_of_its_own() -> None:
    with pytest.raises(CannotPay) as refusal:
        plan_batch(eligibility(), RULES, ceilings(1, 1, 1, 1, 1), limit_to_funds=True)
    assert refusal.value.reason == Ceiling.NOTHING_DUE
