"""Recovery: what the next command does after one that was killed.

The commit of a command is one rename, of its event into ``events/``. A command that was killed
before it has left nothing but things that nobody refers to; after it, at most HEAD is late.
"""

from __future__ import annotations

from pathlib import Path

from ledger.base import durable
from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import PAYOUTS
from ledger.base.books_folder import STAGING
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import describe
from ledger.books.books import load_books
from ledger.books.books import require_books
from ledger.books.lock import BooksLocked
from ledger.books.lock import locked
from ledger.events.event_file import Head
from ledger.events.event_file import check_chain
from ledger.events.event_file import event_paths
from ledger.events.event_file import read_event_files
from ledger.events.event_file import read_head


class ChainBroken(Refusal):
    """The event files are not those that the tool wrote."""

    def __init__(self, first: str) -> None:
        super().__init__(
            _(
                "the events of the books are not as they were written, and nothing is done until"
                " they are: {first}"
            ).format(first=first)
        )


def needs_recovery(books: Path) -> bool:
    """Whether a command has left something behind. Reads names only."""
    head = read_head(books)
    late = head is None or head.seq != len(event_paths(books)) - 1
    return late or (books / STAGING).exists()


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
        # The command may have been killed before the event's name was on the disk for good.
        durable.sync_folder(books / EVENTS_FOLDER)
        head = Head(files[-1].seq, files[-1].sha256)
        durable.replace_file(books / HEAD_FILE, head.to_text().encode("ascii"))
        durable.touch(books / MAIN_FILE)
    remove_uncommitted(books)
    return head


def remove_uncommitted(books: Path) -> None:
    """Take away what was staged, and the payout folder of a batch whose event is still staged.

    No other folder is touched, whatever its name: it may be somebody's copy. A disk that lost
    its power can show an event at both names; then it is committed.
    """
    stage = books / STAGING
    for event in stage.glob("*-prepared-*.beancount"):
        orphan = books / PAYOUTS / event.stem.partition("-prepared-")[2]
        committed = (books / EVENTS_FOLDER / event.name).exists()
        if orphan.is_dir() and not committed:
            durable.remove_tree(orphan)
    if stage.exists():
        durable.remove_tree(stage)


def load_recovered(folder: Path, *, tolerant: bool = False) -> Books:
    """Load the books for reading, after finishing what a killed command left.

    When another command is writing, or the folder cannot be written, the books are read as
    they are. A damaged chain is a refusal unless ``tolerant``: then the plugin reports it.
    """
    finish_what_was_begun(folder, tolerant=tolerant)
    return load_books(folder)


def finish_what_was_begun(folder: Path, *, tolerant: bool = False) -> None:
    """What a killed command left is finished or removed, unless another one is at it."""
    require_books(folder)
    try:
        if needs_recovery(folder):
            with locked(folder, seconds=0.0):
                recover(folder)
    except (BooksLocked, OSError):
        pass
    except ChainBroken:
        if not tolerant:
            raise
