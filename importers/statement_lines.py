"""A statement of the office's account: read, proven, and what each of its new lines is.

Nothing is written here; :mod:`importers.statement_import` enters the lines.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

from beancount.core import data

from importers.statements.batch_money import money_of_batches
from importers.statements.continuing import new_lines
from importers.statements.layouts import FixedLayout
from importers.statements.layouts import fixed_layout
from importers.statements.placing import Placer
from importers.statements.proof import prove
from importers.statements.statement_file import read_statement
from importers.tables.reading import Sheet
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
from ledger.history import Batch
from ledger.instructions import Instruction
from ledger.language import gettext as _
from ledger.money import grouped
from ledger.refusal import Refusal
from ledger.settings import SETTINGS_FILE
from ledger.settings import Settings
from ledger.statement_text import PlacedLine

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
class StatementLines:
    """What a statement means for the books. ``ids`` are those of its lines, in their order.

    ``new`` are the lines that the books do not have yet; ``opening`` is what the bank had in fen
    when the statement's last day began, None where that cannot be asserted.
    """

    account: str
    ids: tuple[str, ...]
    new: tuple[PlacedLine, ...]
    opening: tuple[datetime.date, int] | None


def fixed_layouts(settings: Settings) -> list[FixedLayout]:
    """The layouts that the settings fix. Raises MalformedToml."""
    return list(map(fixed_layout, settings.statement_layouts))


def read_own_statement(name: str, sheets: Sequence[Sheet], settings: Settings) -> Statement:
    """The office's statement in a file, proven by its balances. Raises a Refusal."""
    statement = read_statement(name, sheets, fixed_layouts(settings))
    prove(statement)
    expected = settings.statement_number
    found = "".join(sign for sign in statement.number if sign.isdigit())
    if expected and found and not (found.endswith(expected) or expected.endswith(found)):
        raise OtherAccount(statement.file, found, expected)
    return statement


def place_lines(
    books: Books, statement: Statement, rows_of: Callable[[Batch], Sequence[Instruction]]
) -> StatementLines:
    """What the new lines of a statement are. Raises a Refusal for one that does not go on.

    ``rows_of`` are the rows of a batch as sent. Without rows a batch is known by its whole sums.
    """
    account = bank_account(books)
    ids = line_ids(account, statement.lines)
    places = new_lines(statement, ids, books.history.lines)
    if not places:
        return StatementLines(account, tuple(ids), (), None)
    by_hand = not_on_statements(hand_entries(books), lines_on_statements(books)).waiting
    placer = Placer(
        money_of_batches(books, rows_of),
        books.settings.statement_rules,
        [(entry.date, entry.amount_fen) for entry in by_hand],
    )
    new = [
        PlacedLine(ids[place], statement.lines[place], placer.place(statement.lines[place]))
        for place in places
    ]
    _require_open(books, new)
    return StatementLines(account, tuple(ids), tuple(new), _opening(books, statement, new))


def _require_open(books: Books, lines: Sequence[PlacedLine]) -> None:
    """Every account is open on the day. Raises RuleAccountUnknown."""
    opens = [entry for entry in books.entries if isinstance(entry, data.Open)]
    opened = {entry.account: entry.date for entry in opens}
    for placed in lines:
        for part in placed.placement.parts:
            if part.account in (SUSPENSE, TRANSIT):
                continue
            if opened.get(part.account, datetime.date.max) > placed.line.date:
                raise RuleAccountUnknown(part.account, placed.line.date)


def _opening(
    books: Books, statement: Statement, new: Sequence[PlacedLine]
) -> tuple[datetime.date, int] | None:
    """What the bank had when the last day began, to be asserted; None when it does not say.

    Nor while books and bank differ on that day by what was entered by hand, as the
    reconciliation shows. Raises OpeningDiffers when the first statement of all does not begin
    with what the books have.
    """
    day = statement.lines[-1].date
    first = next(line for line in statement.lines if line.date == day)
    lines = lines_on_statements(books) + list(map(_on_statement, new))
    by_hand = not_on_statements(hand_entries(books), lines)
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
