"""Books and registry agree: neither was put back to an older state than the other.

The registry remembers the newest event whenever it is written to. Books that were put back to an
older state would pay their later batches again; a registry that was put back would give the
serials of people who have been paid to others.
"""

from __future__ import annotations

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.events.event_file import read_event_files
from ledger.model.payees import payee_id
from ledger.registry.registry import Registry


class BooksBehind(Refusal):
    """The registry knows of an event that the books do not have."""

    def __init__(self, seq: int) -> None:
        message = _(
            "the books are older than the registry: event {seq}, which the registry knows, is"
            " missing or another. Restore books and registry from the same backup"
        )
        super().__init__(message.format(seq=seq), event=seq)


class RegistryBehind(Refusal):
    """The books speak of a batch or a person that the registry does not have."""

    def __init__(self, name: str) -> None:
        message = _(
            "the registry is older than the books: it does not hold {name}. Restore books and"
            " registry from the same backup"
        )
        super().__init__(message.format(name=name))


def require_agreement(books: Books, registry: Registry) -> None:
    """Raises BooksBehind or RegistryBehind."""
    require_known_events(books, registry)
    for batch in books.history.batches.values():
        if not registry.holds_rows(batch.rows):  # guard: registry-put-back
            raise RegistryBehind(batch.id)
    require_people(books, registry)


def require_known_events(books: Books, registry: Registry) -> None:
    """Raises BooksBehind when an event that the registry knows is missing or another."""
    digests = {file.seq: file.sha256 for file in read_event_files(books.folder)}
    for seq, sha256 in registry.known_events():
        if digests.get(seq) != sha256:  # guard: books-put-back
            raise BooksBehind(seq)


def require_people(books: Books, registry: Registry) -> None:
    """Raises RegistryBehind when somebody was sent money whom the registry does not have."""
    strangers = books.history.standings.keys() - map(payee_id, registry.serials())
    if strangers:
        raise RegistryBehind(min(strangers))
