"""What is available from a day on: the lowest balance counts, not the day's own."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from ledger.budget.ceilings import BudgetLine
from ledger.budget.ceilings import Change
from ledger.budget.ceilings import lowest_fen_from
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from tests.support.office import BANK
from tests.support.office import TRAINING
from tests.support.office import Office
from tests.support.office import day

changes = st.lists(
    st.builds(
        Change,
        st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 1, 20)),
        st.integers(-1000, 1000),
        st.none(),
    )
)


@given(changes, st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 1, 20)))
def test_the_lowest_balance_is_the_least_of_every_later_day(
    moves: list[Change], start: datetime.date
) -> None:
    days = [start + datetime.timedelta(days=count) for count in range(40)]
    balances = [sum(move.amount_fen for move in moves if move.date <= day) for day in days]
    assert lowest_fen_from(moves, start) == min(balances)


def test_money_that_arrives_later_is_not_here_yet(office: Office) -> None:
    office.receive(1000, on="2020-05-08")
    office.receive(5000, on="2020-10-20")
    assert office.books().ceilings(day("2020-05-07")).funds_fen[FundCode("01")] == 0
    assert office.books().ceilings(day("2020-05-08")).funds_fen[FundCode("01")] == 1000_00
    assert office.books().ceilings(day("2020-10-20")).cash_fen == 6000_00


def test_money_that_is_spent_later_is_not_free_now(office: Office) -> None:
    office.receive(1000, on="2020-05-08")
    office.hand(f'2020-06-01 * "培训费"\n  {TRAINING}  300.00 CNY\n  {BANK}  -300.00 CNY')
    assert office.books().ceilings(day("2020-05-10")).cash_fen == 700_00
    assert office.books().ceilings(day("2020-05-10")).funds_fen[FundCode("01")] == 700_00


def test_a_cut_of_the_budget_next_month_counts_today(office: Office) -> None:
    office.rule(
        f'2020-07-01 custom "census-budget" {TRAINING} -80000.00 CNY "supplement"\n'
        '  document: "滕财预〔2020〕8号"'
    )
    line = BudgetLine(FundCode("01"), LineComponent("30216培训费"))
    assert office.books().ceilings(day("2020-05-10")).lines_fen[line] == 400_000_00


def test_a_contract_keeps_its_money_until_it_is_drawn(office: Office) -> None:
    """A commitment of 120,000: 50,000 is drawn by a linked entry and is not counted twice."""
    office.receive(1_000_000)
    office.rule(f'2020-06-01 custom "census-commitment" "C-2020-07" {TRAINING} 120000.00 CNY')
    line = BudgetLine(FundCode("01"), LineComponent("30216培训费"))
    assert office.books().ceilings(day("2020-06-01")).lines_fen[line] == 360_000_00
    office.hand(
        f'2020-07-01 * "培训费" ^C-2020-07\n  {TRAINING}  50000.00 CNY\n  {BANK}  -50000.00 CNY'
    )
    assert office.books().ceilings(day("2020-07-01")).lines_fen[line] == 360_000_00
    status = office.status()
    training = next(line for line in status["lines"] if line["code"] == "30216")
    assert training["committed"] == "70000.00"
    assert training["remaining"] == "360000.00"
