"""A result of the bank in: every row to its person, the answers into the books as one event."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

from importers.correction_sheets import CorrectionSheetsRefused
from importers.correction_sheets import write_correction_sheets
from importers.incoming import Incoming
from importers.results.answers import AnswerWords
from importers.results.matching import MatchedResult
from importers.results.matching import SentBatch
from importers.results.matching import batches_of_all_rows
from importers.results.matching import match_result
from importers.results.matching import named_in
from importers.results.result_file import ResultFile
from importers.results.result_file import read_result
from importers.results_taken import batches_of
from importers.results_taken import returned_by
from ledger.batches import require_not_before
from ledger.books import Books
from ledger.file_name import file_name
from ledger.frozen_rows import rows_of_batch
from ledger.history import Batch
from ledger.history import names_of
from ledger.instructions import Instruction
from ledger.instructions import digest
from ledger.registry import Registry
from ledger.result_text import result_event
from ledger.results import Reply
from ledger.results import Settlement
from ledger.results import settle
from ledger.transitions import State
from ledger.writing import Draft
from ledger.writing import Writer

NOTHING = Settlement((), (), (), 0, 0)


@dataclass(frozen=True)
class ImportedResult:
    """What a result did. ``batch`` is as it stands after it.

    ``repeated``: the very same file was taken before; ``fits_too`` are other batches that it could
    be the bank's answer for, as two answers may be the same to the letter. ``unclear`` are the
    instructions of this file whose payment is unknown now: the bank has to be asked. So it has of
    those of whom it says something else than it has said: ``disputed`` came back, ``doubtful``
    were paid. ``returned`` are the ids of those whose payment it returned. ``correction_sheets``
    are those made now for the towns of these; results that are imported together share them.
    """

    path: Path
    sha256: str
    batch: Batch
    settlement: Settlement
    unclear: tuple[Instruction, ...]
    disputed: tuple[Instruction, ...]
    doubtful: tuple[Instruction, ...]
    returned: tuple[str, ...]
    correction_sheets: tuple[Path, ...] = ()
    sheets_refused: CorrectionSheetsRefused | None = None
    repeated: bool = False
    fits_too: tuple[str, ...] = ()


class ResultImporter:
    """Takes one result after another; each sees what those before it have done."""

    def __init__(
        self,
        writer: Writer,
        books: Books,
        registry: Registry,
        *,
        words: AnswerWords,
        dry_run: bool,
    ) -> None:
        self.writer = writer
        self.books = books
        self.registry = registry
        self.words = words
        self.dry_run = dry_run
        self.rows: dict[str, Sequence[Instruction]] = {}

    def take(self, file: Incoming, on: datetime.date, *, batch: str | None) -> ImportedResult:
        """Take one result. Raises a Refusal, and then nothing of the file was taken."""
        self.books.require_sound(but_for_facts=True)
        sha256 = digest(file.content)
        result = read_result(file_name(file.path), file.sheets, words=self.words)
        known = batches_of(self.books.history, sha256)
        others = self.others_that_fit(result, known) if known and batch is None else []
        if len(named := named_in(file_name(file.path), others)) == 1:
            (batch,) = named
        if known and (batch is None or batch in known):
            outcome = self.outcome(file, sha256, batch or known[0], NOTHING, repeated=True)
            return replace(outcome, fits_too=tuple(others))
        matched, settlement = self.settle(result, batch)
        if not settlement.changes_nothing:
            self.enter(file, sha256, matched.batch, settlement, on)
        return self.outcome(file, sha256, matched.batch, settlement)

    def settle(self, result: ResultFile, batch: str | None) -> tuple[MatchedResult, Settlement]:
        """The payments that a result answers for, and what its answers mean for them."""
        matched = match_result(result, self.sent_batches(), batch)
        replies = replies_of(matched)
        return matched, settle(self.books.history, self.batch(matched.batch), replies)

    def others_that_fit(self, result: ResultFile, known: Sequence[str]) -> list[str]:
        """Batches that have all rows of a result, beside those known, and to which it is news."""
        live = [sent for sent in self.sent_batches() if not sent.is_void]
        return [
            name
            for name in batches_of_all_rows(result, live)
            if name not in known and not self.settle(result, name)[1].changes_nothing
        ]

    def batch(self, name: str) -> Batch:
        return self.books.history.batches[name]

    def sent_batches(self) -> list[SentBatch]:
        return [
            SentBatch(batch.id, batch.state, self.rows_of(batch))
            for batch in self.books.history.batches.values()
        ]

    def rows_of(self, batch: Batch) -> Sequence[Instruction]:
        if batch.id not in self.rows:
            self.rows[batch.id] = rows_of_batch(self.registry, batch)
        return self.rows[batch.id]

    def enter(
        self, file: Incoming, sha256: str, name: str, settlement: Settlement, on: datetime.date
    ) -> None:
        """Write the event, and keep the original that it is the evidence of."""
        batch = self.batch(name)
        require_not_before(batch, on)
        text = result_event(
            on,
            self.writer.seq,
            batch,
            settlement,
            self.books.history.standings,
            names_of(self.books.history, batch),
            previous=self.writer.previous,
            meta={"original": sha256},
        )
        draft = Draft("result", name, text)
        if self.dry_run:
            self.books = self.writer.rehearse(self.books, draft)
            return
        with self.registry.transaction():
            self.registry.keep_original(file_name(file.path), "result", file.content)
        self.books = self.writer.commit(self.books, draft)

    def outcome(
        self,
        file: Incoming,
        sha256: str,
        name: str,
        settlement: Settlement,
        *,
        repeated: bool = False,
    ) -> ImportedResult:
        """What to tell the user."""
        batch = self.batch(name)
        rows = {row.payee_id: row for row in self.rows_of(batch)}
        unclear = [
            rows[move.reply.payee]
            for move in settlement.moves
            if move.reply.outcome == State.UNKNOWN
        ]
        return ImportedResult(
            path=file.path,
            sha256=sha256,
            batch=batch,
            settlement=settlement,
            unclear=tuple(unclear),
            disputed=tuple(rows[payee] for payee in settlement.disputed),
            doubtful=tuple(rows[payee] for payee in settlement.doubtful),
            returned=returned_by(self.books.history, sha256, name),
            repeated=repeated,
        )

    def with_sheets(self, results: Sequence[ImportedResult]) -> list[ImportedResult]:
        """The results with correction sheets, one a town for all of a batch and a folder.

        Everybody is on one sheet for each return: a sheet that is mended later would else undo
        what an earlier one has mended. A sheet that was lost is made again by the same file, but
        those whom a file has put on a sheet before are on no other while their town has one.
        """
        done = list(results)
        groups: dict[tuple[Path, str], list[int]] = {}
        for place, result in enumerate(results):
            groups.setdefault((result.path.parent, result.batch.id), []).append(place)
        for (folder, name), places in groups.items():
            batch = self.batch(name)
            group = [results[place] for place in places]
            fresh, repeated = (_returned_by(group, repeated=which) for which in (False, True))
            sheets: dict[Path, frozenset[str]] = {}
            refused = None
            try:
                sheets = write_correction_sheets(
                    folder, self.books, self.registry, batch, fresh, repeated
                )
            except CorrectionSheetsRefused as refusal:
                refused = refusal
            for place in places:
                returned = results[place].returned
                own = tuple(path for path, listed in sheets.items() if listed & set(returned))
                done[place] = replace(results[place], correction_sheets=own, sheets_refused=refused)
        return done


def _returned_by(results: Sequence[ImportedResult], *, repeated: bool) -> set[str]:
    """Whom the results have returned that were taken before, or those that were not."""
    return {payee for one in results if one.repeated == repeated for payee in one.returned}


def replies_of(matched: MatchedResult) -> list[Reply]:
    """The answers by payee; a row without an answer says nothing."""
    return [
        Reply(row.payee_id, answer.outcome, answer.reason_class, answer.text)
        for row, result_row in matched.answers
        if (answer := result_row.answer) is not None
    ]
