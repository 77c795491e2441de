"""Writing events: one command at a time, and for each event one rename that makes it so.

Order of a command that writes: take the lock; recover; load; plan; build everything under
``.staging/``; keep frozen rows in the registry, and the event's anchor, pending; rename the
artefacts into ``payouts/``; rename the event into ``events/``, which is the commit; replace HEAD;
touch ``main.beancount``, because Fava does not see a new file of a glob otherwise; make the anchor
certain; hand out the artefacts of a batch that the event has approved; release the lock.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.base import durable
from ledger.base.actor_and_clock import Acting
from ledger.base.books_folder import EVENTS_FOLDER
from ledger.base.books_folder import HEAD_FILE
from ledger.base.books_folder import MAIN_FILE
from ledger.base.books_folder import PAYOUTS
from ledger.base.books_folder import STAGING
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.base.refusals import why
from ledger.books.batch_folder import hand_out
from ledger.books.batch_folder import place_of_papers
from ledger.books.books import Books
from ledger.books.lock import locked
from ledger.books.permissions import make_private
from ledger.books.permissions import readers
from ledger.books.recovery import recover
from ledger.books.recovery import remove_uncommitted
from ledger.books.settings import read_settings
from ledger.events.event_file import Drafting
from ledger.events.event_file import Head
from ledger.events.event_file import event_file_name
from ledger.events.signatures import read_signed
from ledger.model.ids import BatchId
from ledger.registry.registry import Registry

if TYPE_CHECKING:
    from ledger.books.rehearsal import Draft
    from ledger.books.rehearsal import Rehearsal


class DiskRefused(Refusal):
    """The disk does not take what a command writes."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            _("the disk refused ({reason}). Nothing was changed").format(reason=why(error))
        )


class Writer:
    """The books under the lock, recovered: writes events one after another.

    ``acting`` says who drafts and signs the next, and when. The ``registry`` knows of each event
    before it is in the books. ``after_witness``: this machine has seen what came before.
    """

    def __init__(self, folder: Path, head: Head, acting: Acting, registry: Registry) -> None:
        self.folder = folder
        self.head = head
        self.acting = acting
        self.after_witness = True
        self.registry = registry
        self.stage = folder / STAGING
        self.is_late = False
        # By the events' names below the books.
        self.written: dict[str, Digest] = {}
        self.refused: DiskRefused | None = None

    @property
    def seq(self) -> int:
        """The number of the event to be written."""
        return self.head.seq + 1

    @property
    def drafting(self) -> Drafting:
        """Where that event is drafted."""
        return Drafting(self.head, self.acting.stamp(), self.after_witness)

    def make_artefacts_folder(self, batch: BatchId) -> Path:
        """A new folder under the stage for what a batch sends and prints."""
        folder = self.stage / PAYOUTS / batch
        self._make_stage()
        durable.make_folder(folder)
        return folder

    def rehearsal(self, books: Books) -> Rehearsal:
        """Of events that are to follow the books."""
        # What writes no event needs nothing of it, nor of Beancount.
        from ledger.books.rehearsal import Rehearsal

        return Rehearsal(books, self.head, self.acting, after_witness=self.after_witness)

    def rehearse(self, books: Books, draft: Draft) -> Books:
        """The books as they would be with the event; their errors are facts.

        Raises RoleMissing, or EventRefused when it breaks a rule.
        """
        rehearsal = self.rehearsal(books)
        rehearsal.add(draft)
        return rehearsal.check()

    def commit(self, books: Books, draft: Draft) -> Books:
        """Write the event, and return the books with it.

        Raises EventRefused, RegistryRefused or DiskRefused.
        """
        rehearsal = self.rehearsal(books)
        rehearsal.add(draft)
        after = rehearsal.check()
        self.write(rehearsal.drafts)
        # The next command does it if it fails here.
        with suppress(OSError):
            hand_out(after)  # guard: handed-out-when-approved
        return after

    def write(self, drafts: Sequence[Draft]) -> None:
        """Write events that have been rehearsed. The caller has checked the books with them.

        Raises RegistryRefused when none was written. Raises DiskRefused at the first that is not
        in, and from then on for every other: what comes after it would not be true.
        """
        if self.refused:
            raise self.refused
        digests = [digest(draft.content) for draft in drafts]
        self.registry.anchors.pend(
            list(enumerate(digests, start=self.seq))
        )  # guard: event-promised
        try:
            for draft, sha256 in zip(drafts, digests, strict=True):
                self._write(draft, sha256)
        finally:
            # The next command settles what stays pending, by what is in the books then.
            with suppress(Refusal):
                self.registry.anchors.make_certain(self.head.seq)

    def _write(self, draft: Draft, sha256: Digest) -> None:
        before = self.head.sha256.encode("ascii")
        assert before in draft.content, "an event names the one before it"
        assert read_signed(draft.content), "an event is signed"
        try:
            self._put_in_place(draft)
        except OSError as error:
            self.refused = DiskRefused(error)
            raise self.refused from error
        # The event is in. What is left to do is finished by the next command if it fails here.
        name = event_file_name(self.seq, draft.kind, draft.batch)
        self.head = Head(self.seq, sha256)
        self.written[f"{EVENTS_FOLDER}/{name}"] = self.head.sha256
        self.is_late = True
        self.after_witness = True
        with suppress(OSError):
            self.finish()

    def _put_in_place(self, draft: Draft) -> None:
        if self.is_late:  # guard: head-not-late
            self.finish()
        name = event_file_name(self.seq, draft.kind, draft.batch)
        self._make_stage()
        staged = self.stage / name
        durable.write_file(staged, draft.content)
        durable.sync_tree(self.stage)
        if draft.artefacts is not None:
            papers = self.folder / place_of_papers(draft.batch, held=draft.held)
            durable.make_folder(self.folder / PAYOUTS, private=True)
            durable.make_folder(papers.parent, private=True)
            durable.rename(draft.artefacts, papers)
        durable.rename(staged, self.folder / EVENTS_FOLDER / name)

    def _make_stage(self) -> None:
        durable.make_folder(self.stage, private=True)

    def finish(self) -> None:
        """What follows the commit. HEAD may be one event late, and no more."""
        durable.replace_file(self.folder / HEAD_FILE, self.head.to_text().encode("ascii"))
        durable.touch(self.folder / MAIN_FILE)
        self.is_late = False


@contextmanager
def writing(
    folder: Path, acting: Acting, open_registry: Callable[[], Registry]
) -> Iterator[Writer]:
    """The books under the lock and recovered, with the registry open; what was staged and not
    committed is removed.
    """
    try:
        with locked(folder):
            head = recover(folder)
            who = readers(read_settings(folder).group)
            make_private(folder, who)
            try:
                with open_registry() as registry:
                    yield Writer(folder, head, acting, registry)
            finally:
                with suppress(OSError):
                    remove_uncommitted(folder)
                    make_private(folder, who)
    except OSError as error:
        raise DiskRefused(error) from error
