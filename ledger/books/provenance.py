"""Which books these are, and how far they go: what paper says of the books that it is from."""

from __future__ import annotations

from pathlib import Path

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.books.books import Books
from ledger.events.event_file import Head
from ledger.model.history import Event
from ledger.model.seal import grouped_seal


class Provenance(Record):
    """The fingerprint of the books, ``a1b2 c3d4 e5f6 0718``, and the newest event.

    ``head`` is None on what is of a batch alone and speaks of no state of the books.
    """

    fingerprint: str
    head: Head | None = None


# Of paper that is from no books.
NO_PROVENANCE = Provenance("")


def provenance_of(books: Books) -> Provenance:
    """As the books were loaded; ``books`` are whole."""
    return Provenance(fingerprint_of_books(books), head_of(books))


def fingerprint_of(first: Digest) -> str:
    """The fingerprint of books, by the digest of the event that has made them.

    That event is signed by the first operator, and names the key in the safe: nobody else can go on
    from it, and nobody can make another with this digest.
    """
    return grouped_seal(first[:16])


def fingerprint_of_books(books: Books) -> str:
    """The fingerprint of these books; empty where they have no beginning."""
    events = books.history.events
    return fingerprint_of(_digest_of(events[0])) if events else ""


def head_of(books: Books) -> Head:
    """The newest event that was loaded; ``books`` are whole."""
    newest = books.history.events[-1]
    return Head(newest.seq, _digest_of(newest))


def _digest_of(event: Event) -> Digest:
    return digest(read_plain(Path(event.header.meta["filename"])))
