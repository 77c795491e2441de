"""What the books hold of their batches: rows as they were sent, seals made again, manifests."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ledger.base.books_folder import MANIFEST
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.plain_files import read_plain
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.books.batch_folder import place_of_batch
from ledger.books.books import Books
from ledger.books.books import describe
from ledger.books.books import place
from ledger.books.checking import check_rows
from ledger.books.provenance import fingerprint_of_books
from ledger.events.event_file import Head
from ledger.events.event_file import digests_of_events
from ledger.events.read_ledger import ReadLedger
from ledger.model.findings import without_facts
from ledger.model.history import Batch
from ledger.model.history import Event
from ledger.model.ids import BatchId
from ledger.model.ids import Seal
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from ledger.model.seal import entries_digest
from ledger.model.seal import instruction_line
from ledger.model.seal import seal_of
from ledger.registry.frozen_rows import RowsMissing
from ledger.registry.frozen_rows import rows_of_batch
from ledger.registry.registry import Registry
from reports.verification.comparison.chain import Chain

# Findings that touch what a batch was: the chain of events, and its entries against its header.
OF_THE_BATCH = frozenset({"batch", "event", "plugin"})
# Where one of these is wrong, anybody may have written any event after it.
OF_THE_CHAIN = frozenset({"chain", "signature", "operator", "role"})


class SealedBatch(Record, dict=True):
    """A batch with its rows. ``faults`` say why the books cannot vouch for it; mostly none."""

    batch: Batch
    rows: tuple[Instruction, ...]
    faults: tuple[str, ...]

    @cached_property
    def by_town(self) -> Mapping[TownCode, list[Instruction]]:
        """The rows of each town's sheet, in its order."""
        towns: dict[TownCode, list[Instruction]] = {}
        for row in self.rows:
            towns.setdefault(row.town, []).append(row)
        return towns

    @cached_property
    def by_bank_file(self) -> Mapping[str, list[Instruction]]:
        """The rows of each bank file, in its order."""
        files: dict[str, list[Instruction]] = {}
        for row in self.rows:
            files.setdefault(row.bank_file, []).append(row)
        return {name: sorted(rows, key=lambda row: row.bank_row) for name, rows in files.items()}


class Manifest(Record):
    """What a batch's folder should hold. ``is_sealed``: it is the very one of the event."""

    batch: BatchId
    document: Mapping[str, Any]
    is_sealed: bool

    @property
    def files(self) -> list[dict[str, Any]]:
        files = self.document.get("files")
        return [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []

    @property
    def reading_back(self) -> Mapping[str, Any]:
        """How the files look, of a manifest that was made since it is recorded."""
        found = self.document.get("reading_back")
        return found if self.is_sealed and isinstance(found, dict) else {}


class Evidence:
    """Everything that a paper can be held against, read when it is asked for."""

    def __init__(
        self,
        books: Books,
        registry: Registry,
        today: datetime.date,
        disagreements: Sequence[str] = (),
    ) -> None:
        """``disagreements`` say where registry or witness speak against these books."""
        self.books = books
        self.registry = registry
        self.today = today
        self.disagreements = disagreements
        self._sealed: dict[BatchId, SealedBatch] = {}

    @property
    def batches(self) -> Mapping[BatchId, Batch]:
        return self.books.history.batches

    def sealed(self, name: BatchId) -> SealedBatch:
        """The batch of that name, its seal made again from its rows."""
        if name not in self._sealed:
            self._sealed[name] = self._seal_again(self.batches[name])
        return self._sealed[name]

    def _seal_again(self, batch: Batch) -> SealedBatch:
        faults = [problem.message for problem in check_rows(self.books, batch, self.registry)]
        try:
            rows = tuple(rows_of_batch(self.registry, batch))
        except RowsMissing:
            rows = ()
        if not faults and self._seal_of_rows(batch, rows) != batch.seal:
            faults.append(
                _("the seal of the registry's rows is not that of batch {batch}").format(
                    batch=batch.id
                )
            )
        return SealedBatch(batch, rows, (*faults, *self._ledger_faults(batch)))

    def _seal_of_rows(self, batch: Batch, rows: tuple[Instruction, ...]) -> Seal:
        frozen = self.registry.frozen(batch.rows)
        entries = entries_digest(map(instruction_line, rows))
        return seal_of(entries, digest(frozen or b""), batch.date, batch.salt)

    def _ledger_faults(self, batch: Batch) -> list[str]:
        """What the ledger itself finds wrong with the batch or with the chain of events."""
        own_file = place(batch.header.meta, self.books.folder)[0]
        return [
            describe(error, self.books.folder)
            for error in without_facts(self.books.errors)
            if getattr(error, "code", "") in OF_THE_CHAIN
            or (
                getattr(error, "code", "") in OF_THE_BATCH
                and place(error.source or {}, self.books.folder)[0] == own_file
            )
        ]

    @cached_property
    def chain(self) -> Chain:
        """The events as they lie there today."""
        return Chain(tuple(digests_of_events(self.books.folder)))

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the books' key in the safe."""
        return fingerprint_of_books(self.books)

    def books_at(self, head: Head, day: datetime.date) -> Books | None:
        """The books as they stood at an event, if it was the newest one on a day or after it.

        A paper that speaks as of a day and was made before has none to be held against.
        """
        later = [event for event in self.books.history.events if event.seq > head.seq]
        # guard: head-of-its-day
        if later and _recorded(later[0]) < day:
            return None
        dropped = {id(event.header) for event in later}
        dropped |= {id(entry) for event in later for entry in event.entries}
        kept = [entry for entry in self.books.entries if id(entry) not in dropped]
        return replace(self.books, ledger=ReadLedger(kept))

    @cached_property
    def manifests(self) -> Mapping[BatchId, Manifest]:
        """The manifests that lie in the batches' folders, by batch."""
        found = {}
        for name, batch in self.batches.items():
            try:
                content = read_plain(self.books.folder / place_of_batch(batch) / MANIFEST)
                document = json.loads(content)
            except (OSError, ValueError):
                continue
            if isinstance(document, dict):
                found[name] = Manifest(name, document, digest(content) == batch.manifest)
        return found

    def reading_back(self, name: BatchId) -> Mapping[str, Any]:
        """What the manifest of a batch says of how its files look; empty where it does not."""
        manifest = self.manifests.get(name)
        return manifest.reading_back if manifest else {}


def _recorded(event: Event) -> datetime.date:
    """The day on which an event was entered, whatever day it is of."""
    try:
        return datetime.datetime.fromisoformat(str(event.header.meta.get("recorded"))).date()
    except ValueError:
        return datetime.date.min
