"""What the province remembers of each county's books: how far they went, and that they go on.

Nothing else makes a county's own chain more than its own word: who makes the whole history anew has
other digests. The first bundle of a county is believed; from then on its past is fixed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.plain_files import NotPlain
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal

HEADS_FILE = "heads.json"
_FORMAT = 1
NO_DIGEST = ""


class Books(NamedTuple):
    """Which books: a county's of a programme."""

    county: str
    programme: str


class Known(NamedTuple):
    """How far books went: their first event and the newest, by digests, and the closed months."""

    name: str
    first: Digest
    seq: int
    head: Digest
    closed: tuple[tuple[str, str], ...]


class Heads(Record):
    """The HEADs of one consolidation. ``digest`` is over all of them and the one before."""

    books: Mapping[Books, Known]
    day: str
    digest: str
    previous: str


NO_HEADS = Heads({}, "", NO_DIGEST, NO_DIGEST)


class HeadsDamaged(Refusal):
    """What was remembered cannot be read."""

    def __init__(self, path: Path) -> None:
        message = _(
            "{path} is not as this program wrote it, and without it no county's past is compared:"
            " restore it from a backup"
        )
        super().__init__(message.format(path=path))


class BooksMadeAnew(Refusal):
    """Another history under the same name."""

    def __init__(self) -> None:
        message = _(
            "these are other books than those of the last consolidation: they begin with another"
            " event. Ask the county for the books that it had"
        )
        super().__init__(message)


class BooksOlder(Refusal):
    """A bundle of before."""

    def __init__(self, seq: int, newest: int) -> None:
        message = _(
            "this bundle ends with event {seq}, and the last consolidation had event {newest}:"
            " it is an old one, or events were taken away"
        )
        super().__init__(message.format(seq=seq, newest=newest), seq=seq, newest=newest)


class PastRewritten(Refusal):
    """An event that was there is another one now."""

    def __init__(self, seq: int) -> None:
        message = _(
            "event {seq} is not the one that the last consolidation had: the past was written anew"
        )
        super().__init__(message.format(seq=seq), seq=seq)


def require_continued(digests: Sequence[Digest], known: Known) -> None:
    """Raises BooksMadeAnew, BooksOlder or PastRewritten."""
    # guard: same-beginning
    if digests[0] != known.first:
        raise BooksMadeAnew
    # guard: not-an-older-bundle
    if len(digests) - 1 < known.seq:
        raise BooksOlder(len(digests) - 1, known.seq)
    # guard: past-continued
    if digests[known.seq] != known.head:
        raise PastRewritten(known.seq)


def digest_of_heads(books: Mapping[Books, Known], previous: str) -> str:
    """One digest over all HEADs and the digest before."""
    lines = [
        f"{one.county}\t{one.programme}\t{known.seq}\t{known.head}\n"
        for one, known in sorted(books.items())
    ]
    return digest(f"{previous}\n{''.join(lines)}".encode())


def next_heads(before: Heads, seen: Iterable[tuple[Books, Known]], day: str) -> Heads:
    """What is remembered from now on. Of a county that did not come, or failed, it stays.

    The same bundles again are no new consolidation.
    """
    books = {**before.books, **dict(seen)}
    if books == before.books and before.digest:
        return before
    return Heads(books, day, digest_of_heads(books, before.digest), before.digest)


def heads_text(heads: Heads) -> bytes:
    """The heads as a file."""
    facts = {
        "format": _FORMAT,
        "day": heads.day,
        "digest": heads.digest,
        "previous": heads.previous,
        "books": [[*one, *known] for one, known in sorted(heads.books.items())],
    }
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def read_heads(path: Path) -> Heads:
    """What the last consolidation has left; nothing where there was none. Raises HeadsDamaged."""
    try:
        content = read_plain(path)
    except FileNotFoundError:
        return NO_HEADS
    except NotPlain:
        raise HeadsDamaged(path) from None
    try:
        facts: dict[str, Any] = json.loads(content.decode("utf-8"))
        books = {
            Books(county, programme): Known(
                name, Digest(first), seq, Digest(head), tuple((m, r) for m, r in closed)
            )
            for county, programme, name, first, seq, head, closed in facts["books"]
        }
        heads = Heads(books, facts["day"], facts["digest"], facts["previous"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise HeadsDamaged(path) from None
    # guard: heads-as-digested
    if heads.digest != digest_of_heads(books, heads.previous) or heads_text(heads) != content:
        raise HeadsDamaged(path)
    return heads
