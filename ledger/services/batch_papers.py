"""The papers of a batch are written again, from its frozen rows and what it was printed by."""

from __future__ import annotations

import json
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.base import durable
from ledger.base.books_folder import MANIFEST
from ledger.base.books_folder import RESTORED
from ledger.base.digests import digest
from ledger.base.digests import file_digest
from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.plain_files import Kind
from ledger.base.plain_files import is_file
from ledger.base.plain_files import is_folder
from ledger.base.plain_files import kind_of
from ledger.base.plain_files import not_plain
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.base.refusals import why
from ledger.books.batch_folder import place_of_batch
from ledger.books.batch_lookup import find_batch
from ledger.books.provenance import fingerprint_of_books
from ledger.books.rehearsal import require_role
from ledger.books.restored_papers import Restored
from ledger.books.restored_papers import is_paper
from ledger.books.restored_papers import read_restored
from ledger.books.restored_papers import restored_text
from ledger.disbursement.printed_by import SettingsNotKept
from ledger.disbursement.printed_by import printed_then
from ledger.model.history import Batch
from ledger.model.ids import BatchId
from ledger.model.transitions import EventKind
from ledger.registry.frozen_rows import RowsMissing
from ledger.services.unit_of_work import Work
from reports.payout.payout_files import Papers
from reports.payout.payout_files import Track
from reports.payout.payout_files import make_files
from reports.payout.sheets_beside import drawing_process
from reports.verification.comparison.evidence import Evidence
from reports.verification.verifying import by_rows

RIGHT, AGAIN, BY_CONTENT = "right", "restored", "restored_by_content"


class NoSuchPaper(Refusal):
    """The batch has no file of that name."""

    def __init__(self, batch: BatchId, file: str, known: Sequence[str]) -> None:
        message = _("batch {batch} has no file {file}; it has {known}")
        super().__init__(
            message.format(batch=batch, file=file, known=listed(known)),
            batch=batch,
            known=list(known),
        )


class NotAsPrinted(Refusal):
    """A paper that was made anew does not say what the batch's rows say."""

    def __init__(self, batch: BatchId, file: str) -> None:
        message = _(
            "{file} of batch {batch} does not come out as it was, and was not written: restore it"
            " from a backup"
        )
        super().__init__(message.format(file=file, batch=batch), batch=batch, paper=file)


class PaperNotReplaced(Refusal):
    """In place of a paper, or of the batch's folder, stands something that is not written over."""

    def __init__(self, batch: BatchId, place: str, kind: Kind) -> None:
        message = _("no paper of batch {batch} was written again: {place}: {problem}")
        super().__init__(
            message.format(batch=batch, place=place, problem=not_plain(kind)),
            batch=batch,
            place=place,
        )


class NotAllRestored(Refusal):
    """The disk has refused one of several papers."""

    def __init__(self, batch: BatchId, error: OSError) -> None:
        message = _(
            "the disk refused ({reason}). What was written again of batch {batch} stays; do it once"
            " more for the rest"
        )
        super().__init__(message.format(reason=why(error), batch=batch), batch=batch)


class Paper(Record):
    """A file of the batch. ``state``: it was ``right``, it is ``restored`` to the byte, or it is
    ``restored_by_content``, with other bytes and every row compared.
    """

    name: str
    state: str


def restore_papers(work: Work, name: BatchId, file: str, track: Track) -> list[Paper]:
    """Write a batch's lost or changed papers again, or one of them. A right one is not touched.

    Raises NoSuchPaper, PaperNotReplaced, SettingsNotKept, RowsMissing, NotAsPrinted or
    NotAllRestored.
    """
    batch = find_batch(work.books, name)
    require_role(work.books.history, work.acting.actor.operator, EventKind.PREPARED)
    manifest = work.registry.frozen(batch.manifest)
    if manifest is None or digest(manifest) != batch.manifest:  # guard: manifest-as-sealed
        raise SettingsNotKept(batch.id)
    digests = {one["name"]: one["sha256"] for one in json.loads(manifest)["files"]}
    wanted = [Path(file).name] if file else [MANIFEST, *digests]
    if unknown := [one for one in wanted if one not in (MANIFEST, *digests)]:
        raise NoSuchPaper(batch.id, unknown[0], [MANIFEST, *digests])
    return _Restoring(work, batch, manifest, digests, track).restore(wanted)


