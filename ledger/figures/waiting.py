"""Who waits for what: everyone who is owed something that the next ``disburse`` will not pay.

The bank's silence is not a wait of this kind: a batch shows how many are awaited.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from ledger.base.records import Record
from ledger.model.history import History
from ledger.model.history import payees_in
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.ids import StageCode
from ledger.model.payees import Countable
from ledger.model.transitions import State
from ledger.payments.eligibility import OWED_NOTHING
from ledger.payments.eligibility import Eligibility

UNKNOWN = State.UNKNOWN.value


class Waiting(Record):
    """People who wait for the same thing: a block's reason, or ``unknown`` for the bank's word.

    ``reason_class`` is the class of a return; ``oldest`` the day since which the first waits,
    None for people who were never sent.
    """

    stage: StageCode
    reason: str
    reason_class: str
    payees: tuple[PayeeId, ...]
    oldest: datetime.date | None


def who_waits(
    payees: Iterable[Countable], eligibility: Eligibility, history: History
) -> list[Waiting]:
    """Everyone who waits in the stage that ``eligibility`` is of, by what for."""
    groups: dict[tuple[str, str], list[tuple[PayeeId, datetime.date | None]]] = {}
    for blocked in eligibility.blocked:
        if blocked.reason in OWED_NOTHING:
            continue
        key = (str(blocked.reason), blocked.reason_class)
        groups.setdefault(key, []).append((blocked.payee.payee_id, blocked.since))
    standings = history.standings_in(eligibility.stage)
    unknown = {payee for payee, one in standings.items() if one.state == State.UNKNOWN}
    for payee in payees if unknown else ():
        if payee.payee_id in unknown:
            since = standings[payee.payee_id].since
            groups.setdefault((UNKNOWN, ""), []).append((payee.payee_id, since))
    return [
        Waiting(
            eligibility.stage,
            reason,
            reason_class,
            tuple(payee for payee, _since in people),
            min((since for _payee, since in people if since), default=None),
        )
        for (reason, reason_class), people in sorted(groups.items())
    ]


def asked_about(history: History, stage: StageCode) -> dict[PayeeId, BatchId]:
    """Of whom the bank has to be asked in a stage, each with the batch whose payment it is about.

    Whoever is unknown, and whose return is disputed: there by what the bank has said last.
    """
    spoken_of = {
        payee: event.batch
        for event in history.in_force
        for payee in payees_in(event.header, "disputed")
        if history.batches[event.batch].stage == stage
    }
    asked = {}
    for payee, standing in history.standings_in(stage).items():
        back = standing.returned
        if standing.state == State.UNKNOWN:
            asked[payee] = standing.batch
        elif (
            standing.state == State.RETURNED
            and back is not None
            and back.disputed
            and payee not in history.releases_in(stage)
        ):
            asked[payee] = spoken_of[payee]
    return asked
