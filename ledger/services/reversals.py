"""An event is taken back: a wrong result, statement, explanation, release or cancellation."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from ledger.base.actor_and_clock import require_near
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.outside_text import cleaned
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import describe
from ledger.books.rehearsal import Draft
from ledger.books.rehearsal import EventRefused
from ledger.books.rehearsal import require_role
from ledger.events.event_entries import is_in_events
from ledger.events.reversal_text import reversed_event
from ledger.events.reversals import REVERSIBLE
from ledger.model.history import Event
from ledger.services.releases import ReasonMissing
from ledger.services.unit_of_work import Work


class NoSuchEvent(Refusal):
    """No event has the number."""

    def __init__(self, seq: int) -> None:
        super().__init__(_("there is no event {seq}").format(seq=seq), event=seq)


class NotToReverse(Refusal):
    """An event of a kind that has another answer."""

    def __init__(self, event: Event) -> None:
        kinds = listed(sorted(kind.word for kind in REVERSIBLE))
        message = _("event {seq} is {kind}, and what can be reversed is {kinds}")
        super().__init__(
            message.format(seq=event.seq, kind=event.kind.word, kinds=kinds),
            event=event.seq,
            kind=event.kind.value,
        )


class ReversedAlready(Refusal):
    """An event that counts no more."""

    def __init__(self, seq: int, by: int) -> None:
        message = _("event {seq} was reversed already, by event {by}")
        super().__init__(message.format(seq=seq, by=by), event=seq, by=by)


class BuiltUpon(Refusal):
    """What came after the event would not be true without it."""

    def __init__(self, seq: int, later: int | None, first: str) -> None:
        message = _("event {seq} cannot be reversed, since something was built upon it: {first}")
        if later is not None and later > seq:
            message = _(
                "event {seq} cannot be reversed, since event {later} was built upon it: {first}"
            )
        super().__init__(message.format(seq=seq, later=later, first=first), event=seq, later=later)


class BeforeTheEvent(Refusal):
    """A day before that of the event."""

    def __init__(self, event: Event, on: datetime.date) -> None:
        message = _("{day} is before {event_day}, the day of event {seq}")
        super().__init__(
            message.format(day=on, event_day=event.date, seq=event.seq),
            event=event.seq,
            day=on.isoformat(),
            event_day=event.date.isoformat(),
        )


def event_to_reverse(books: Books, seq: int) -> Event:
    """The event, if its kind can be reversed and it was not yet.

    Raises NoSuchEvent, NotToReverse or ReversedAlready.
    """
    event = next((one for one in books.history.events if one.seq == seq), None)
    if event is None:
        raise NoSuchEvent(seq)
    if event.kind not in REVERSIBLE:
        raise NotToReverse(event)
    by = books.history.reversed_by.get(seq)
    if by is not None:
        raise ReversedAlready(seq, by)
    return event


def reverse(work: Work, event: Event, reason: str, on: datetime.date, *, dry_run: bool) -> None:
    """Take an event back. What the bank stated is taken back on its own days, the rest on a day.

    ``dry_run`` tries it alone. Raises ReasonMissing, BeforeTheEvent, BuiltUpon or RoleMissing.
    """
    reason = cleaned(reason).strip()
    if not reason:
        raise ReasonMissing
    require_near(on, work.today)
    if on < event.date:
        raise BeforeTheEvent(event, on)
    require_role(work.books.history, work.acting.actor.operator, event.kind)
    text = reversed_event(on, work.writer.drafting, event, reason)
    draft = Draft("reversed", event.batch, text.encode("utf-8"))
    try:
        if dry_run:
            work.writer.rehearse(work.books, draft)
        else:
            work.commit(draft)
    except EventRefused as refused:
        raise _built_upon(event, refused.problem, work.books.folder) from None


def _built_upon(event: Event, problem: Any, folder: Path) -> BuiltUpon:
    """What would be wrong in the books without the event; in which event, by its file's name."""
    filename = str((problem.source or {}).get("filename", ""))
    number = Path(filename).name.partition("-")[0]
    is_event = is_in_events(filename) and number.isdecimal()
    return BuiltUpon(event.seq, int(number) if is_event else None, describe(problem, folder))
