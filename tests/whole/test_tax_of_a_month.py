"""Tax in any order of batches, answers, voids, payments made again and cancellations."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import permutations

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.base.records import replace
from ledger.budget.ceilings import Change
from ledger.events.event_file import read_head
from ledger.figures.month_tax import dues_by_month
from ledger.figures.month_tax import month_tax
from ledger.figures.month_tax import taxed_months
from ledger.figures.tax_course import owed_by_line
from ledger.figures.tax_course import tax_course
from ledger.figures.tax_course import unpaid_months
from ledger.model.history import SUBSIDY_TAG
from ledger.model.transitions import State
from tests.support.acting import actor_of
from tests.support.office import Office
from tests.support.taxed_world import RULES
from tests.support.taxed_world import STAGES
from tests.support.taxed_world import TaxedWorld
from tests.support.taxed_world import tax_of

ANSWERS = (State.PAID, State.RETURNED, State.RETURNED, State.UNKNOWN)
NOBODY_PAYS = None


@pytest.fixture
def start(office: Office) -> Iterator[TaxedWorld]:
    """Two people, three stages of 800.00, 20,000.00 and 2,400.01, and enough money."""
    office.rule(RULES)
    office.receive(200_000)
    payees = (*office.register(1), *office.register(1, town="370481101"))
    head = read_head(office.folder)
    assert head is not None
    with office.registry() as registry:
        yield TaxedWorld(
            office.books(), head, registry, actor_of(office.folder, office.key), payees,
            datetime.date(2020, 11, 10),
        )  # fmt: skip


def fresh(start: TaxedWorld) -> TaxedWorld:
    return TaxedWorld(
        start.books, start.head, start.registry, start.actor, start.payees, start.today
    )


def withheld(world: TaxedWorld) -> int:
    return -sum(change.amount_fen for change in world.books.flows.tax)


def everybody(world: TaxedWorld, name: str, word: State) -> None:
    world.answer(name, dict.fromkeys(world.books.history.batches[name].outcomes, word))  # type: ignore[index]


@pytest.mark.parametrize("order", list(permutations(STAGES)), ids="-".join)
def test_in_any_order_of_stages_a_months_tax_is_that_of_its_sum(
    start: TaxedWorld, order: tuple[str, ...]
) -> None:
    world = fresh(start)
    for stage in order:
        name = world.prepare(stage)
        assert name is not None
        everybody(world, name, State.PAID)
        assert withheld(world) == world.withheld()
    assert withheld(world) == 2 * tax_of(sum(STAGES.values()))
    assert world.books.errors == []


def test_two_payments_of_one_month_and_of_two(start: TaxedWorld) -> None:
    """800 and 2,400.01: 480.00 together in one month, and 320.00 where each has a month."""
    for days, each in ((1, 480_00), (30, 320_00)):
        world = fresh(start)
        for stage in ("S1", "S3"):
            name = world.prepare(stage)
            assert name is not None
            everybody(world, name, State.PAID)
            world.today += datetime.timedelta(days)
        assert withheld(world) == 2 * each


def test_a_second_payment_waits_while_the_bank_has_not_answered_for_the_first(
    start: TaxedWorld,
) -> None:
    world = fresh(start)
    first = world.prepare("S1")
    assert first is not None
    assert world.prepare("S2") is NOBODY_PAYS
    one, other = (payee.payee_id for payee in world.payees)
    world.answer(first, {one: State.PAID})
    second = world.prepare("S2")
    assert second is not None
    assert {*world.books.history.batches[second].outcomes} == {one}  # type: ignore[index]
    world.void(first)
    assert (other, "S1") in world.incomes, "the bank has answered for somebody of it"


HAPPENINGS = (*["prepare"] * 3, *["answer"] * 3, "void", "cancel", "correct", "wait")
steps = st.lists(
    st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 15)), min_size=10, max_size=24
)


@given(steps)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_withheld_is_what_months_declare_and_nothing_is_left_when_it_is_paid(
    start: TaxedWorld, happens: list[tuple[str, int]]
) -> None:
    world = fresh(start)
    for what, choice in happens:
        batches = list(world.books.history.batches)
        back = [
            (payee, stage)
            for stage, payee, standing in world.books.history.every_standing()
            if standing.state == State.RETURNED
        ]
        if what == "prepare":
            world.prepare(list(STAGES)[choice % 3])
        elif what == "answer" and batches:
            words = (ANSWERS[choice % 4], ANSWERS[choice // 4])
            said = dict(zip((payee.payee_id for payee in world.payees), words, strict=True))
            world.answer(batches[-1 - choice % 2 % len(batches)], said)
        elif what == "void" and batches:
            world.void(batches[-1])
        elif what == "cancel" and back:
            world.cancel(*back[choice % len(back)])
        elif what == "correct" and back:
            world.correct(back[choice % len(back)][0])
        elif what == "wait":
            world.today += datetime.timedelta(3 * choice)
        holds(world)


def holds(world: TaxedWorld) -> None:
    """The account, the declarations and what is still to be paid say what is known here."""
    history, flows = world.books.history, world.books.flows
    assert world.books.errors == []
    assert withheld(world) == world.withheld()
    months = taxed_months(history)
    dues = {str(month): month_tax(history, month).due_fen for month in months}
    assert dues == {month: world.declared(month) for month in dues}
    all_at_once = {str(month): due_fen for month, due_fen in dues_by_month(history).items()}
    assert {month: fen for month, fen in all_at_once.items() if fen} == {
        month: fen for month, fen in dues.items() if fen
    }
    assert sum(dues.values()) == withheld(world)
    assert sum(owed_by_line(tax_course(history, flows)).values()) == withheld(world)
    paid = []
    for month, due_fen in unpaid_months(history, flows):
        entry = next(change.entry for change in flows.bank if change.entry)
        assert SUBSIDY_TAG not in entry.tags
        paid.append(Change(month.next().first, due_fen, entry))
    after = replace(flows, tax=[*flows.tax, *paid])
    assert unpaid_months(history, after) == []
    if min(dues.values(), default=0) >= 0:
        assert sum(change.amount_fen for change in after.tax) == 0
        assert not any(owed_by_line(tax_course(history, after)).values())
