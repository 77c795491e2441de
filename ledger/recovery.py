"""Recovery: what the next command does after one that was killed.

The commit of a command is one rename, of its event into ``events/``. A command that was killed
before it has left nothing but things that nobody refers to; after it, at most HEAD is late.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger import durable
from ledger.books import MAIN_FILE
from ledger.books import describe
from ledger.event_file import HEAD_FILE
from ledger.event_file import Head
from ledger.event_file import check_chain
from ledger.event_file import read_event_files
from ledger.event_file import read_head
from ledger.language import gettext as _
from ledger.refusal import Refusal

STAGING = ".staging"
PAYOUTS = "payouts"


class ChainBroken(Refusal):
    """The event files are not those that the tool wrote."""

    def __init__(self, first: str) -> None:
        super().__init__(
            _(
                "the events of the books are damaged, and nothing is done until they are restored"
                " from a backup: {first}"
            ).format(first=first)
        )


def needs_recovery(books: Path) -> bool:
    """Whether a command has left something behind. Reads names only."""
    files = sorted((books / "events").glob("*.beancount"))
    head = read_head(books)
    late = head is None or head.seq != len(files) - 1
    return late or (books / STAGING).exists() or bool(_orphans(books, files))


def recover(books: Path) -> Head:
    """Finish or undo what a killed command left, and return the newest event.

    The caller holds the lock. Raises ChainBroken when the events are damaged.
    """
    files = read_event_files(books)
    head = read_head(books)
    faults = check_chain(files, head, books)
    if faults or head is None:
        raise ChainBroken(describe(faults[0], books))
    if head.seq == len(files) - 2:
        head = Head(files[-1].seq, files[-1].sha256)
        durable.replace_file(books / HEAD_FILE, head.to_text().encode("ascii"))
        durable.touch(books / MAIN_FILE)
    if (books / STAGING).exists():
        durable.remove_tree(books / STAGING)
    for orphan in _orphans(books, [file.path for file in files]):
        durable.remove_tree(orphan)
    return head


def _orphans(books: Path, events: Sequence[Path]) -> list[Path]:
    """Payout folders whose batch no event has prepared."""
    folder = books / PAYOUTS
    prepared = {
        path.stem.partition("-prepared-")[2] for path in events if "-prepared-" in path.name
    }
    if not folder.is_dir():
        return []
    return [
        path
        for path in sorted(folder.glob("B[0-9]*-[0-9]*"))
        if path.is_dir() and path.name not in prepared
    ]
