"""Results of the bank in: every row to its person, the answers of each file into one event."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from importers.corrections.correction_sheets import CorrectionSheetsRefused
from importers.corrections.correction_sheets import write_correction_sheets
from importers.incoming import Incoming
from importers.incoming import RefusedFile
from importers.results.answers import AnswerWords
from importers.results.imported_before import batches_of
from importers.results.imported_before import returned_by
from importers.results.matching import MatchedResult
from importers.results.matching import SentBatch
from importers.results.matching import SentPayments
from importers.results.matching import batches_of_all_rows
from importers.results.matching import match_result
from importers.results.matching import named_in
from importers.results.result_file import ResultFile
from importers.results.result_file import read_result
from importers.results.words import OwnHeadings
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.file_names import file_name
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import require_not_before
from ledger.books.rehearsal import Draft
from ledger.books.writing import DiskRefused
from ledger.disbursement.printed_by import SettingsNotKept
from ledger.disbursement.printed_by import printed_then
from ledger.events.result_text import result_event
from ledger.figures.imports import IMPORT
from ledger.figures.imports import next_import
from ledger.model.history import Batch
from ledger.model.history import names_of
from ledger.model.ids import BatchId
from ledger.model.ids import ImportId
from ledger.model.ids import PayeeId
from ledger.model.instructions import Instruction
from ledger.model.transitions import State
from ledger.payments.settlement import PayeeAnswer
from ledger.payments.settlement import Settlement
from ledger.payments.settlement import settle
from ledger.registry.frozen_rows import rows_of_batch
from ledger.registry.imports import import_id
from ledger.registry.registry_file import RegistryRefused
from ledger.services.unit_of_work import Work

NOTHING = Settlement((), (), (), 0, 0)


class ImportedResult(Record):
    """What a result did. ``batch`` is as it stands after it.

    ``repeated``: the very same file was taken before; ``fits_too`` are other batches that it could
    be the bank's answer for, as two answers may be the same to the letter. ``unclear`` are the
    instructions of this file whose payment is unknown now: the bank has to be asked. So it has of
    those of whom it says something else than it has said: ``disputed`` came back, ``doubtful``
    were paid. ``returned`` are the ids of those whose payment it returned. ``correction_sheets``
    are those made now for the towns of these; results that are imported together share them.
    ``import_id`` is under what it was taken in, None where it has changed nothing.
    """

    path: Path
    sha256: Digest
    batch: Batch
    settlement: Settlement
    unclear: tuple[Instruction, ...]
    disputed: tuple[Instruction, ...]
    doubtful: tuple[Instruction, ...]
    returned: tuple[PayeeId, ...]
    correction_sheets: tuple[Path, ...] = ()
    sheets_refused: CorrectionSheetsRefused | None = None
    repeated: bool = False
    fits_too: tuple[BatchId, ...] = ()
    import_id: ImportId | None = None


class ResultImporter:
    """Takes results one after another; each sees what those before it say."""

    def __init__(
        self, work: Work, *, words: AnswerWords, headings: OwnHeadings, dry_run: bool
    ) -> None:
        self.work = work
        self.words = words
        self.headings = headings
        self.dry_run = dry_run
        self.rehearsal = work.writer.rehearsal(work.books)
        self.rows: dict[BatchId, Sequence[Instruction]] = {}
        self.names: dict[BatchId, Mapping[PayeeId, str]] = {}
        self.payments: SentPayments | None = None

    def take(
        self, files: Sequence[Incoming], on: datetime.date, *, batch: BatchId | None
    ) -> list[ImportedResult | RefusedFile]:
        """Take results in their order, each whole or not at all.

        The ledger is held against the rules with all of them at once: where that, or the
        registry, refuses, each is taken by itself. When the disk refuses an event, those before
        it are in, and no other is.
        """
        before, self.rehearsal = self.work.books, self.work.writer.rehearsal(self.work.books)
        drafts: list[tuple[int, Draft]] = []
        outcomes: list[ImportedResult | RefusedFile] = []
        for number, file in enumerate(files):
            try:
                outcome, draft = self.read(file, on, batch)
            except Refusal as refusal:
                outcomes.append(RefusedFile(file.path, refusal))
            else:
                outcomes.append(outcome)
                drafts += [(number, draft)] if draft else []
        try:
            self.work.books = self.rehearsal.check()
            if drafts and not self.dry_run:
                self.keep_originals([files[number] for number, _draft in drafts])
        except Refusal as refusal:
            self.work.books = before
            if len(files) == 1:
                return [RefusedFile(files[0].path, refusal)]
            return [one for file in files for one in self.take([file], on, batch=batch)]
        if self.dry_run or not drafts:
            return outcomes
        writer, written = self.work.writer, self.work.writer.rehearsal(before)
        first = writer.seq
        try:
            writer.write([draft for _number, draft in drafts])
        except (DiskRefused, RegistryRefused) as refusal:
            done = writer.seq - first
            for _number, draft in drafts[:done]:
                written.add(draft)
            self.work.books = written.check()
            number, _draft = drafts[done]
            refused = [RefusedFile(file.path, refusal) for file in files[number:]]
            return [*outcomes[:number], *refused]
        return outcomes

    def read(
        self, file: Incoming, on: datetime.date, batch: BatchId | None
    ) -> tuple[ImportedResult, Draft | None]:
        """What a result does, and its event if it does anything. Raises a Refusal."""
        self.work.books.require_sound(but_for_facts=True)
        sha256 = digest(file.content)
        result = read_result(file_name(file.path), file.sheets, self.words, self.headings)
        known = batches_of(self.rehearsal.history, sha256)
        others = self.others_that_fit(result, known) if known and batch is None else []
        if len(named := named_in(file_name(file.path), others)) == 1:
            (batch,) = named
        if known and (batch is None or batch in known):  # guard: same-file-known
            outcome = self.outcome(file, sha256, batch or known[0], NOTHING, repeated=True)
            return replace(outcome, fits_too=tuple(others)), None
        matched, settlement = self.settle(result, batch)
        draft = number = None
        if not settlement.changes_nothing:
            number = import_id(next_import(self.work.registry, self.rehearsal.history))
            draft = self.draft(sha256, number, matched.batch, settlement, on)
            draft = self.rehearsal.add(draft)
        outcome = self.outcome(file, sha256, matched.batch, settlement)
        return replace(outcome, import_id=None if self.dry_run else number), draft

    def settle(self, result: ResultFile, batch: BatchId | None) -> tuple[MatchedResult, Settlement]:
        """The payments that a result answers for, and what its answers mean for them."""
        matched = match_result(result, self.sent_batches(), batch, payments=self.sent_payments())
        answers = payee_answers_of(matched)
        return matched, settle(self.rehearsal.history, self.batch(matched.batch), answers)

    def others_that_fit(self, result: ResultFile, known: Sequence[BatchId]) -> list[BatchId]:
        """Batches that have all rows of a result, beside those known, and to which it is news."""
        live = [sent.id for sent in self.sent_batches() if not sent.is_void]
        return [
            name
            for name in batches_of_all_rows(result, live, self.sent_payments())
            if name not in known and not self.settle(result, name)[1].changes_nothing
        ]

    def batch(self, name: BatchId) -> Batch:
        return self.rehearsal.history.batches[name]

    def sent_batches(self) -> list[SentBatch]:
        return [
            SentBatch(batch.id, batch.state, self.rows_of(batch), partial(self.remark_of, batch))
            for batch in self.rehearsal.history.batches.values()
        ]

    def remark_of(self, batch: Batch) -> str:
        """What the batch told the bank; nothing where nobody has kept that."""
        try:
            return printed_then(self.work.registry, batch).remark
        except SettingsNotKept:
            return ""

    def sent_payments(self) -> SentPayments:
        """Every payment that was ever sent; a result sends nobody anything."""
        if self.payments is None:
            self.payments = SentPayments(self.sent_batches())
        return self.payments

    def rows_of(self, batch: Batch) -> Sequence[Instruction]:
        if batch.id not in self.rows:
            self.rows[batch.id] = rows_of_batch(self.work.registry, batch)
        return self.rows[batch.id]

    def names_of(self, batch: Batch) -> Mapping[PayeeId, str]:
        if batch.id not in self.names:
            self.names[batch.id] = names_of(self.rehearsal.history, batch)
        return self.names[batch.id]

    def draft(
        self,
        sha256: Digest,
        number: ImportId,
        name: BatchId,
        settlement: Settlement,
        on: datetime.date,
    ) -> Draft:
        """The event of a result that changes something."""
        batch = self.batch(name)
        require_not_before(batch, on, self.work.today)
        text = result_event(
            on,
            self.rehearsal.drafting,
            batch,
            settlement,
            self.rehearsal.history.standings_in(batch.stage),
            self.names_of(batch),
            payment=self.work.books.programme.payment,
            meta={IMPORT: number, "original": sha256},
        )
        return Draft("result", name, text.encode("utf-8"))

    def keep_originals(self, files: Sequence[Incoming]) -> None:
        """Keep the bank's files, which are the evidence of the events."""
        with self.work.keeping_evidence() as registry:
            for file in files:
                registry.keep_original(file_name(file.path), "result", file.content)

    def outcome(
        self,
        file: Incoming,
        sha256: Digest,
        name: BatchId,
        settlement: Settlement,
        *,
        repeated: bool = False,
    ) -> ImportedResult:
        """What to tell the user."""
        batch = self.batch(name)
        asked = {
            *settlement.disputed,
            *settlement.doubtful,
            *(m.answer.payee for m in settlement.moves if m.answer.outcome == State.UNKNOWN),
        }
        rows = {row.payee_id: row for row in self.rows_of(batch) if row.payee_id in asked}
        unclear = [
            rows[move.answer.payee]
            for move in settlement.moves
            if move.answer.outcome == State.UNKNOWN
        ]
        return ImportedResult(
            path=file.path,
            sha256=sha256,
            batch=batch,
            settlement=settlement,
            unclear=tuple(unclear),
            disputed=tuple(rows[payee] for payee in settlement.disputed),
            doubtful=tuple(rows[payee] for payee in settlement.doubtful),
            returned=returned_by(self.rehearsal.history, sha256, name),
            repeated=repeated,
        )

    def with_sheets(
        self, outcomes: Sequence[ImportedResult | RefusedFile]
    ) -> list[ImportedResult | RefusedFile]:
        """The results with correction sheets, one a town for all of a batch and a folder.

        Everybody is on one sheet for each return: a sheet that is corrected later would else undo
        what an earlier one has corrected. A sheet that was lost is made again by the same file, but
        those whom a file has put on a sheet before are on no other while their town has one.
        """
        done = list(outcomes)
        results = {
            place: one for place, one in enumerate(outcomes) if isinstance(one, ImportedResult)
        }
        groups: dict[tuple[Path, BatchId], list[int]] = {}
        for place, result in results.items():
            groups.setdefault((result.path.parent, result.batch.id), []).append(place)
        for (folder, name), places in groups.items():
            batch = self.work.books.history.batches[name]
            group = [results[place] for place in places]
            fresh, repeated = (_returned_by(group, repeated=which) for which in (False, True))
            sheets: dict[Path, frozenset[PayeeId]] = {}
            refused = None
            try:
                sheets = write_correction_sheets(
                    folder, self.work.books, self.work.registry, batch, fresh, repeated
                )
            except CorrectionSheetsRefused as refusal:
                refused = refusal
            for place in places:
                returned = results[place].returned
                own = tuple(path for path, listed in sheets.items() if listed & set(returned))
                done[place] = replace(results[place], correction_sheets=own, sheets_refused=refused)
        return done


def _returned_by(results: Sequence[ImportedResult], *, repeated: bool) -> set[PayeeId]:
    """Whom the results have returned that were taken before, or those that were not."""
    return {payee for one in results if one.repeated == repeated for payee in one.returned}


def payee_answers_of(matched: MatchedResult) -> list[PayeeAnswer]:
    """The answers by payee; a row without an answer says nothing."""
    return [
        PayeeAnswer(row.payee_id, answer.outcome, answer.reason_class, answer.text)
        for row, result_row in matched.answers
        if (answer := result_row.answer) is not None
    ]
