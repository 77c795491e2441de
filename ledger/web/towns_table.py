"""The page 补助发放: towns by state, batches, and who waits for what."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping

from ledger.base.language import page_gettext as _
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.figures.payee_listing import PayeeStatus
from ledger.figures.status import BatchStatus
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_TOWN
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.recorded_rates import RecordedRate
from ledger.model.recorded_rates import rates_on
from ledger.model.seal import grouped_seal
from ledger.model.transitions import State
from ledger.model.work_done import WorkDone
from ledger.payments.amount_owed import amount_owed
from ledger.services.releases import BY_WORD
from ledger.web.bar import Part
from ledger.web.bar import bar
from ledger.web.page_words import batch_word
from ledger.web.page_words import what_is_awaited
from ledger.web.views import View

REGISTERED, BLOCKED = "registered", "blocked"


class Share(Record):
    """People, and what they are or were to be paid in fen."""

    people: int
    amount_fen: int

    @property
    def yuan(self) -> str:
        return grouped(self.amount_fen)


class TownRow(Record):
    """A town; ``shares`` by state, ``registered`` and ``blocked``."""

    code: TownCode
    name: str
    shares: dict[str, Share]

    @property
    def bar(self) -> list[Part]:
        """The town's people by state."""
        order = (State.PAID, State.IN_BANK, State.RETURNED, State.UNKNOWN, State.DUE)
        return bar(
            self.shares[REGISTERED].people,
            [(state.value, self.shares[state.value].people) for state in order],
        )


class Waiter(Record):
    """Somebody who waits: for what, since when, how many days; the batch that she was in.

    ``for_a_word``: somebody's word lets her be paid.
    """

    payee: PayeeId
    name: str
    town: TownCode
    town_name: str
    state: str
    batch: BatchId
    reason: str
    since: datetime.date | None
    days: int | None
    for_a_word: bool


def town_rows(view: View) -> list[TownRow]:
    """Every town with people, and the sum of all at the end."""
    people: Counter[tuple[TownCode, str]] = Counter()
    money_fen: Counter[tuple[TownCode, str]] = Counter()
    stage = view.status.stage
    rates = rates_on(view.books.rules, view.on, stage)
    work = view.books.history.work.get(stage, {})
    for person in view.people:
        town, fen = person.payee.town, owed_fen(person, rates, work)
        keys = [REGISTERED, person.state.value]
        if person.waits and person.state in (State.DUE, State.RETURNED):
            keys.append(BLOCKED)
        for key in keys:
            people[town, key] += 1
            money_fen[town, key] += fen
    order = sorted({town for town, _key in people})
    for town, key in list(people):
        people[NO_TOWN, key] += people[town, key]
        money_fen[NO_TOWN, key] += money_fen[town, key]
    programme = view.books.programme
    keys = [REGISTERED, BLOCKED, *(state.value for state in State)]
    return [
        TownRow(
            town,
            programme.town_name(town) if town else _("Total"),
            {key: Share(people[town, key], money_fen[town, key]) for key in keys},
        )
        for town in ([*order, NO_TOWN] if order else [])
    ]


def owed_fen(
    person: PayeeStatus, rates: Mapping[str, RecordedRate], work: Mapping[PayeeId, WorkDone]
) -> int:
    """What was sent to a person, or what she is owed where nothing was."""
    if person.standing is not None and person.state != State.DUE:
        return person.standing.amount_fen
    rate = rates.get(person.payee.role)
    owed = amount_owed(rate, work.get(person.payee.payee_id)) if rate else None
    return owed.gross_fen if owed else 0


class BatchRow(Record):
    """A batch in words."""

    batch: BatchStatus
    state: str
    amount: str
    seal: str


def batch_rows(view: View) -> list[BatchRow]:
    """The batches, the newest first."""
    return [
        BatchRow(
            batch, batch_word(batch.state), grouped(batch.amount_fen), grouped_seal(batch.seal)
        )
        for batch in reversed(view.status.batches)
    ]


def waiters(view: View) -> list[Waiter]:
    """Everyone who waits for something, those of the longest wait first."""
    found = []
    for person in view.people:
        if not person.waits:
            continue
        since = person.since if person.state != State.DUE else None
        found.append(
            Waiter(
                payee=person.payee.payee_id,
                name=person.payee.legal_name,
                town=person.payee.town,
                town_name=view.books.programme.town_name(person.payee.town),
                state=person.state.value,
                batch=person.standing.batch if person.standing else NO_BATCH,
                reason=what_is_awaited(person.waits, person.reason_class),
                since=since,
                days=(view.on - since).days if since else None,
                for_a_word=person.waits in BY_WORD and not person.doubts,
            )
        )
    return sorted(found, key=lambda one: (-(one.days or 0), one.town, one.payee))
