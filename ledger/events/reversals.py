"""Events that take back others: which may be, and whether they do it to the fen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from ledger.base.language import gettext as _
from ledger.events.approvals import REJECTED
from ledger.model.history import Event
from ledger.model.history import History
from ledger.model.transitions import EventKind

if TYPE_CHECKING:
    from beancount.core import data

# What may be reversed. The others have answers of their own: a void, another operator.
REVERSIBLE = frozenset({
    EventKind.RESULT,
    EventKind.RELEASED,
    EventKind.CANCELLED,
    EventKind.STATEMENT,
    EventKind.EXPLAINED,
    EventKind.WORKLOAD,
    EventKind.ATTACHED,
    EventKind.PAID_BEFORE,
})  # fmt: skip
# These are taken back on the days on which they were entered: what the bank has on a day is a
# fact, and stays what it is; so is what somebody was paid before these books.
ON_THEIR_DAYS = frozenset({EventKind.STATEMENT, EventKind.EXPLAINED, EventKind.PAID_BEFORE})

# Account, number, and the batch that money in transit is of.
Moved = tuple[str, Decimal | None, str]


def judged_kind(event: Event) -> EventKind:
    """The kind of event whose maker may make this one: whoever may do a thing may reverse it, and
    whoever may approve a batch may reject it.
    """
    if event.kind is EventKind.VOID and REJECTED in event.header.meta:
        return EventKind.APPROVED
    if event.kind is not EventKind.REVERSED:
        return event.kind
    of = str(event.header.meta.get("of", ""))
    return EventKind(of) if of in REVERSIBLE else event.kind


def read_reversals(
    events: Sequence[Event], report: Callable[[data.Directive, str, str], None]
) -> dict[int, int]:
    """The numbers of events that were reversed, with those of the events that have done it.

    ``report`` takes what is wrong with a reversal, which then reverses nothing.
    """
    reversed_by: dict[int, int] = {}
    earlier: dict[int, Event] = {}
    for event in events:
        if event.kind is EventKind.REVERSED:
            target = earlier.get(_number(event.header.meta.get("reverses")))
            fault = _fault(event, target, reversed_by)
            if fault:  # guard: reversal-of-what-stands
                report(event.header, "reversal", fault)
            elif target is not None:
                reversed_by[target.seq] = event.seq
        earlier[event.seq] = event
    return reversed_by


def without_trace(history: History) -> dict[int, int]:
    """The events that were taken back on the days on which they were entered, with those that have
    done it.
    """
    kinds = {event.seq: event.kind for event in history.events}
    return {seq: by for seq, by in history.reversed_by.items() if kinds[seq] in ON_THEIR_DAYS}


def entries_without_trace(history: History) -> Iterator[data.Transaction]:
    """What these have entered: by no day has it moved anything."""
    by_seq = {event.seq: event for event in history.events}
    for reversed_seq, by in without_trace(history).items():
        yield from by_seq[reversed_seq].entries
        yield from by_seq[by].entries


def _fault(event: Event, target: Event | None, reversed_by: dict[int, int]) -> str | None:
    meta = event.header.meta
    if target is None or target.kind not in REVERSIBLE:
        return _("a reversal names an earlier event that can be reversed")
    if target.seq in reversed_by:
        return _("event {seq} is reversed already").format(seq=target.seq)
    said = (meta.get("of"), event.batch, event.count, event.amount_fen)
    if said != (target.kind, target.batch, target.count, target.amount_fen):
        return _("a reversal says of what it is, of how many and how much, as that event does")
    if not meta.get("reason"):
        return _("a reversal has a reason")
    if event.date < target.date or (target.kind in ON_THEIR_DAYS and event.date > target.date):
        return _(
            "what was entered on days of its own is reversed on them, and the rest not before it"
        )
    if not _mirrors(event, target):
        return _("the entries of a reversal are those of event {seq}, the other way round").format(
            seq=target.seq
        )
    return None


def _mirrors(event: Event, target: Event) -> bool:
    """Whether each entry takes back the one in its place, and nothing else."""
    if len(event.entries) != len(target.entries):
        return False
    for mirror, entry in zip(event.entries, target.entries, strict=True):
        day = entry.date if target.kind in ON_THEIR_DAYS else event.date
        if mirror.date != day or mirror.links != entry.links:
            return False
        if _moved(mirror, 1) != _moved(entry, -1):
            return False
    return True


def _moved(entry: data.Transaction, sign: int) -> Counter[Moved]:
    return Counter(
        (
            posting.account,
            None
            if posting.units is None or posting.units.number is None
            else sign * posting.units.number,
            str((posting.meta or {}).get("batch", "")),
        )
        for posting in entry.postings
    )


def _number(value: object) -> int:
    """The number of an event that a header names; -1 where it is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
