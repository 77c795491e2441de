"""Recovery: what the next command does after one that was killed.

The commit of a command is one rename, of its event into ``events/``. A command that was killed
before it has left nothing but things that nobody refers to; after it, at most HEAD is late.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from pathlib import PurePosixPath

from ledger.base import durable
from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import HELD
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import STAGING
from ledger.base.language import gettext as _
from ledger.base.plain_files import children
from ledger.base.plain_files import is_folder
from ledger.base.plain_files import is_plain_tree
from ledger.base.refusals import Refusal
from ledger.books.batch_folder import hand_out
from ledger.books.batch_folder import place_of_papers
from ledger.books.batch_folder import to_hand_out
from ledger.books.books import Books
from ledger.books.books import describe
from ledger.books.books import require_books
from ledger.books.lock import BooksLocked
from ledger.books.lock import locked
from ledger.books.places import EVENT_NAME
from ledger.books.places import OutOfPlace
from ledger.books.places import listing_of
from ledger.books.places import strays
from ledger.books.snapshot import load_kept
from ledger.events.event_file import Head
from ledger.events.event_file import check_chain
from ledger.events.event_file import event_paths
from ledger.events.event_file import read_event_files
from ledger.events.event_file import read_head
from ledger.model.ids import BatchId
from ledger.model.transitions import EventKind


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
    left = (is_empty_folder(books / STAGING), is_empty_folder(books / HELD))
    return late or bool(staged(books)) or any(left)


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
    its power can show an event at both names; then it is committed. What the tool has not put
    there stays, and so does what a link leads to.
    """
    left = staged(books)
    for path in left:
        orphan = orphan_of(books, path)
        if orphan is not None:
            durable.remove_tree(orphan)
    if is_empty_folder(books / HELD):
        durable.remove_tree(books / HELD)
    stage = books / STAGING
    if is_folder(stage) and set(left) == set(stage.iterdir()):
        durable.remove_tree(stage)
        return
    for path in left:
        (durable.remove_tree if is_folder(path) else durable.remove_file)(path)


def staged(books: Path) -> list[Path]:
    """What stands directly under the stage and is the tool's, to the last file in it."""
    stage = books / STAGING
    strange = {PurePosixPath(stray.name).parts[1:2] for stray in strays(listing_of(books, stage))}
    # guard: staged-by-exact-names
    return [path for path, _kind in children(stage) if (path.name,) not in strange]


def orphan_of(books: Path, event: Path) -> Path | None:
    """The papers of the batch that a staged event was to prepare, when nothing else prepared it.

    It would have been the next event: a name with another number was planted there.
    """
    staged_event = EVENT_NAME.fullmatch(event.name)
    if staged_event is None or staged_event["kind"] != EventKind.PREPARED:
        return None
    committed = [EVENT_NAME.fullmatch(path.name) for path in event_paths(books)]
    batches = {name["batch"] for name in committed if name and name["kind"] == EventKind.PREPARED}
    batch = BatchId(str(staged_event["batch"]))
    is_next = int(staged_event["seq"]) == len(committed)
    # guard: papers-of-no-batch
    if is_next and batch not in batches:
        for held in (False, True):
            folder = books / place_of_papers(batch, held=held)
            if is_folder(folder.parent) and is_plain_tree(folder):
                return folder
    return None


def is_empty_folder(folder: Path) -> bool:
    return is_folder(folder) and not any(folder.iterdir())


def load_recovered(folder: Path, *, tolerant: bool = False, snapshot: Path | None = None) -> Books:
    """Load the books for reading, after finishing what a killed command left.

    When another command is writing, the folder cannot be written, or something strange stands in
    it, the books are read as they are. A damaged chain is a refusal unless ``tolerant``: then the
    plugin reports it. With a ``snapshot`` they are what was kept there, where that is proven.
    """
    finish_what_was_begun(folder, tolerant=tolerant)
    books = load_kept(folder, snapshot)
    with suppress(BooksLocked, OSError):
        if to_hand_out(books):
            with locked(folder, seconds=0.0):
                hand_out(books)
                remove_uncommitted(folder)
    return books


def finish_what_was_begun(folder: Path, *, tolerant: bool = False) -> None:
    """What a killed command left is finished or removed, unless another one is at it."""
    require_books(folder)
    try:
        if needs_recovery(folder):
            with locked(folder, seconds=0.0):
                recover(folder)
    except (BooksLocked, OutOfPlace, OSError):
        pass
    except ChainBroken:
        if not tolerant:
            raise
