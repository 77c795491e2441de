"""A statement of the bank in: its new lines, each with what it is, into the books as one event."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from beancount.core import data

from importers.incoming import Incoming
from importers.statements.batch_money import money_of_batches
from importers.statements.continuing import new_lines
from importers.statements.layouts import fixed_layout
from importers.statements.placing import Placer
from importers.statements.proof import prove
from importers.statements.statement_file import read_statement
from ledger.accounts import SUSPENSE
from ledger.accounts import TRANSIT
from ledger.bank_account import OnStatement
from ledger.bank_account import bank_account
from ledger.bank_account import hand_entries
from ledger.bank_account import lines_on_statements
from ledger.bank_account import not_on_statements
from ledger.bank_account import opening_fen
from ledger.bank_account import total_fen
from ledger.bank_lines import Statement
from ledger.bank_lines import line_ids
from ledger.books import Books
from ledger.books import describe
from ledger.frozen_rows import rows_of_batch
from ledger.history import Batch
from ledger.history import EnteredLine
from ledger.history import Event
from ledger.instructions import Instruction
from ledger.instructions import digest
from ledger.language import gettext as _
from ledger.money import grouped
from ledger.money import plain
from ledger.refusal import Refusal
from ledger.registry import Registry
from ledger.settings import SETTINGS_FILE
from ledger.statement_text import PlacedLine
from ledger.statement_text import statement_event
from ledger.transitions import EventKind
from ledger.writing import Draft
from ledger.writing import Writer

SHOWN_DIGITS = 4


class OtherAccount(Refusal):
    """A statement of another account than the office's."""

    def __init__(self, file: str, found: str, expected: str) -> None:
        message = _(
            "{file} is of the account that ends in {found}; the office's ends in {expected}"
            " ({settings}, statement.number)"
        )
        super().__init__(
            message.format(
                file=file,
                found=found[-SHOWN_DIGITS:],
                expected=expected[-SHOWN_DIGITS:],
                settings=SETTINGS_FILE,
            )
        )


class OpeningDiffers(Refusal):
    """The bank had another balance than the books when the statement begins."""

    def __init__(self, statement: Statement, day: datetime.date, bank: int, books: int) -> None:
        message = _(
            "{file}: at the beginning of {day} the bank had {bank}, and by the books it had"
            " {books}. Nothing was taken: import the earlier statements first, or enter the"
            " opening balance in journal/hand.beancount"
        )
        super().__init__(
            message.format(file=statement.file, day=day, bank=grouped(bank), books=grouped(books))
        )


class RuleAccountUnknown(Refusal):
    """A rule of the settings names an account that the books do not have on that day."""

    def __init__(self, account: str, day: datetime.date) -> None:
        message = _(
            "{settings}, statement.rule: {account} is no open account on {day}; correct the rule"
            " or open the account in accounts.beancount"
        )
        super().__init__(message.format(settings=SETTINGS_FILE, account=account, day=day))


