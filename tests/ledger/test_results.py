"""What an answer means: every state that is known against every answer that comes."""

from __future__ import annotations

import pytest

from ledger.base.digests import Digest
from ledger.model.history import Batch
from ledger.model.history import History
from ledger.model.history import Return
from ledger.model.history import Standing
from ledger.model.ids import FIRST_STAGE
from ledger.model.ids import NO_SEAL
from ledger.model.ids import BatchId
from ledger.model.ids import FundComponent
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import TownComponent
from ledger.model.transitions import TRANSITIONS
from ledger.model.transitions import EventKind
from ledger.model.transitions import State
from ledger.payments.settlement import PayeeAnswer
from ledger.payments.settlement import Settlement
from ledger.payments.settlement import settle
from tests.support.office import day

BATCH = BatchId("B2020-001")
PAYEE = PayeeId("P000001")
DIGEST = Digest("")
ANSWERS = (State.PAID, State.RETURNED, State.UNKNOWN)


def settled(
    known: State,
    answer: State,
    said: str = "",
    *,
    reason_class: str = "CLOSED",
    disputed: bool = False,
) -> Settlement:
    """What one answer does to one person of whom something is known."""
    back = Return(BATCH, day("2020-11-15"), reason_class, "", disputed)
    standing = Standing(
        known, day("2020-11-15"), BATCH, FundComponent("01本级财政"),
        TownComponent("370481001荆河街道"), LineComponent("30226劳务费"), "普查员",
        800_00, back if known == State.RETURNED else None,
    )  # fmt: skip
    batch = Batch(BATCH, day("2020-11-10"), NO_SEAL, DIGEST, "", DIGEST, None)  # type: ignore[arg-type]
    batch.outcomes[PAYEE] = known
    if known == State.RETURNED:
        batch.reasons[PAYEE] = reason_class
    history = History((), {FIRST_STAGE: {PAYEE: standing}}, {BATCH: batch}, ())
    return settle(history, batch, [PayeeAnswer(PAYEE, answer, said)])


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(
    "known", [State.IN_BANK, State.PAID, State.RETURNED, State.UNKNOWN], ids=lambda state: state
)
def test_an_answer_moves_people_along_the_table_only(known: State, answer: State) -> None:
    steps = {step for movement, step in TRANSITIONS.items() if movement.event == EventKind.RESULT}
    moves = [(move.before, move.answer.outcome) for move in settled(known, answer).moves]
    assert moves == ([(known, answer)] if (known, answer) in steps else [])


@pytest.mark.parametrize("state", ANSWERS)
def test_what_is_known_already_changes_nothing(state: State) -> None:
    found = settled(state, state)
    assert (found.changes_nothing, found.unchanged) == (True, 1)


@pytest.mark.parametrize("known", [State.PAID, State.RETURNED])
def test_pending_is_older_than_any_end(known: State) -> None:
    found = settled(known, State.UNKNOWN, "PENDING")
    assert (found.changes_nothing, found.superseded, found.doubtful) == (True, 1, ())


def test_what_nobody_understands_of_a_payment_is_asked_about() -> None:
    """冲账成功: is the money still there?"""
    paid = settled(State.PAID, State.UNKNOWN, "UNCLEAR")
    assert (paid.doubtful, paid.changes_nothing, paid.superseded) == (("P000001",), True, 0)


def test_a_second_copy_of_a_payment_is_not_made() -> None:
    paid = settled(State.PAID, State.UNKNOWN, "DUPLICATE")
    assert (paid.doubtful, paid.changes_nothing, paid.superseded) == ((), True, 1)


@pytest.mark.parametrize("said", ["UNCLEAR", "DUPLICATE"])
def test_what_leaves_a_return_open_disputes_it(said: str) -> None:
    """补发成功, 重复提交: has she been paid after all?"""
    returned = settled(State.RETURNED, State.UNKNOWN, said)
    assert (returned.disputed, returned.moves) == (("P000001",), ())
    again = settled(State.RETURNED, State.UNKNOWN, said, disputed=True)
    assert (again.changes_nothing, again.unchanged) == (True, 1)


def test_paid_and_then_returned_is_a_late_return() -> None:
    assert settled(State.PAID, State.RETURNED).late_returns == 1
    assert settled(State.IN_BANK, State.RETURNED).late_returns == 0


def test_returned_and_then_called_paid_is_disputed_once() -> None:
    first = settled(State.RETURNED, State.PAID)
    assert (first.moves, first.disputed) == ((), ("P000001",))
    again = settled(State.RETURNED, State.PAID, disputed=True)
    assert (again.changes_nothing, again.unchanged) == (True, 1)


def test_a_payment_that_came_back_later_had_been_paid() -> None:
    found = settled(State.RETURNED, State.PAID, reason_class="RETURNED_LATER")
    assert (found.changes_nothing, found.superseded) == (True, 1)
