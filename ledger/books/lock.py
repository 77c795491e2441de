"""The lock of the books: one command at a time writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.base.books_folder import LOCK_FILE
from ledger.base.file_lock import LockHeld
from ledger.base.file_lock import file_lock
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import require_books
from ledger.books.places import require_in_place

LOCK_SECONDS = 60.0


class BooksLocked(Refusal):
    """Another command is writing."""

    def __init__(self) -> None:
        super().__init__(
            _("another command is writing to these books; wait until it has ended and try again")
        )


@contextmanager
def locked(folder: Path, *, seconds: float | None = None) -> Iterator[None]:
    """Hold the lock of the books; BooksLocked when it is not free within LOCK_SECONDS."""
    require_books(folder)
    # guard: nothing-strange-beside
    require_in_place(folder)
    try:
        with file_lock(folder / LOCK_FILE, LOCK_SECONDS if seconds is None else seconds):
            yield
    except LockHeld:
        raise BooksLocked from None
