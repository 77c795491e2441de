"""People with where their money is and what they wait for."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ledger.base.language import gettext as _
from ledger.base.masks import mask_numbers
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.figures.waiting import UNKNOWN
from ledger.model.history import History
from ledger.model.history import Standing
from ledger.model.ids import PayeeId
from ledger.model.payees import Payee
from ledger.model.transitions import State
from ledger.payments.eligibility import Eligibility
from ledger.payments.eligibility import state_of
from ledger.registry.distinctions import SameNumber


class NoSuchPayee(Refusal):
    """The registry has nobody of that id."""

    def __init__(self, payee: PayeeId) -> None:
        message = _("nobody is registered as {payee}")
        super().__init__(message.format(payee=payee), payee=mask_numbers(payee))


class PayeeStatus(Record):
    """A payee; ``standing`` is None for one who was never sent money.

    ``waits`` is what keeps her from being paid: a block's reason or ``unknown``, empty where
    nothing does; ``reason_class`` the class of a return, ``doubts`` for whom money went by a number
    of hers.
    """

    payee: Payee
    state: State
    standing: Standing | None
    waits: str
    reason_class: str
    doubts: tuple[SameNumber, ...] = ()

    @property
    def since(self) -> datetime.date | None:
        return self.standing.since if self.standing else None


def list_people(
    payees: Sequence[Payee], history: History, eligibility: Eligibility, *, everybody: bool = False
) -> list[PayeeStatus]:
    """Everyone who is active or has a history, as they stand in the stage that ``eligibility`` is
    of, in the order of towns and of the registry.

    With ``everybody`` those too who have left and were never sent money.
    """
    blocked = {block.payee.payee_id: block for block in eligibility.blocked}
    people = []
    for payee in sorted(payees, key=lambda payee: (payee.town, payee.serial)):
        standing = history.standings_in(eligibility.stage).get(payee.payee_id)
        if not (payee.active or standing or everybody):
            continue
        state = state_of(payee.payee_id, history, eligibility.stage)
        block = blocked.get(payee.payee_id)
        waits = block.reason if block else UNKNOWN if state == State.UNKNOWN else ""
        people.append(
            PayeeStatus(
                payee,
                state,
                standing,
                str(waits),
                block.reason_class if block else "",
                block.doubts if block else (),
            )
        )
    return people


def find_person(people: Sequence[PayeeStatus], payee: PayeeId) -> PayeeStatus:
    """The person of that id. Raises NoSuchPayee."""
    for person in people:
        if person.payee.payee_id == payee:
            return person
    raise NoSuchPayee(payee)
