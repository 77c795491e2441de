"""People are two although money for one went by a number of the other's: somebody has looked."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from contextlib import AbstractContextManager

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.payments.paid_numbers import doubts_of
from ledger.registry.change_log import Source
from ledger.registry.distinctions import SameNumber
from ledger.services.payee_records import decision
from ledger.services.payee_records import kept_reason
from ledger.services.unit_of_work import Work


class NothingToDecide(Refusal):
    """Nobody else was sent money by a number of the payee, or it was decided already."""

    def __init__(self, payee: PayeeId) -> None:
        message = _("no money that is to be decided went for anybody else by a number of {payee}")
        super().__init__(message.format(payee=payee), payee=payee)


class NothingDecided(Refusal):
    """Nothing was decided of the payee that could be withdrawn."""

    def __init__(self, payee: PayeeId) -> None:
        message = _("it was not decided of {payee} that somebody else is another person")
        super().__init__(message.format(payee=payee), payee=payee)


def to_decide(work: Work, payees: Sequence[Payee], on: datetime.date) -> list[SameNumber]:
    """Who was sent money by the numbers of each, one at least. Raises NothingToDecide."""
    doubts = doubts_of(work.books.history, work.registry, payees, on)
    doubted = {pair.payee for pair in doubts}
    for payee in payees:
        if payee.payee_id not in doubted:
            raise NothingToDecide(payee.payee_id)
    return doubts


def decided(work: Work, payees: Sequence[Payee], on: datetime.date) -> list[SameNumber]:
    """What stands of each, said of her or of the other, one at least. Raises NothingDecided."""
    standing = sorted(work.registry.distinctions.standing(on, to_pay=True))
    for payee in payees:
        if not any(payee.payee_id in (pair.payee, pair.other) for pair in standing):
            raise NothingDecided(payee.payee_id)
    ids = {payee.payee_id for payee in payees}
    return [pair for pair in standing if not ids.isdisjoint((pair.payee, pair.other))]


def distinguish(work: Work, pairs: Sequence[SameNumber], reason: str, on: datetime.date) -> None:
    """Decide that these are two people each, so that what is owed to both is paid.

    It says nothing about another number, nor about anybody else. Raises ReasonMissing or DateAhead.
    """
    reason = kept_reason(work, reason, on)
    with _typed(work, pairs, reason, "distinguished") as source:
        work.registry.distinctions.decide(pairs, source, on=on, reason=reason)


def withdraw(work: Work, pairs: Sequence[SameNumber], reason: str, on: datetime.date) -> None:
    """Take back what was decided. Raises ReasonMissing or DateAhead."""
    reason = kept_reason(work, reason, on)
    with _typed(work, pairs, reason, "withdrawn") as source:
        work.registry.distinctions.withdraw(pairs, source, on=on, reason=reason)


def _typed(
    work: Work, pairs: Sequence[SameNumber], reason: str, verdict: str
) -> AbstractContextManager[Source]:
    """The decision as it is kept: whom it compares, and by which kind of number."""
    ids = {pair.payee for pair in pairs}
    payees = [payee for payee in work.registry.payees() if payee.payee_id in ids]
    words = ", ".join(f"{pair.payee} {pair.field} {pair.other}" for pair in pairs)
    return decision(work, "payees distinguish", payees, reason, pairs=words, verdict=verdict)
