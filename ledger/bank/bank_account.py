"""The bank account in the books: its statement lines, and what was entered on it by hand."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import NamedTuple

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.money import nearest_fen
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.events.event_entries import is_event_entry
from ledger.model.accounts import BANK
from ledger.model.accounts import within
from ledger.model.transitions import EventKind

if TYPE_CHECKING:
    from beancount.core import data


class BankAccountUnclear(Refusal):
    """The books have no bank account, or several."""

    def __init__(self, accounts: Sequence[str]) -> None:
        message = _(
            "a statement belongs to one bank account, and the books have {count}: {accounts}"
        )
        super().__init__(
            message.format(count=len(accounts), accounts=listed(accounts)), accounts=list(accounts)
        )


class HandEntry(NamedTuple):
    """Money on the bank account by an entry in the journal; ``amount_fen`` is what came in."""

    date: datetime.date
    amount_fen: int
    entry: data.Transaction


class OnStatement(NamedTuple):
    """What counts of a statement line here: ``by_hand`` is the entry that it stands for."""

    date: datetime.date
    amount_fen: int
    balance_fen: int | None
    by_hand: datetime.date | None


def bank_account(books: Books) -> str:
    """The account that statements are of. Raises BankAccountUnclear."""
    accounts = [account for account, _day in books.ledger.opened if within(account, BANK)]
    if len(accounts) != 1:
        raise BankAccountUnclear(accounts)
    return accounts[0]


def opening_days(books: Books) -> dict[str, datetime.date]:
    """The day on which each account of the books was opened."""
    return dict(books.ledger.opened)


def account_ending(books: Books) -> str:
    """The last digits of the account's number by the newest statement that shows them, or empty."""
    endings = (
        str(event.header.meta.get("account", ""))
        for event in reversed(books.history.in_force)
        if event.kind == EventKind.STATEMENT
    )
    return next(filter(None, endings), "")


def account_holder(books: Books) -> str:
    """In whose name the account is by the newest statement that says it, or empty."""
    holders = (
        str(event.header.meta.get("holder", ""))
        for event in reversed(books.history.in_force)
        if event.kind == EventKind.STATEMENT
    )
    return next(filter(None, holders), "")


def hand_entries(books: Books) -> list[HandEntry]:
    """Every entry by hand that moves money on the bank account, by date."""
    found = {
        id(change.entry): change.entry
        for change in books.flows.bank
        if change.entry is not None and not is_event_entry(change.entry)
    }
    entries = []
    for entry in found.values():
        amount_fen = sum(
            nearest_fen(posting.units.number)
            for posting in entry.postings
            if within(posting.account, BANK) and posting.units and posting.units.number is not None
        )
        if amount_fen:
            entries.append(HandEntry(entry.date, amount_fen, entry))
    return entries


def lines_on_statements(books: Books) -> list[OnStatement]:
    """Every statement line of the books, in the order in which they were entered."""
    return [
        OnStatement(line.date, line.amount_fen, line.balance_fen, line.by_hand)
        for line in books.history.lines.values()
    ]


class ByHand(NamedTuple):
    """The entries by hand that no statement line stands for.

    ``opening`` are in the balance with which the first statement begins; ``waiting`` the bank
    has not shown yet.
    """

    opening: list[HandEntry]
    waiting: list[HandEntry]


def not_on_statements(entries: Iterable[HandEntry], lines: Sequence[OnStatement]) -> ByHand:
    """Sort out the entries by hand for which no line stands; ``lines`` are the oldest first."""
    stood_for = Counter(
        (line.by_hand, line.amount_fen) for line in lines if line.by_hand is not None
    )
    left = []
    for entry in entries:
        if stood_for[entry.date, entry.amount_fen]:
            stood_for[entry.date, entry.amount_fen] -= 1
        else:
            left.append(entry)
    if not lines:
        return ByHand([], left)
    end = _end_of_opening(left, lines[0])
    return ByHand(
        [entry for entry in left if entry.date < end],
        [entry for entry in left if entry.date >= end],
    )


def opening_fen(first: OnStatement) -> int | None:
    """What the bank had before its first line; None where it does not say."""
    return None if first.balance_fen is None else first.balance_fen - first.amount_fen


def total_fen(entries: Iterable[HandEntry]) -> int:
    """What entries bring in together."""
    return sum(entry.amount_fen for entry in entries)


def _end_of_opening(entries: Sequence[HandEntry], first: OnStatement) -> datetime.date:
    """The first day whose entries are not in the opening balance of the first statement.

    That of its first line, or the next one when the entries of that day make the opening balance:
    some date it by the day on which the statement begins.
    """
    before_fen = total_fen(entry for entry in entries if entry.date < first.date)
    until_fen = total_fen(entry for entry in entries if entry.date <= first.date)
    if before_fen != opening_fen(first) and until_fen == opening_fen(first):
        return first.date + datetime.timedelta(1)
    return first.date