@dataclass(frozen=True)
class ImportedStatement:
    """What a statement did. ``new`` are the lines that were entered, ``known`` how many were.

    ``facts`` are the errors of the books afterwards that only say what has happened;
    ``repeated``: the very same file was taken before. ``entered_unexplained`` are the lines in
    suspense as they stand in the books.
    """

    path: Path
    sha256: str
    statement: Statement
    new: tuple[PlacedLine, ...]
    known: int
    entered_unexplained: tuple[EnteredLine, ...] = ()
    facts: tuple[str, ...] = ()
    repeated: bool = False

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

    def __init__(self, writer: Writer, books: Books, registry: Registry, *, dry_run: bool) -> None:
        self.writer = writer
        self.books = books
        self.registry = registry
        self.dry_run = dry_run
        self.layouts = [fixed_layout(table) for table in books.settings.statement_layouts]

    def read(self, file: Incoming) -> Statement:
        """The statement, proven by its balances. Raises a Refusal."""
        statement = read_statement(file.path.name, file.sheets, self.layouts)
        prove(statement)
        self.require_own(statement)
        return statement

    def take(self, file: Incoming, statement: Statement) -> ImportedStatement:
        """Take one statement. Raises a Refusal, and then nothing of the file was taken."""
        self.books.require_sound(but_for_facts=True)
        sha256 = digest(file.content)
        account = bank_account(self.books)
        ids = line_ids(account, statement.lines)
        known = self.books.history.lines
        places = new_lines(statement, ids, known)
        repeated = self.event_of(sha256) is not None
        new = self.place([(ids[place], place) for place in places], statement)
        if new:
            self.enter(file, sha256, account, statement, new)
        entered = self.books.history.lines
        return ImportedStatement(
            file.path,
            sha256,
            statement,
            tuple(new),
            known=len(ids) - len(new),
            entered_unexplained=tuple(
                entered[placed.id] for placed in new if placed.placement.is_unexplained
            ),
            facts=tuple(describe(error, self.books.folder) for error in self.books.errors),
            repeated=repeated and not new,
        )

    def require_own(self, statement: Statement) -> None:
        """The statement is of the office's account, where both say which that is."""
        expected = self.books.settings.statement_number
        found = "".join(sign for sign in statement.number if sign.isdigit())
        if expected and found and not (found.endswith(expected) or expected.endswith(found)):
            raise OtherAccount(statement.file, found, expected)

    def event_of(self, sha256: str) -> Event | None:
        """The event of this very file, if it was taken."""
        for event in self.books.history.events:
            if event.kind == EventKind.STATEMENT and event.header.meta.get("original") == sha256:
                return event
        return None

    def place(self, new: Sequence[tuple[str, int]], statement: Statement) -> list[PlacedLine]:
        """What each of the new lines is."""
        if not new:
            return []
        by_hand = not_on_statements(
            hand_entries(self.books), lines_on_statements(self.books)
        ).waiting
        placer = Placer(
            money_of_batches(self.books, self.rows_of),
            self.books.settings.statement_rules,
            [(entry.date, entry.amount_fen) for entry in by_hand],
        )
        placed = [
            PlacedLine(name, statement.lines[place], placer.place(statement.lines[place]))
            for name, place in new
        ]
        self.require_open(placed)
        return placed

    def rows_of(self, batch: Batch) -> Sequence[Instruction]:
        return rows_of_batch(self.registry, batch)

    def require_open(self, lines: Sequence[PlacedLine]) -> None:
        """Every account is open on the day. Raises RuleAccountUnknown."""
        opens = [entry for entry in self.books.entries if isinstance(entry, data.Open)]
        opened = {entry.account: entry.date for entry in opens}
        for placed in lines:
            for part in placed.placement.parts:
                if part.account in (SUSPENSE, TRANSIT):
                    continue
                if opened.get(part.account, datetime.date.max) > placed.line.date:
                    raise RuleAccountUnknown(part.account, placed.line.date)

    def enter(
        self,
        file: Incoming,
        sha256: str,
        account: str,
        statement: Statement,
        new: Sequence[PlacedLine],
    ) -> None:
        """Write the event, and keep the original that it is the evidence of."""
        days = (statement.lines[0].date, statement.lines[-1].date)
        meta = {
            "original": sha256,
            "layout": statement.layout,
            "period": f"{days[0]} {days[1]}",
            "opening": _amount(statement.opening_fen),
            "closing": _amount(statement.closing_fen),
        }
        text = statement_event(
            self.writer.seq,
            account,
            new,
            self.opening_of_last_day(statement, new),
            previous=self.writer.previous,
            meta=meta,
        )
        draft = Draft("statement", "", text)
        if self.dry_run:
            self.books = self.writer.rehearse(self.books, draft)
            return
        with self.registry.transaction():
            self.registry.keep_original(file.path.name, "statement", file.content)
        self.books = self.writer.commit(self.books, draft)

    def opening_of_last_day(
        self, statement: Statement, new: Sequence[PlacedLine]
    ) -> tuple[datetime.date, int] | None:
        """What the bank had when the last day began, to be asserted; None when it does not say.

        Nor while books and bank differ on that day by what was entered by hand, as the
        reconciliation shows. Raises OpeningDiffers when the first statement of all does not begin
        with what the books have.
        """
        day = statement.lines[-1].date
        first = next(line for line in statement.lines if line.date == day)
        lines = lines_on_statements(self.books) + list(map(_on_statement, new))
        by_hand = not_on_statements(hand_entries(self.books), lines)
        bank_fen = opening_fen(lines[0])
        if bank_fen is not None and total_fen(by_hand.opening) != bank_fen:
            raise OpeningDiffers(statement, lines[0].date, bank_fen, total_fen(by_hand.opening))
        differs = (
            any(entry.date < day for entry in by_hand.waiting)
            or any(entry.date >= day for entry in by_hand.opening)
            or any(one.by_hand and (one.by_hand < day) != (one.date < day) for one in lines)
        )
        if first.balance_fen is None or differs:
            return None
        return day, first.balance_fen - first.amount_fen


def _on_statement(placed: PlacedLine) -> OnStatement:
    line = placed.line
    return OnStatement(line.date, line.amount_fen, line.balance_fen, placed.placement.by_hand)


def _amount(amount_fen: int | None) -> str:
    return "" if amount_fen is None else plain(amount_fen)
