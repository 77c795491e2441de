"""A statement of the bank in: its new lines, each with what it is, into the books as one event."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from importers.incoming import Incoming
from importers.matching.statement_lines import StatementLines
from importers.matching.statement_lines import place_lines
from importers.matching.statement_lines import read_own_statement
from importers.tables.cell_text import compact
from ledger.bank.bank_account import account_ending
from ledger.bank.bank_account import account_holder
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.file_names import file_name
from ledger.base.masks import mask_numbers
from ledger.base.money import plain
from ledger.base.records import Record
from ledger.books.books import describe
from ledger.books.rehearsal import Draft
from ledger.events.statement_text import PlacedLine
from ledger.events.statement_text import statement_event
from ledger.figures.imports import IMPORT
from ledger.figures.imports import next_import
from ledger.model.accounts import TRANSIT
from ledger.model.bank_lines import Statement
from ledger.model.history import Batch
from ledger.model.history import EnteredLine
from ledger.model.history import Event
from ledger.model.ids import NO_BATCH
from ledger.model.ids import ImportId
from ledger.model.instructions import Instruction
from ledger.model.transitions import EventKind
from ledger.registry.frozen_rows import rows_of_batch
from ledger.registry.imports import import_id
from ledger.services.unit_of_work import Work


class ImportedStatement(Record):
    """What a statement did. ``new`` are the lines that were entered, ``known`` how many were.

    ``facts`` are the errors of the books afterwards that only say what has happened;
    ``repeated``: the very same file was taken before. ``entered_unexplained`` are the lines in
    suspense as they stand in the books. ``first_ending`` are the last digits of the account's
    number when nothing has said them before: the statements to come must have the same.
    ``import_id`` is under what it was taken in, None where nothing of it was new; ``doubted`` is
    in whose name the account is, where nobody has said before that it is the office's.
    """

    path: Path
    sha256: Digest
    statement: Statement
    new: tuple[PlacedLine, ...]
    known: int
    entered_unexplained: tuple[EnteredLine, ...] = ()
    facts: tuple[str, ...] = ()
    repeated: bool = False
    first_ending: str = ""
    import_id: ImportId | None = None
    doubted: str = ""

    @property
    def unexplained(self) -> list[PlacedLine]:
        return [placed for placed in self.new if placed.placement.is_unexplained]

    @property
    def matched(self) -> int:
        """How many of the new lines are a batch's money."""
        return sum(
            any(part.account == TRANSIT for part in placed.placement.parts) for placed in self.new
        )


class StatementImporter:
    """Takes one statement after another; each sees what those before it have done."""

    def __init__(self, work: Work, *, dry_run: bool) -> None:
        self.work = work
        self.dry_run = dry_run

    def read(self, file: Incoming) -> Statement:
        """The statement, proven by its balances. Raises a Refusal."""
        settings, today = self.work.books.settings, self.work.today
        return read_own_statement(file_name(file.path), file.sheets, settings, today)

    def doubted_holder(self, statement: Statement) -> str:
        """In whose name the account is, if that is neither the office nor who it was before."""
        books = self.work.books
        known = {compact(name) for name in (books.settings.unit, account_holder(books))}
        return "" if compact(statement.holder) in {"", *known} else statement.holder

    def take(self, file: Incoming, statement: Statement) -> ImportedStatement:
        """Take one statement. Raises a Refusal, and then nothing of the file was taken."""
        books = self.work.books
        books.require_sound(but_for_facts=True)
        sha256 = digest(file.content)
        repeated = self.event_of(sha256) is not None
        lines = place_lines(books, statement, self.rows_of)
        doubted = self.doubted_holder(statement) if lines.new else ""
        is_said = books.settings.statement_number or account_ending(books)
        number = self.enter(file, sha256, statement, lines) if lines.new else None
        books = self.work.books
        entered = books.history.lines
        return ImportedStatement(
            file.path,
            sha256,
            statement,
            lines.new,
            known=len(lines.ids) - len(lines.new),
            entered_unexplained=tuple(
                entered[placed.id] for placed in lines.new if placed.placement.is_unexplained
            ),
            facts=tuple(describe(error, books.folder) for error in books.errors),
            repeated=repeated and not lines.new,
            first_ending="" if is_said else lines.ending,
            import_id=number,
            doubted=doubted,
        )

    def event_of(self, sha256: Digest) -> Event | None:
        """The event of this very file, if it was taken."""
        for event in self.work.books.history.in_force:
            if event.kind == EventKind.STATEMENT and event.header.meta.get("original") == sha256:
                return event
        return None

    def rows_of(self, batch: Batch) -> Sequence[Instruction]:
        return rows_of_batch(self.work.registry, batch)

    def enter(
        self, file: Incoming, sha256: Digest, statement: Statement, lines: StatementLines
    ) -> ImportId | None:
        """Write the event, and keep the original that it is the evidence of; the import's id, or
        None where it is only tried.
        """
        number = import_id(next_import(self.work.registry, self.work.books.history))
        days = (statement.lines[0].date, statement.lines[-1].date)
        meta = {
            IMPORT: number,
            "original": sha256,
            "layout": statement.layout,
            "account": lines.ending,
            "holder": mask_numbers(statement.holder),
            "period": f"{days[0]} {days[1]}",
            "opening": _amount(statement.opening_fen),
            "closing": _amount(statement.closing_fen),
        }
        text = statement_event(
            self.work.writer.drafting, lines.account, lines.new, lines.opening, meta=meta
        )
        draft = Draft("statement", NO_BATCH, text.encode("utf-8"))
        if self.dry_run:
            self.work.books = self.work.writer.rehearse(self.work.books, draft)
            return None
        with self.work.keeping_evidence() as registry:
            registry.keep_original(file_name(file.path), "statement", file.content)
        self.work.commit(draft)
        return number


def _amount(amount_fen: int | None) -> str:
    return "" if amount_fen is None else plain(amount_fen)
