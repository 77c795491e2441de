"""Books and registry agree: neither was put back to an older state than the other.

The registry has an anchor for every event: pending before the event is given its name, certain
after. Books that were put back to an older state would pay their later batches again; a registry
that was put back would give the serials of people who have been paid to others.
"""

from __future__ import annotations

from pathlib import Path

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.events.event_file import read_event_files
from ledger.keys.signing import verify
from ledger.model.history import History
from ledger.model.payees import payee_id
from ledger.registry.log_replay import Verify
from ledger.registry.registry import Registry
from ledger.registry.signed_log import NOTHING_BEFORE


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
    events = _digests_of_events(folder)
    anchors = registry.anchors.all()
    certain = {anchor.seq: anchor.sha256 for anchor in anchors if anchor.is_certain}
    if certain.items() - events.items():
        missing = certain.items() - _digests_of_events(folder).items()
        if missing:  # guard: books-put-back
            raise BooksBehind(min(missing)[0])
    unknown = events.items() - {(anchor.seq, anchor.sha256) for anchor in anchors}
    if unknown:  # guard: registry-put-back
        seq, _sha256 = min(unknown)
        raise RegistryBehind(_("event {seq}").format(seq=seq))


def _digests_of_events(folder: Path) -> dict[int, str]:
    return {file.seq: file.sha256 for file in read_event_files(folder)}


def require_log(history: History, registry: Registry) -> None:
    """Raises RegistryBehind where an entry of the log is gone that a batch was made after."""
    known = {NOTHING_BEFORE, *(entry.digest for entry in registry.log.entries())}
    for batch in history.batches.values():
        # guard: log-not-shortened
        if batch.header.meta.get("log") not in known:
            message = _("the log of changes that batch {batch} was made after")
            raise RegistryBehind(message.format(batch=batch.id))


def by_operators(history: History) -> Verify:
    """Whether an operator whom these books name has signed a digest."""

    def verified(by: str, digest: bytes, signature: str) -> bool:
        operator = history.operators.get(by)
        return operator is not None and verify(operator.key, digest, signature)

    return verified


def require_people(books: Books, registry: Registry) -> None:
    """Raises RegistryBehind when somebody was sent money whom the registry does not have."""
    strangers = books.history.standings.keys() - map(payee_id, registry.serials())
    if strangers:
        raise RegistryBehind(min(strangers))
