"""Books, registry and witness agree: none was put back to an older state than the others.

The registry has an anchor for every event: pending before the event is given its name, certain
after. Books that were put back to an older state would pay their later batches again; a registry
that was put back would give the serials of people who have been paid to others. The witness is
what this machine has seen of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.events.event_file import digests_of_events
from ledger.keys.signing import verify
from ledger.keys.witness import Witness
from ledger.keys.witness import judge
from ledger.keys.witness import judge_books
from ledger.keys.witness import judge_place
from ledger.model.history import History
from ledger.model.operators import may_change_records
from ledger.model.payees import payee_id
from ledger.model.transitions import EventKind
from ledger.registry.anchors import Anchor
from ledger.registry.anchors import AnchorState
from ledger.registry.log_replay import Verify
from ledger.registry.registry import Registry
from ledger.registry.signed_log import NOTHING_BEFORE
from ledger.registry.signed_log import LogEntry


class BooksBehind(Refusal):
    """The registry knows of an event that the books do not have."""

    def __init__(self, seq: int) -> None:
        message = _(
            "the books are older than the registry: event {seq}, which the registry knows, is"
            " missing or another. Restore books and registry from the same backup"
        )
        super().__init__(message.format(seq=seq), event=seq)


class RegistryBehind(Refusal):
    """The books speak of an event or a person that the registry does not have."""

    def __init__(self, name: str) -> None:
        message = _(
            "the registry is older than the books, or these were not written by this program: it"
            " does not hold {name}. Restore books and registry from the same backup"
        )
        super().__init__(message.format(name=name))


def require_agreement(books: Books, registry: Registry) -> None:
    """Raises BooksBehind or RegistryBehind."""
    require_anchored(books.folder, registry)
    require_log(books.history, registry)
    require_people(books, registry)


def require_anchored(folder: Path, registry: Registry) -> None:
    """Raises BooksBehind when an event that the registry is certain of is missing or another, and
    RegistryBehind for one that it has not been told of.

    While this is read another command may write an event. Its anchor is there before it, and is
    certain after it: so events are looked for among the anchors after them, and a certain anchor's
    event once more.
    """
    events = dict(enumerate(digests_of_events(folder)))
    anchors = registry.anchors.all()
    certain = _certain(anchors, events)
    if certain - events.items():
        missing = certain - dict(enumerate(digests_of_events(folder))).items()
        if missing:  # guard: books-put-back
            raise BooksBehind(min(missing)[0])
    pending = {(one.seq, one.sha256) for one in anchors if one.state is AnchorState.PENDING}
    unknown = events.items() - certain - pending
    if unknown:  # guard: registry-put-back
        seq, _sha256 = min(unknown)
        raise RegistryBehind(_("event {seq}").format(seq=seq))


def _certain(anchors: Iterable[Anchor], events: Mapping[int, str]) -> set[tuple[int, str]]:
    """The events that have to be in the books. What an acceptance has said counts with it."""
    by_state: dict[AnchorState, set[tuple[int, str]]] = {state: set() for state in AnchorState}
    for anchor in anchors:
        by_state[anchor.state].add((anchor.seq, anchor.sha256))
    is_in = bool(by_state[AnchorState.PENDING] & events.items())
    also = by_state[AnchorState.LEARNT if is_in else AnchorState.LOST]  # guard: lost-until-accepted
    return by_state[AnchorState.CERTAIN] | also


class Losses(NamedTuple):
    """What is missing: events by number and digest, and entries of the log by digest."""

    events: set[tuple[int, str]]
    log: set[str]


def accepted_losses(history: History) -> Losses:
    """What managers have gone on without."""
    events: set[tuple[int, str]] = set()
    log: set[str] = set()
    for event in history.events:
        if event.kind is EventKind.ACCEPTED:
            said = str(event.header.meta.get("missing", "")).split()
            numbers = [int(word) for word in said[::2] if word.isdecimal()]
            events.update(zip(numbers, said[1::2], strict=False))
            log.update(str(event.header.meta.get("missing-log", "")).split())
    return Losses(events, log)


def require_log(history: History, registry: Registry) -> None:
    """Raises RegistryBehind where an entry of the log is gone that a batch was made after, or
    where one after it says that it was before: by then, others might change records.
    """
    entries = registry.log.entries()
    numbers = {NOTHING_BEFORE: 0} | {entry.digest: entry.number for entry in entries}
    accepted = accepted_losses(history).log
    made_after: dict[int, int] = {}
    for event in history.events:
        if event.kind is not EventKind.PREPARED:
            continue
        log = str(event.header.meta.get("log"))
        if log in accepted:
            continue
        number = numbers.get(log)
        if number is None:  # guard: log-not-shortened
            message = _("the log of changes that batch {batch} was made after")
            raise RegistryBehind(message.format(batch=event.batch))
        made_after[number] = event.seq
    newest = -1
    for entry in entries:
        newest = max(newest, made_after.get(entry.number - 1, -1))
        if entry.known_event < newest:  # guard: entry-in-its-time
            message = _("entry {entry} of the log of changes in its place")
            raise RegistryBehind(message.format(entry=entry.number))


def require_witnessed(seen: Witness, books: Books, registry: Registry) -> None:
    """Raises a refusal of :func:`ledger.keys.witness.judge`."""
    refusal = not_as_witnessed(seen, books, registry)
    if refusal is not None:  # guard: witness-asked
        raise refusal


def not_as_witnessed(seen: Witness, books: Books, registry: Registry) -> Refusal | None:
    """In what the books are not those that were seen. What was accepted as lost is not missed."""
    accepted = accepted_losses(books.history)
    log = accepted.log.union(entry.digest for entry in registry.log.entries())
    events = digests_of_events(books.folder)
    return judge(seen, books.settings.key, events, log, accepted.events)


def require_of_these_books(seen: Witness, books: Books) -> None:
    """Raises WitnessOfOthers."""
    refusal = judge_books(seen, books.settings.key)
    if refusal is not None:  # guard: others-not-accepted
        raise refusal


def require_one_folder(seen: Witness, books: Books) -> None:
    """Raises SecondFolder."""
    refusal = judge_place(seen, books.settings.key, books.folder)
    if refusal is not None:  # guard: place-asked
        raise refusal


def by_operators(history: History) -> Verify:
    """Whether an operator whom these books name has signed an entry of the log, and might."""

    def verified(entry: LogEntry, digest: bytes) -> bool:
        operator = history.operators.get(entry.by)
        if operator is None:
            return False
        if not may_change_records(operator, entry.known_event + 1):  # guard: entry-by-role
            return False
        return verify(operator.key, digest, entry.signature)

    return verified


def require_people(books: Books, registry: Registry) -> None:
    """Raises RegistryBehind when somebody was sent money whom the registry does not have."""
    strangers = books.history.everybody.difference(map(payee_id, registry.serials()))
    if strangers:
        raise RegistryBehind(min(strangers))
