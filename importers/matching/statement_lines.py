"""A statement of the office's account: read, proven, and what each of its new lines is.

Nothing is written here; :mod:`ledger.services.statement_import` enters the lines.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence

from importers.matching.batch_money import money_of_batches
from importers.matching.continuity import new_lines
from importers.matching.known_lines import names_in_books
from importers.matching.placing import Placer
from importers.matching.statement_refusals import AnotherAccount
from importers.matching.statement_refusals import BeforeTheBooks
from importers.matching.statement_refusals import LineAhead
from importers.matching.statement_refusals import OpeningDiffers
from importers.matching.statement_refusals import OtherAccount
from importers.matching.statement_refusals import RuleAccountBarred
from importers.matching.statement_refusals import RuleAccountUnknown
from importers.statements.account_numbers import is_of_account
from importers.statements.layouts import fixed_layouts
from importers.statements.proof import prove
from importers.statements.statement_file import read_statement
from importers.tables.reading import Sheet
from ledger.bank.bank_account import OnStatement
from ledger.bank.bank_account import account_ending
from ledger.bank.bank_account import bank_account
from ledger.bank.bank_account import hand_entries
from ledger.bank.bank_account import lines_on_statements
from ledger.bank.bank_account import not_on_statements
from ledger.bank.bank_account import opening_days
from ledger.bank.bank_account import opening_fen
from ledger.bank.bank_account import total_fen
from ledger.base.actor_and_clock import is_ahead
from ledger.base.records import Record
from ledger.books.books import Books
from ledger.books.settings import Settings
from ledger.events.statement_text import PlacedLine
from ledger.figures.tax_course import unpaid_months
from ledger.model.accounts import BANK
from ledger.model.accounts import SUBSIDY_PAYABLES
from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from ledger.model.accounts import within
from ledger.model.bank_lines import Statement
from ledger.model.bank_lines import line_ids
from ledger.model.history import Batch
from ledger.model.ids import BankLineId
from ledger.model.instructions import Instruction

# By these a bank lets its customers know an account.
_LAST_DIGITS = re.compile("[0-9]{4}$")


class StatementLines(Record):
    """What a statement means for the books. ``ids`` are those of its lines, in their order.

    ``new`` are the lines that the books do not have yet; ``opening`` is what the bank had in fen
    when the statement's last day began, None where that cannot be asserted. ``ending`` are the
    last digits of the account's number by the statement, empty when it does not show them.
    """

    account: str
    ending: str
    ids: tuple[BankLineId, ...]
    new: tuple[PlacedLine, ...]
    opening: tuple[datetime.date, int] | None


def read_own_statement(
    name: str, sheets: Sequence[Sheet], settings: Settings, today: datetime.date
) -> Statement:
    """The office's statement in a file, proven by its balances. Raises a Refusal."""
    statement = read_statement(name, sheets, fixed_layouts(settings))
    prove(statement)
    ahead = next((line for line in statement.lines if is_ahead(line.date, today)), None)
    if ahead is not None:  # guard: line-not-ahead
        raise LineAhead(statement, ahead)
    expected = settings.statement_number
    if expected and not is_of_account(statement.number, expected):  # guard: own-account
        found = "".join(sign for sign in statement.number if sign.isdigit())
        raise OtherAccount(statement.file, found, expected)
    return statement


def place_lines(
    books: Books, statement: Statement, rows_of: Callable[[Batch], Sequence[Instruction]]
) -> StatementLines:
    """What the new lines of a statement are. Raises a Refusal for one that does not go on.

    ``rows_of`` are the rows of a batch as sent. Without rows a batch is known by its whole sums.
    """
    account, ending = bank_account(books), _ending(books, statement)
    known = books.history.lines
    ids = names_in_books(statement, line_ids(account, statement.lines), known)
    places = new_lines(statement, ids, known)
    if not places:
        return StatementLines(account, ending, tuple(ids), (), None)
    opened = opening_days(books)
    if statement.lines[places[0]].date < opened[account]:
        raise BeforeTheBooks(statement, statement.lines[places[0]], account, opened[account])
    by_hand = not_on_statements(hand_entries(books), lines_on_statements(books)).waiting
    placer = Placer(
        money_of_batches(books, rows_of),
        books.settings.statement_rules,
        [(entry.date, entry.amount_fen) for entry in by_hand],
        unpaid_months(books.history, books.flows),
    )
    new = [
        PlacedLine(ids[place], statement.lines[place], placer.place(statement.lines[place]))
        for place in places
    ]
    _require_usable(books, opened, new)
    return StatementLines(account, ending, tuple(ids), tuple(new), _opening(books, statement, new))


def _ending(books: Books, statement: Statement) -> str:
    """The last digits of the account's number. Raises AnotherAccount.

    Unless the settings say the number, the statements say it to one another.
    """
    shown = _LAST_DIGITS.search(statement.number)
    ending = shown.group() if shown else ""
    before = account_ending(books)
    # guard: one-account
    if ending and before and ending != before and not books.settings.statement_number:
        raise AnotherAccount(statement.file, ending, before)
    return ending


def _require_usable(
    books: Books, opened: Mapping[str, datetime.date], lines: Sequence[PlacedLine]
) -> None:
    """The accounts of rules are open on the day, and such as a rule may book to.

    Raises RuleAccountUnknown or RuleAccountBarred.
    """
    barred = (BANK, TRANSIT, *SUBSIDY_PAYABLES, *books.rules.subsidy_items())
    usable = {SUSPENSE}
    for placed in lines:
        for part in placed.placement.parts:
            if part.batch or part.account in usable:
                continue
            if opened.get(part.account, datetime.date.max) > placed.line.date:
                raise RuleAccountUnknown(part.account, placed.line.date)
            if any(within(part.account, parent) for parent in barred):  # guard: rule-moves-no-batch
                raise RuleAccountBarred(part.account)
            usable.add(part.account)


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
    if bank_fen is not None and total_fen(by_hand.opening) != bank_fen:  # guard: first-opening
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
