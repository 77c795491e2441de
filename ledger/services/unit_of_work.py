"""The unit of work: the one way in which the doors change anything in the books.

A door opens it, with who acts and the clock, and hands it to a use case of this package. Between
loading and writing the door may show what would be done and ask: the lock is held all the while.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ledger.base.actor_and_clock import Actor
from ledger.base.actor_and_clock import Clock
from ledger.base.actor_and_clock import stamp
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.consistency import require_agreement
from ledger.books.rehearsal import Draft
from ledger.books.writing import Writer
from ledger.books.writing import writing
from ledger.registry.registry import Registry


class Work:
    """The books under the lock, recovered and loaded, with the registry.

    ``books`` are as they stand after what was committed, or would stand after a dry run.
    """

    def __init__(self, writer: Writer, books: Books, today: datetime.date) -> None:
        self.writer = writer
        self.registry = writer.registry
        self.books = books
        self.today = today

    def commit(self, draft: Draft) -> None:
        """Write an event. Raises EventRefused, RegistryRefused or DiskRefused."""
        self.books = self.writer.commit(self.books, draft)

    @contextmanager
    def changing_records(self) -> Iterator[Registry]:
        """The registry, whose records are changed inside: all changes are made, or none."""
        with self.registry.transaction(self.writer.stamp()):
            yield self.registry


@contextmanager
def unit_of_work(
    folder: Path,
    actor: Actor,
    clock: Clock,
    open_registry: Callable[[], Registry],
    *,
    with_errors: bool = False,
) -> Iterator[Work]:
    """Lock, recover and load the books, and leave them unlocked with nothing half done.

    The books are sound but for facts, unless the work goes on ``with_errors``: people's records
    are kept while a ledger is corrected. The registry agrees with the books, and what a killed
    command has left pending there is settled: its log of changes names the newest event.

    Raises BooksLocked, ChainBroken, BooksBroken, a Refusal of the registry or of its agreement
    with the books, or DiskRefused.
    """
    with writing(folder, partial(stamp, actor, clock), open_registry) as writer:
        books = load_books(folder)
        # guard: no-event-after-errors
        if not with_errors:
            books.require_sound(but_for_facts=True)
        # guard: books-and-registry-agree
        require_agreement(books, writer.registry)
        writer.registry.anchors.settle(writer.head.seq)  # guard: anchors-settled
        yield Work(writer, books, clock().date())
