"""Explaining a statement line that nobody knew: what it was, by the word of a human."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from beancount.core import data

from ledger.accounts import BANK
from ledger.accounts import SUBSIDY_PAYABLES
from ledger.accounts import SUSPENSE
from ledger.accounts import TRANSIT
from ledger.accounts import within
from ledger.batches import find_batch
from ledger.books import Books
from ledger.history import BATCH_LINK
from ledger.history import EnteredLine
from ledger.language import gettext as _
from ledger.language import listed
from ledger.payees import mask_numbers
from ledger.refusal import Refusal
from ledger.statement_text import Part
from ledger.statement_text import explained_event
from ledger.who_and_when import require_near
from ledger.writing import Draft
from ledger.writing import Writer

# So many accounts are named when several fit what was typed.
NAMED = 8


class NoSuchLine(Refusal):
    """No statement line, or several, by the id that was typed."""

    def __init__(self, typed: str, found: Sequence[str]) -> None:
        if found:
            message = _("{line} is the beginning of several lines: {lines}")
        else:
            message = _("there is no statement line {line}; 'census-ledger status' lists them")
        super().__init__(message.format(line=typed, lines=listed(found[:NAMED])))


class LineExplained(Refusal):
    """A line that is not in suspense."""

    def __init__(self, line: str) -> None:
        message = _(
            "statement line {line} awaits no explanation; what was booked wrongly is put right in"
            " journal/hand.beancount"
        )
        super().__init__(message.format(line=line))


class NoSuchAccount(Refusal):
    """No open account, or several, by what was typed."""

    def __init__(self, typed: str, found: Sequence[str]) -> None:
        if found:
            message = _("{account} fits several accounts: {accounts}")
        else:
            message = _("no account of the books is called {account}")
        super().__init__(message.format(account=typed, accounts=listed(found[:NAMED])))


class NotToExplainBy(Refusal):
    """An account that is no explanation."""

    def __init__(self, account: str) -> None:
        message = _(
            "{account} is no explanation: name an account of income or expense, or for money of a"
            " batch the batch"
        )
        super().__init__(message.format(account=account))


class BeforeTheLine(Refusal):
    """A day before the bank's."""

    def __init__(self, line: EnteredLine, on: datetime.date) -> None:
        message = _("{day} is before {line_day}, the day of the statement line")
        super().__init__(message.format(day=on, line_day=line.date))


def find_line(books: Books, typed: str) -> EnteredLine:
    """A line by its id or the beginning of it. Raises NoSuchLine."""
    lines = books.history.lines
    if typed in lines:
        return lines[typed]
    found = [name for name in lines if name.lower().startswith(typed.lower())] if typed else []
    if len(found) != 1:
        raise NoSuchLine(typed, found)
    return lines[found[0]]


def find_account(books: Books, typed: str) -> str:
    """An open account by its name or a part of it: 培训费 or 30216 where one alone has that.

    Of several the only one with a budget is meant. Raises NoSuchAccount or NotToExplainBy.
    """
    accounts = [entry.account for entry in books.entries if isinstance(entry, data.Open)]
    subsidies = (*SUBSIDY_PAYABLES, *books.rules.subsidy_items())
    barred = (BANK, SUSPENSE, TRANSIT, *subsidies)
    useful = [
        account for account in accounts if not any(within(account, parent) for parent in barred)
    ]
    if typed in accounts:
        if typed not in useful:
            raise NotToExplainBy(typed)
        return typed
    found = [account for account in useful if typed and typed in account]
    if len(found) > 1:
        lines = {f"{fund.expenses}:{change.line}" for fund in books.rules.funds
                 for change in books.rules.budget if change.fund == fund.code}  # fmt: skip
        found = [account for account in found if account in lines] or found
    if len(found) != 1:
        raise NoSuchAccount(typed, found)
    return found[0]


def explain(
    writer: Writer, books: Books, typed: str, target: str, on: datetime.date, *, note: str = ""
) -> tuple[Books, EnteredLine, str]:
    """Book an unexplained line against an account, or a batch's money in transit.

    Returns the books with it, the line, and the account or batch.
    """
    require_near(on)
    line = find_line(books, typed)
    if not line.suspense_fen:
        raise LineExplained(line.id)
    if on < line.date:
        raise BeforeTheLine(line, on)
    if BATCH_LINK.fullmatch(target):
        batch = find_batch(books, target)
        part, name = Part(TRANSIT, -line.suspense_fen, batch.id), batch.id
    else:
        name = find_account(books, target)
        part = Part(name, -line.suspense_fen)
    text = explained_event(
        on, writer.seq, line, [part], previous=writer.previous, meta={"note": mask_numbers(note)}
    )
    return writer.commit(books, Draft("explained", "", text)), line, name
