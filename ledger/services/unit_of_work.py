"""The unit of work: the one way in which the doors change anything in the books.

A door opens it, with who acts and the clock, and hands it to a use case of this package. Between
loading and writing the door may show what would be done and ask: the lock is held all the while.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import nullcontext
from contextlib import suppress
from functools import partial
from pathlib import Path

from ledger.base.actor_and_clock import Actor
from ledger.base.actor_and_clock import Clock
from ledger.base.actor_and_clock import stamp
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.books.books import load_books
from ledger.books.consistency import require_agreement
from ledger.books.rehearsal import Draft
from ledger.books.writing import Writer
from ledger.books.writing import writing
from ledger.registry.registry import Registry


class Work:
    """The books under the lock, recovered and loaded, with the registry if there is need of it.

    ``books`` are as they stand after what was committed, or would stand after a dry run.
    """

    def __init__(
        self, writer: Writer, books: Books, registry: Registry | None, today: datetime.date
    ) -> None:
        self.writer = writer
        self.books = books
        self.today = today
        self._registry = registry

    @property
    def registry(self) -> Registry:
        assert self._registry is not None, "the door opens the work of this use case with the key"
        return self._registry

    def commit(self, draft: Draft) -> None:
        """Write an event. Raises EventRefused or DiskRefused."""
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
    open_registry: Callable[[], Registry] | None = None,
    *,
    with_errors: bool = False,
    changes_records: bool = False,
) -> Iterator[Work]:
    """Lock, recover and load the books, and leave them unlocked with nothing half done.

    The books are sound but for facts, unless the work goes on ``with_errors``: people's records
    are kept while a ledger is corrected. The registry, where it is opened, agrees with the books.
    Its log of changes names the newest event, so what ``changes_records`` lets it know that first.

    Raises BooksLocked, ChainBroken, BooksBroken, a Refusal of the registry or of its agreement
    with the books, or DiskRefused.
    """
    with (
        writing(folder, partial(stamp, actor, clock)) as writer,
        open_registry() if open_registry else nullcontext() as registry,
    ):
        books = load_books(folder)
        # guard: no-event-after-errors
        if not with_errors:
            books.require_sound(but_for_facts=True)
        if registry is not None:
            # guard: books-and-registry-agree
            require_agreement(books, registry)
            if changes_records:
                registry.know_event(writer.head.seq, writer.head.sha256)
        before = writer.head
        yield Work(writer, books, registry, clock().date())
        if registry is not None and writer.head != before:
            # The event is in; the registry learns of it now or with its next change.
            with suppress(Refusal):
                registry.know_event(writer.head.seq, writer.head.sha256)
