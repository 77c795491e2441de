"""What has been done since a page was made, for whoever has confirmed that page too late."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.language import page_gettext
from ledger.books.books import Books
from ledger.events.event_file import Head
from ledger.registry.registry import Registry
from ledger.web.page_words import event_word

# So much is named, the newest.
MOST = 3
_STATE = re.compile(r"(?P<event>[0-9]{1,9})-(?P<entry>[0-9]{1,9})(?![0-9])")


def state_of(head: Head | None, registry: Registry) -> str:
    """What books and registry are, in a short text: any event and any record changes it.

    It begins with the numbers of the next event and of the next entry of the registry's log.
    """
    whole = digest(f"{head} {registry.log.head()}".encode())[:32]
    seq = head.seq if head else -1
    return f"{seq + 1}-{registry.log.next_number}-{whole}"


def done_since(state: str, books: Books, registry: Registry) -> str:
    """Who has done what since then; empty where the state does not say when that was."""
    since = _STATE.match(state)
    if since is None:
        return ""
    names = {one.id: one.name for one in books.history.operators.values()}
    found = [*_events(books, int(since["event"])), *_entries(registry, int(since["entry"]))]
    said = [
        _("{time} {name}: {what}").format(
            time=at[:16].replace("T", " "), name=names.get(by, by), what=what
        )
        for at, by, what in sorted(found)
    ]
    return page_gettext("; ").join(dict.fromkeys(said[-MOST:]))


def _events(books: Books, first: int) -> Iterator[tuple[str, str, str]]:
    for event in books.history.events[first:]:
        meta = event.header.meta
        what = " ".join(filter(None, (event_word(event.kind), event.batch)))
        yield str(meta.get("recorded", "")), str(meta.get("by", "")), what


def _entries(registry: Registry, first: int) -> Iterator[tuple[str, str, str]]:
    for entry in registry.log.entries():
        if entry.number >= first:
            yield entry.at, entry.by, _("records of people changed")
