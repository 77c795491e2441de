"""Which books these are, and how far they go: what paper says of the books that it is from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger.base.digests import digest
from ledger.base.plain_files import read_plain
from ledger.books.books import Books
from ledger.events.event_file import Head
from ledger.keys.signing import fingerprint_of
from ledger.model.operators import SAFE_KEY


@dataclass(frozen=True, slots=True)
class Provenance:
    """The fingerprint of the key in the safe, ``a1b2 c3d4 e5f6 0718``, and the newest event.

    ``head`` is None on what is of a batch alone and speaks of no state of the books.
    """

    fingerprint: str
    head: Head | None = None


# Of paper that is from no books.
NO_PROVENANCE = Provenance("")


def provenance_of(books: Books) -> Provenance:
    """As the books were loaded; ``books`` are whole."""
    return Provenance(fingerprint_of_books(books), head_of(books))


def fingerprint_of_books(books: Books) -> str:
    """The fingerprint of the key in the safe; empty where the beginning names none."""
    safe = books.history.operators.get(SAFE_KEY)
    return fingerprint_of(safe.key) if safe else ""


def head_of(books: Books) -> Head:
    """The newest event that was loaded; ``books`` are whole."""
    newest = books.history.events[-1]
    return Head(newest.seq, digest(read_plain(Path(newest.header.meta["filename"]))))
