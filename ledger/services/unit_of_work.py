"""The unit of work: the one way in which the doors change anything in the books.

A door opens it, with who acts and the clock, and hands it to a use case of this package. Between
loading and writing the door may show what would be done and ask: the lock is held all the while.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.base.actor_and_clock import Acting
from ledger.base.actor_and_clock import Actor
from ledger.base.actor_and_clock import Clock
from ledger.base.actor_and_clock import Stamp
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.batch_folder import hand_out
from ledger.books.books import Books
from ledger.books.consistency import BooksBehind
from ledger.books.consistency import RegistryBehind
from ledger.books.consistency import require_agreement
from ledger.books.consistency import require_one_folder
from ledger.books.consistency import require_witnessed
from ledger.books.snapshot import Snapshots
from ledger.books.writing import Writer
from ledger.books.writing import writing
from ledger.events.event_file import digests_of_events
from ledger.keys.witness import Witness
from ledger.keys.witness import read_witness
from ledger.keys.witness import write_witness
from ledger.model.months import require_open
from ledger.model.operators import MAY_CHANGE_RECORDS
from ledger.model.operators import KeyOfStranger
from ledger.model.operators import may_change_records
from ledger.model.operators import require_not_retired
from ledger.model.operators import roles_text
from ledger.registry.registry import Registry

if TYPE_CHECKING:
    from ledger.books.rehearsal import Draft


class MayNotChangeRecords(Refusal):
    """The operator may not change what is registered of people."""

    def __init__(self, operator: str) -> None:
        roles = roles_text(MAY_CHANGE_RECORDS)
        message = _("operator {operator} may not change records of people: that takes {roles}")
        message = message.format(operator=operator, roles=roles)
        super().__init__(message, operator=operator, roles=roles)


class Work:
    """The books under the lock, recovered and loaded, with the registry.

    ``books`` are as they stand after what was committed, or would stand after a dry run; ``seen``
    is what this machine had seen of them. ``backup_seq`` is the newest event that is in a backup.
    """

    def __init__(self, writer: Writer, books: Books, seen: Witness | None = None) -> None:
        self.writer = writer
        self.seen = seen
        self.backup_seq = seen.backup_seq if seen else None
        self.acting = writer.acting
        self.registry = writer.registry
        self.books = books
        self.today: datetime.date = writer.acting.today

    def commit(self, draft: Draft) -> None:
        """Write an event. Raises RoleMissing, EventRefused, RegistryRefused or DiskRefused."""
        self.books = self.writer.commit(self.books, draft)

    @property
    def has_written(self) -> bool:
        """Whether an event was."""
        return bool(self.writer.written)

    @contextmanager
    def changing_records(self, stamp: Stamp | None = None) -> Iterator[Registry]:
        """The registry, whose records are changed inside: all changes are made, or none.

        Raises MayNotChangeRecords, or MonthClosed for a change that counts from a closed month on.
        """
        self.require_records_role()
        signer = self.acting.actor.signer
        assert signer is not None, "an entry of the log is signed"
        with self.registry.transaction(stamp or self.acting.stamp(), signer.sign):
            yield self.registry
            for day in sorted(self.registry.log.days()):  # guard: no-record-in-a-closed-month
                require_open(self.books.history.closed, datetime.date.fromisoformat(day))

    def joining_changes(self) -> AbstractContextManager[None]:
        """What changes records inside is made as one: all of it, or nothing.

        Raises RegistryRefused when it cannot be written.
        """
        return self.registry.file.joined()

    @contextmanager
    def keeping_evidence(self) -> Iterator[Registry]:
        """The registry, in which files are kept inside: whoever may take them may keep them."""
        with self.registry.transaction(self.acting.stamp()):
            yield self.registry

    def require_records_role(self) -> None:
        """Raises MayNotChangeRecords or OperatorRetired."""
        by = self.acting.actor.operator
        operator = self.books.history.operators.get(by)
        require_not_retired(operator, self.writer.seq)
        # guard: role-for-records
        if operator is None or not may_change_records(operator, self.writer.seq):
            raise MayNotChangeRecords(by)


@contextmanager
def unit_of_work(
    folder: Path,
    actor: Actor,
    clock: Clock,
    open_registry: Callable[[], Registry],
    witness_file: Path,
    *,
    with_errors: bool = False,
    older: bool = False,
    snapshot: Path | None = None,
    held: Callable[[], Books | None] | None = None,
) -> Iterator[Work]:
    """Lock, recover and load the books, and leave them unlocked with nothing half done.

    With a ``snapshot`` they are what was kept there, where that is proven and signed by this actor,
    and what events have made of them is kept there. Or they are ``held`` by whoever asks: then they
    are asked for under the lock, None in doubt.

    The books are sound but for facts, unless the work goes on ``with_errors``: people's records
    are kept while a ledger is corrected. The registry agrees with the books, and what a killed
    command has left pending there is settled: its log of changes names the newest event. Both are
    as the witness has seen them, or newer; but for work that is there to accept ``older`` ones.

    Raises BooksLocked, ChainBroken, BooksBroken, KeyOfStranger, a Refusal of the registry, of its
    agreement with the books or of the witness, or DiskRefused.
    """
    with writing(folder, Acting(actor, clock), open_registry) as writer:
        snapshots = Snapshots(folder, snapshot, actor.signer)
        snapshots.written = writer.written
        books = (held and held()) or snapshots.load()
        # guard: no-event-after-errors
        if not with_errors:
            books.require_sound(but_for_facts=True)
        signer, named = actor.signer, books.history.operators.get(actor.operator)
        # guard: signed-with-the-named-key
        if signer is not None and named is not None and signer.public != named.key:
            raise KeyOfStranger(actor.operator)
        # guard: books-and-registry-agree
        try:
            require_agreement(books, writer.registry)
            writer.registry.anchors.settle(writer.head.seq)  # guard: anchors-settled
        except (BooksBehind, RegistryBehind):
            if not older:
                raise
        seen = read_witness(witness_file)
        if seen is not None:
            require_one_folder(seen, books)
            if not older:
                require_witnessed(seen, books, writer.registry)
        writer.after_witness = seen is not None
        with suppress(OSError):
            hand_out(books)
        work = Work(writer, books, seen)
        try:
            yield work
        finally:
            # Older books that were not accepted are not what was seen, and a machine that has seen
            # nothing has not by looking: the first event that it writes says so. What could not be
            # written now is written by the next command.
            known = not older and (seen is not None or work.backup_seq is not None)
            if known or work.has_written:
                with suppress(OSError):
                    see(witness_file, work, books)
        if work.has_written:
            snapshots.keep_after(work.books, writer.head)
        else:
            snapshots.keep()


def see(path: Path, work: Work, books: Books) -> None:
    """Remember the books as they stand, where that is anything new. Raises OSError."""
    events = tuple(digests_of_events(books.folder))
    now = Witness(
        books.settings.key,
        str(books.folder.resolve()),
        events,
        work.registry.log.head(),
        _in_backup(work, events),
    )
    if now != work.seen:
        write_witness(path, now)


def _in_backup(work: Work, events: Sequence[str]) -> int | None:
    """The newest event that is in a backup, and in the books where older ones are gone on with."""
    newest = work.backup_seq
    if newest is None or work.seen is None:
        return newest
    pairs = enumerate(zip(work.seen.events, events, strict=False))
    parted = next((seq for seq, (was, is_now) in pairs if was != is_now), len(events))
    # guard: backup-of-these-events
    if parted < len(work.seen.events):
        newest = min(newest, parted - 1)
    return newest if newest >= 0 else None
