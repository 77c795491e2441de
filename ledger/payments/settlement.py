"""What the bank's answers mean for the people of a batch. Pure.

An answer moves a person only along the table of transitions. What is older than what is known
changes nothing: that the bank is still at it, or the payment before a late return. Anything else
but a return said of a payment that was returned marks the return as disputed, so that the person
is not paid again before somebody has asked the bank.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from typing import NamedTuple

from ledger.base.records import Record
from ledger.model.history import Batch
from ledger.model.history import History
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.return_reasons import DUPLICATE
from ledger.model.return_reasons import PENDING
from ledger.model.transitions import State

RETURNED_LATER = "RETURNED_LATER"


class PayeeAnswer(NamedTuple):
    """The bank's answer for one person: paid, returned or unknown, with the reason's class."""

    payee: PayeeId
    outcome: State
    reason_class: str = ""
    text: str = ""


class Move(NamedTuple):
    """A answer that moves a person, and the state of the batch's payment before it."""

    answer: PayeeAnswer
    before: State


class Settlement(Record):
    """What a result does: ``moves`` are entered, and who is ``disputed``.

    ``disputed`` are returned people of whom the bank says something else; ``doubtful`` paid ones of
    whom it says what nobody understands, which moves nothing: the bank has to be asked.
    ``unchanged`` counts answers that are known already, ``superseded`` those that are older than
    what is known.
    """

    moves: tuple[Move, ...]
    disputed: tuple[PayeeId, ...]
    doubtful: tuple[PayeeId, ...]
    unchanged: int
    superseded: int

    @property
    def changes_nothing(self) -> bool:
        return not self.moves and not self.disputed

    @property
    def late_returns(self) -> int:
        return sum(move.before == State.PAID for move in self.moves)


def settle(history: History, batch: Batch, answers: Iterable[PayeeAnswer]) -> Settlement:
    """Compare the bank's answers for a batch with what is known of its payments."""
    moves: list[Move] = []
    disputed: list[PayeeId] = []
    doubtful: list[PayeeId] = []
    unchanged = superseded = 0
    for answer in answers:
        known = batch.outcomes[answer.payee]
        returned_for = batch.reasons.get(answer.payee)
        if answer.outcome == known:
            unchanged += 1
        elif _moves(known, answer.outcome):
            moves.append(Move(answer, known))
        elif _is_older(answer, returned_for):
            superseded += 1
        elif known == State.PAID:
            doubtful.append(answer.payee)
        elif _is_disputed(history, batch.stage, answer.payee):
            unchanged += 1
        else:
            disputed.append(answer.payee)  # guard: returned-then-paid
    return Settlement(tuple(moves), tuple(disputed), tuple(doubtful), unchanged, superseded)


def _moves(known: State, answer: State) -> bool:
    """Whether the table has a step from what is known to the answer."""
    steps: Mapping[State, tuple[State, ...]] = {
        State.IN_BANK: (State.PAID, State.RETURNED, State.UNKNOWN),
        State.UNKNOWN: (State.PAID, State.RETURNED),
        State.PAID: (State.RETURNED,),  # guard: older-answer
    }
    return answer in steps.get(known, ())


def _is_older(answer: PayeeAnswer, returned_for: str | None) -> bool:
    """Whether what is said of a payment that was paid or returned fits to what came after it.

    A payment that was sent back later had been made, and every one was under way before. A second
    copy of one that was made is not made again.
    """
    if answer.outcome == State.PAID:
        return returned_for == RETURNED_LATER
    if answer.reason_class == DUPLICATE:
        return returned_for is None
    return answer.reason_class == PENDING  # guard: unknown-words-not-older


def _is_disputed(history: History, stage: StageCode, payee: PayeeId) -> bool:
    """Whether it is known already, and nobody has answered for it since by a release."""
    returned = history.standings[stage][payee].returned
    # guard: contradiction-after-release
    return returned is not None and returned.disputed and payee not in history.releases_in(stage)
