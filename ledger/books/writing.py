"""Writing events: one command at a time, and for each event one rename that makes it so.

Order of a command that writes: take the lock; recover; load; plan; build everything under
``.staging/``; keep frozen rows in the registry; rename the artefacts into ``payouts/``; rename
the event into ``events/``, which is the commit; replace HEAD; touch ``main.beancount``, because
Fava does not see a new file of a glob otherwise; release the lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path

from ledger.base import durable
from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import LOCK_FILE
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import PAYOUTS
from ledger.base.books_folder import STAGING
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.base.refusals import why
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.books import require_books
from ledger.books.recovery import ChainBroken
from ledger.books.recovery import needs_recovery
from ledger.books.recovery import recover
from ledger.books.recovery import remove_uncommitted
from ledger.books.rehearsal import Draft
from ledger.books.rehearsal import Rehearsal
from ledger.events.event_file import Head
from ledger.events.event_file import event_file_name

LOCK_SECONDS = 60.0


class BooksLocked(Refusal):
    """Another command is writing."""

    def __init__(self) -> None:
        super().__init__(
            _("another command is writing to these books; wait until it has ended and try again")
        )


class DiskRefused(Refusal):
    """The disk does not take what a command writes."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            _("the disk refused ({reason}). Nothing was changed").format(reason=why(error))
        )


class Writer:
    """The books under the lock, recovered: loads them, and writes events one after another."""

    def __init__(self, folder: Path, head: Head) -> None:
        self.folder = folder
        self.head = head
        self.stage = folder / STAGING
        self.is_late = False
        self.refused: DiskRefused | None = None

    @property
    def seq(self) -> int:
        """The number of the event to be written."""
        return self.head.seq + 1

    @property
    def previous(self) -> str:
        """The digest of the event before it."""
        return self.head.sha256

    def load(self) -> Books:
        """The books, sound but for facts. Raises BooksBroken when the ledger has errors."""
        books = load_books(self.folder)
        books.require_sound(but_for_facts=True)
        return books

    def make_artefacts_folder(self, batch: str) -> Path:
        """A new folder under the stage for what a batch sends and prints."""
        folder = self.stage / PAYOUTS / batch
        durable.make_folder(folder)
        return folder

    def rehearsal(self, books: Books) -> Rehearsal:
        """Of events that are to follow the books."""
        return Rehearsal(books, self.head)

    def rehearse(self, books: Books, draft: Draft) -> Books:
        """The books as they would be with the event; their errors are facts.

        Raises EventRefused when it breaks a rule.
        """
        rehearsal = self.rehearsal(books)
        rehearsal.add(draft)
        return rehearsal.check()

    def commit(self, books: Books, draft: Draft) -> Books:
        """Write the event, and return the books with it. Raises EventRefused."""
        after = self.rehearse(books, draft)
        self.write(draft)
        return after

    def write(self, draft: Draft) -> None:
        """Write an event that has been rehearsed. The caller has checked the books with it.

        Raises DiskRefused, and from then on for every other: what comes after an event that is
        not in would not be true.
        """
        assert self.previous in draft.text, "an event names the one before it"
        if self.refused:
            raise self.refused
        content = draft.text.encode("utf-8")
        try:
            self._put_in_place(draft, content)
        except OSError as error:
            self.refused = DiskRefused(error)
            raise self.refused from error
        # The event is in. What is left to do is finished by the next command if it fails here.
        self.head = Head(self.seq, digest(content))
        self.is_late = True
        with suppress(OSError):
            self.finish()

    def _put_in_place(self, draft: Draft, content: bytes) -> None:
        if self.is_late:  # guard: head-not-late
            self.finish()
        name = event_file_name(self.seq, draft.kind, draft.batch)
        durable.make_folder(self.stage)
        staged = self.stage / name
        durable.write_file(staged, content)
        durable.sync_tree(self.stage)
        if draft.artefacts is not None:
            durable.make_folder(self.folder / PAYOUTS)
            durable.rename(draft.artefacts, self.folder / PAYOUTS / draft.batch)
        durable.rename(staged, self.folder / EVENTS_FOLDER / name)

    def finish(self) -> None:
        """What follows the commit. HEAD may be one event late, and no more."""
        durable.replace_file(self.folder / HEAD_FILE, self.head.to_text().encode("ascii"))
        durable.touch(self.folder / MAIN_FILE)
        self.is_late = False


@contextmanager
def locked(folder: Path, *, seconds: float | None = None) -> Iterator[None]:
    """Hold the lock of the books; BooksLocked when it is not free within LOCK_SECONDS."""
    # Loaded where something is written: most commands read.
    import filelock

    require_books(folder)
    lock = filelock.FileLock(
        folder / LOCK_FILE, timeout=LOCK_SECONDS if seconds is None else seconds
    )
    try:
        lock.acquire()
    except filelock.Timeout:
        raise BooksLocked from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing(folder: Path) -> Iterator[Writer]:
    """The books under the lock and recovered; what was staged and not committed is removed."""
    try:
        with locked(folder):
            writer = Writer(folder, recover(folder))
            try:
                yield writer
            finally:
                with suppress(OSError):
                    remove_uncommitted(folder)
    except OSError as error:
        raise DiskRefused(error) from error


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
