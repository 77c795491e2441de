"""Who may be paid on a day, who waits and why, and to whom nothing is owed."""

from __future__ import annotations

import pytest
from beancount.core import data

from ledger.base.digests import Digest
from ledger.base.records import replace
from ledger.model.history import Batch
from ledger.model.history import History
from ledger.model.history import Income
from ledger.model.history import Standing
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import NO_SEAL
from ledger.model.ids import BatchId
from ledger.model.ids import FundComponent
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import TownComponent
from ledger.model.payees import Payee
from ledger.model.rules import Rate
from ledger.model.rules import Rules
from ledger.model.rules import Stage
from ledger.model.rules import StageKind
from ledger.model.rules import TaxClass
from ledger.model.rules import TaxRule
from ledger.model.transitions import State
from ledger.model.work_done import WorkDone
from ledger.payments.eligibility import Block
from ledger.payments.eligibility import Eligibility
from ledger.payments.eligibility import judge_eligibility
from ledger.payments.withholding import TaxDoubt
from ledger.payments.withholding import withheld_of
from ledger.registry.distinctions import SameNumber
from tests.support.office import day
from tests.support.office import made_up

ON = day("2020-11-10")
RATE = Rate(day("2020-01-10"), "普查员", 800_00, "30226劳务费:01两员补助")
RULES = Rules(rates=(RATE,))


def person(number: int = 1) -> Payee:
    return replace(made_up(number), serial=number)


def eligibility(
    *payees: Payee,
    rules: Rules = RULES,
    work: WorkDone | None = None,
    doubts: tuple[SameNumber, ...] = (),
    **standings: Standing,
) -> Eligibility:
    history = History(
        (), {FIRST_STAGE: {PayeeId(one): where for one, where in standings.items()}}, {}, (),
        work={FIRST_STAGE: {payee.payee_id: work for payee in payees}} if work else {},
    )  # fmt: skip
    return judge_eligibility(
        payees, history, rules, ON, returned_rows={}, unsendable=lambda _payee, _fen: None,
        doubts=lambda _payee: doubts,
    )  # fmt: skip


def standing(state: State, since: str = "2020-11-01") -> Standing:
    return Standing(
        state, day(since), BatchId("B2020-001"), FundComponent("01本级财政"),
        TownComponent("370481001荆河街道"), LineComponent("30226劳务费"), "普查员", 800_00,
    )  # fmt: skip


def test_whoever_is_due_is_owed_the_rate_of_her_role() -> None:
    (due,) = eligibility(person()).eligible
    assert (due.payee.payee_id, due.amount_fen) == ("P000001", 800_00)


@pytest.mark.parametrize("state", [State.PAID, State.IN_BANK, State.UNKNOWN])
def test_nothing_is_owed_to_whoever_was_paid_or_may_be_being_paid(state: State) -> None:
    found = eligibility(person(), P000001=standing(state))
    assert (found.eligible, found.blocked, found.settled) == ((), (), {state.value: 1})


def test_a_returned_payment_waits_until_it_is_corrected() -> None:
    found = eligibility(person(), P000001=standing(State.RETURNED))
    assert found.eligible == ()
    assert [blocked.reason for blocked in found.blocked] == [Block.RETURNED]


def test_a_voided_payment_is_due_again_but_not_before_the_void() -> None:
    assert eligibility(person(), P000001=standing(State.DUE)).eligible
    later = eligibility(person(), P000001=standing(State.DUE, since="2020-11-11"))
    assert [blocked.reason for blocked in later.blocked] == [Block.LATER_EVENT]


def test_whoever_has_left_is_not_paid() -> None:
    found = eligibility(replace(person(), active=False))
    assert (found.eligible, found.settled) == ((), {"inactive": 1})


def test_a_role_without_a_rate_on_the_day_waits() -> None:
    found = eligibility(replace(person(), role="普查指导员"))
    assert [blocked.reason for blocked in found.blocked] == [Block.NO_RATE]


def test_above_800_income_tax_has_to_be_withheld() -> None:
    rates = (replace(RATE, amount_fen=800_03),)
    found = eligibility(person(), rules=Rules(rates=rates))
    assert [blocked.reason for blocked in found.blocked] == [TaxDoubt.NO_CLASS]
    taxes = (TaxRule(RATE.date, RATE.role, TaxClass.LABOUR),)
    (due,) = eligibility(person(), rules=Rules(rates=rates, taxes=taxes)).eligible
    assert (due.amount_fen, due.tax_fen, due.gross_fen) == (800_02, 1, 800_03)


