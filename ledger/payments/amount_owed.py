"""What a person is owed in a stage: the one place where an amount is computed. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Decimal
from functools import lru_cache

from ledger.base.records import Record
from ledger.base.records import replace
from ledger.model.recorded_rates import RecordedRate
from ledger.model.rules import StageKind
from ledger.model.work_done import WorkDone
from ledger.model.work_done import is_quantity


class Owed(Record):
    """An amount before tax, and how it comes about.

    ``rate_fen`` is for everybody of a fixed stage, for each unit of ``quantity``, or what the list
    says. All but the amount is empty for a payment that is made again.
    """

    gross_fen: int
    rate_fen: int = 0
    quantity: str = ""
    deduction_fen: int = 0


NOTHING = Owed(0)


def amount_owed(rate: RecordedRate, done: WorkDone | None) -> Owed | None:
    """What is owed by a rate for the work that a list names; None where there has to be a list, and
    it names none.

    The amount can be above what the rate allows, or nothing at all: :func:`is_allowed` says so.
    """
    if done is None:
        if rate.kind is StageKind.FIXED and not rate.only_listed:
            return Owed(rate.amount_fen, rate.amount_fen)
        return None
    return _owed_for(rate, done.quantity, done.amount_fen, done.deduction_fen)


@lru_cache(maxsize=1 << 12)
def _owed_for(
    rate: RecordedRate, quantity: str, listed_fen: int, deduction_fen: int
) -> Owed | None:
    """Remembered: thousands have done as much as somebody else."""
    if rate.kind is StageKind.FIXED:
        return _less(rate.amount_fen, Owed(0, rate.amount_fen, "", deduction_fen))
    if rate.kind is StageKind.LISTED:
        return _less(listed_fen, Owed(0, listed_fen, "", deduction_fen))
    if not is_quantity(quantity):
        return None
    amount_fen = units_fen(rate, quantity)
    return _less(amount_fen, Owed(0, rate.amount_fen, quantity, deduction_fen))


def units_fen(rate: RecordedRate, quantity: str) -> int:
    """A rate times a quantity, to the fen, half a fen up, within the rate's bounds."""
    exact = Decimal(quantity) * rate.amount_fen
    # guard: half-a-fen-up
    amount_fen = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    amount_fen = max(rate.minimum_fen, amount_fen)  # guard: least-of-a-rate
    # guard: most-of-a-rate
    return amount_fen if rate.maximum_fen is None else min(rate.maximum_fen, amount_fen)


def paid_before_bounds(rate: RecordedRate, done: WorkDone | None) -> tuple[int, int | None]:
    """The least and the most that somebody can have been paid before the books: what is owed, or
    where there has to be a list and it does not name her yet, anything that the rate allows. None
    is no bound.
    """
    owed = amount_owed(rate, done)
    if owed is None:
        return 0, rate.most_fen
    return owed.gross_fen, owed.gross_fen  # guard: paid-before-no-less


def is_allowed(rate: RecordedRate, owed: Owed) -> bool:
    """Whether it is an amount at all, and not above what a list may name."""
    if owed.gross_fen <= 0 or owed.deduction_fen < 0:  # guard: something-is-left
        return False
    # guard: list-within-rate
    return rate.kind is not StageKind.LISTED or owed.rate_fen <= rate.amount_fen


def _less(amount_fen: int, owed: Owed) -> Owed:
    return replace(owed, gross_fen=amount_fen - owed.deduction_fen)
