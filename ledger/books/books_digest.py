"""The digest of the books as of a day: what a statement was made from, in 64 hex digits."""

from __future__ import annotations

import datetime

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.books.books import Books
from ledger.books.provenance import head_of


def books_digest(books: Books, day: datetime.date) -> Digest:
    """SHA-256 over the event files dated on or before a day and over every other directive.

    ``books`` are whole and sound: each event has the digest of the file before it. What is
    entered later with a later date changes nothing; neither does moving an entry by hand to
    another line.
    """
    events = books.history.events
    digests = [str(event.header.meta["previous"]) for event in events[1:]]
    digests.append(head_of(books).sha256)
    lines = [
        f"event {event.seq} {sha256}"
        for event, sha256 in zip(events, digests, strict=True)
        if event.date <= day
    ]
    lines += sorted(text for date, text in books.ledger.printed_outside if date <= day)
    return digest("\n".join(lines).encode("utf-8"))