def test_nobody_is_paid_on_a_day_that_no_table_of_the_tax_is_known_for() -> None:
    who, long_ago = PayeeId("P000001"), day("2018-12-31")
    assert withheld_of(who, 1, long_ago, TaxClass.LABOUR, [], {}) == (0, TaxDoubt.NO_TABLE)
    assert withheld_of(who, 1, long_ago, TaxClass.WAGES, [], {}) == (0, None)


def test_the_tax_of_a_payment_that_hangs_on_an_unanswered_one_waits() -> None:
    """800.00 each in one month: of the second 160.00, but only once the first is there to stay."""

    def tax(now_fen: int, outcome: State, of: str = "2020-11-01") -> tuple[int, TaxDoubt | None]:
        batch = Batch(
            BatchId("B2020-001"), day(of), NO_SEAL, Digest(""), "", Digest(""),
            data.Custom({}, day(of), "census-event", []), outcomes={PayeeId("P000001"): outcome},
        )  # fmt: skip
        earlier = Income(
            batch.id, batch.date, 800_00, 0, TaxClass.LABOUR, FundComponent("01本级财政"),
            LineComponent("30226劳务费"), TownComponent("370481001荆河街道"), FIRST_STAGE,
        )  # fmt: skip
        return withheld_of(
            PayeeId("P000001"), now_fen, ON, TaxClass.LABOUR, [earlier], {batch.id: batch}
        )

    assert tax(800_00, State.PAID) == (160_00, None)
    assert tax(800_00, State.RETURNED) == (160_00, None)
    for outcome in (State.IN_BANK, State.UNKNOWN):
        assert tax(800_00, outcome) == (0, TaxDoubt.AWAITS)
        assert tax(800_00, outcome, of="2020-10-31") == (0, None)


@pytest.mark.parametrize("kind", [StageKind.PER_UNIT, StageKind.LISTED])
def test_without_a_list_of_work_nobody_is_paid_by_it(kind: StageKind) -> None:
    stage = Stage(RATE.date, FIRST_STAGE, "入户登记", kind, "户")
    by_work = Rules(rates=(RATE,), named_stages=(stage,))
    of_a_list = Rules(rates=(replace(RATE, listed=True),))
    for rules in (by_work, of_a_list):
        found = eligibility(person(), rules=rules)
        assert [blocked.reason for blocked in found.blocked] == [Block.NOT_LISTED]


def test_a_doubt_about_whom_the_stage_owes_nothing_makes_nobody_wait_for_money() -> None:
    """But who has the number is still to be decided."""
    doubt = SameNumber(PayeeId("P000001"), "account", PayeeId("P000002"), Digest("0" * 64))
    assert eligibility(person(), doubts=(doubt,)).blocked[0].reason == "account_paid"
    found = eligibility(person(), rules=Rules(rates=(replace(RATE, listed=True),)), doubts=(doubt,))
    assert found.owed_nothing_ids == {"P000001"}
    assert found.doubts == [doubt]


def test_what_a_list_comes_to_is_paid_within_the_rate() -> None:
    stage = Stage(RATE.date, FIRST_STAGE, "验收补差", StageKind.LISTED)
    rules = Rules(rates=(replace(RATE, amount_fen=300_00),), named_stages=(stage,))
    (due,) = eligibility(person(), rules=rules, work=WorkDone("", 300_00, 20_00)).eligible
    assert (due.amount_fen, due.owed.rate_fen, due.owed.deduction_fen) == (280_00, 300_00, 20_00)
    for work in (WorkDone("", 300_01), WorkDone("", 20_00, 20_00)):
        found = eligibility(person(), rules=rules, work=work)
        assert [blocked.reason for blocked in found.blocked] == [Block.NOT_ALLOWED]


def test_a_post_is_taken_by_whoever_was_paid_for_it_and_free_after_a_void() -> None:
    first, second = person(1), replace(person(2), block=person(1).block)
    taken = eligibility(first, second, P000001=standing(State.PAID))
    assert [blocked.reason for blocked in taken.blocked] == [Block.POST_PAID]
    void = eligibility(second, first, P000001=standing(State.DUE))
    assert [due.payee for due in void.eligible] == [first]


def test_people_are_taken_in_the_order_of_towns_and_roster() -> None:
    late, early = replace(made_up(1, "370481116"), serial=1), replace(made_up(2), serial=2)
    assert [due.payee for due in eligibility(late, early).eligible] == [early, late]
