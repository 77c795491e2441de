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
from importers.results.matching import match_result
from importers.results.result_file import read_result
from ledger.batches import require_not_before
from ledger.books import Books
from ledger.file_name import file_name
from ledger.frozen_rows import rows_of_batch
from ledger.history import Batch
from ledger.history import Event
from ledger.history import names_of
from ledger.instructions import Instruction
from ledger.instructions import digest
from ledger.registry import Registry
from ledger.result_text import result_event
from ledger.results import Reply
from ledger.results import Settlement
from ledger.results import settle
from ledger.transitions import EventKind
from ledger.transitions import State
from ledger.writing import Draft
from ledger.writing import Writer

NOTHING = Settlement((), (), 0, 0)


@dataclass(frozen=True)
class ImportedResult:
    """What a result did. ``batch`` is as it stands after it.

    ``repeated``: the very same file was taken before. ``unclear`` are the instructions of this
    file whose payment is unknown now: the bank has to be asked. ``disputed`` are those that it
    calls paid although they came back; ``returned`` the ids of those whose payment it returned.
    ``correction_sheets`` are those made now for the towns of these; results that are imported
    together share them.
    """

    path: Path
    sha256: str
    batch: Batch
    settlement: Settlement
    unclear: tuple[Instruction, ...]
    disputed: tuple[Instruction, ...]
    returned: tuple[str, ...]
    correction_sheets: tuple[Path, ...] = ()
    sheets_refused: CorrectionSheetsRefused | None = None
    repeated: bool = False


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
        known = self.event_of(sha256)
        if known is not None:
            return self.outcome(file, sha256, known.batch, NOTHING, repeated=True)
        result = read_result(file_name(file.path), file.sheets, words=self.words)
        matched = match_result(result, self.sent_batches(), batch)
        settlement = settle(self.books.history, self.batch(matched.batch), replies_of(matched))
        if not settlement.changes_nothing:
            self.enter(file, sha256, matched.batch, settlement, on)
        return self.outcome(file, sha256, matched.batch, settlement)

    def batch(self, name: str) -> Batch:
        return self.books.history.batches[name]

    def event_of(self, sha256: str) -> Event | None:
        """The event of this very file, if it was taken."""
        for event in self.books.history.events:
            if event.kind == EventKind.RESULT and event.header.meta.get("original") == sha256:
                return event
        return None

    def returned_by(self, sha256: str) -> tuple[str, ...]:
        """Whose payments the file has returned."""
        event = self.event_of(sha256)
        batch = self.batch(event.batch) if event else None
        return tuple(
            str(entry.meta["payee-id"])
            for entry in (event.entries if event else ())
            if batch and batch.outcomes.get(entry.meta.get("payee-id", "")) == State.RETURNED
        )

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
            returned=self.returned_by(sha256),
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