@dataclass
class _Restoring:
    """One batch, its manifest and the digests in it."""

    work: Work
    batch: Batch
    manifest: bytes
    digests: dict[str, str]
    track: Track

    @property
    def folder(self) -> Path:
        return self.work.books.folder / place_of_batch(self.batch)

    def restore(self, wanted: Iterable[str]) -> list[Paper]:
        restored = read_restored(self.folder, self.batch, self.work.books.history)
        states = {name: RIGHT if self.is_right(name, restored) else "" for name in wanted}
        # guard: right-paper-untouched
        wrong = [name for name, state in states.items() if not state]
        if wrong:
            self.require_room(wrong)
            stage = self.work.writer.make_artefacts_folder(self.batch.id)
            durable.write_file(stage / MANIFEST, self.manifest)
            if wrong != [MANIFEST]:
                self.make_all(stage)
            other = self.with_other_bytes(stage, wrong)
            states |= {name: BY_CONTENT if name in other else AGAIN for name in wrong}
            if other:
                self.sign(stage, {**restored, **other})
            # What says that other bytes are right comes before them.
            durable.sync_tree(stage)
            self.put_in_place(stage, [RESTORED, *wrong] if other else wrong)
        return [Paper(name, state) for name, state in states.items()]

    def require_room(self, wrong: Iterable[str]) -> None:
        """Raises PaperNotReplaced."""
        place = place_of_batch(self.batch)
        kind = kind_of(self.folder)
        if kind not in (None, Kind.FOLDER):  # guard: folder-for-papers
            raise PaperNotReplaced(self.batch.id, place, kind)
        for name in (*wrong, RESTORED):
            if is_folder(self.folder / name):  # guard: no-folder-for-a-paper
                raise PaperNotReplaced(self.batch.id, f"{place}/{name}", Kind.FOLDER)

    def is_right(self, name: str, restored: Restored) -> bool:
        path = self.folder / name
        if not is_file(path):
            return False
        due = self.batch.manifest if name == MANIFEST else self.digests[name]
        return is_paper(name, file_digest(path), due, restored)

    def make_all(self, stage: Path) -> None:
        """Every file of the batch, as when it was made."""
        books, registry = self.work.books, self.work.registry
        sealed = Evidence(books, registry, self.work.today).sealed(self.batch.id)
        if sealed.faults:  # guard: papers-of-sealed-rows
            raise RowsMissing(self.batch.id)
        papers = Papers(
            self.batch.id, self.batch.date, self.batch.seal, sealed.rows,
            printed_then(registry, self.batch), fingerprint_of_books(books),
        )  # fmt: skip
        with drawing_process(len(papers.rows)) as process:
            make_files(stage, papers, self.track, process)

    def with_other_bytes(self, stage: Path, wrong: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Which of the papers differ from the manifest's, with both digests; every row of them is
        as in the books.
        """
        other = {}
        evidence = Evidence(self.work.books, self.work.registry, self.work.today)
        for name in wrong:
            now = file_digest(stage / name)
            if name == MANIFEST or now == self.digests[name]:
                continue
            verdict = by_rows(evidence, stage / name)
            of_batch = verdict.batch is not None and verdict.batch.id == self.batch.id
            # guard: other-bytes-same-rows
            if verdict.differences or verdict.problems or not of_batch:
                raise NotAsPrinted(self.batch.id, name)
            other[name] = (self.digests[name], str(now))
        return other

    def sign(self, stage: Path, restored: Restored) -> None:
        actor = self.work.acting.actor
        assert actor.signer is not None, "who restores papers signs for them"
        text = restored_text(self.batch, actor.operator, restored, actor.signer.sign)
        durable.write_file(stage / RESTORED, text)

    def put_in_place(self, stage: Path, names: Iterable[str]) -> None:
        try:
            durable.make_folder(self.folder, private=True)
            for name in names:
                durable.move_over(stage / name, self.folder / name)
        except OSError as error:
            raise NotAllRestored(self.batch.id, error) from error
