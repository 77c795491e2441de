"""What an unexplained statement line is booked against, as a human names it.

An account by any part of its name, a batch, or several batches with their shares of the line:
``B2020-001=1600.00+B2020-002=2400.00``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.money import fen
from ledger.base.money import grouped
from ledger.base.money import plain
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import find_batch
from ledger.books.books import Books
from ledger.events.statement_text import BookedPart
from ledger.model.accounts import BANK
from ledger.model.accounts import SUBSIDY_PAYABLES
from ledger.model.accounts import SUSPENSE
from ledger.model.accounts import TRANSIT
from ledger.model.accounts import within
from ledger.model.history import BATCH_LINK
from ledger.model.history import EnteredLine
from ledger.model.ids import BatchId

# So many accounts are named when several fit what was typed.
NAMED = 8

_SHARE = re.compile(rf"(?P<batch>{BATCH_LINK.pattern})=(?P<yuan>[0-9][0-9,]*(?:\.[0-9]{{1,2}})?)")


class NoSuchAccount(Refusal):
    """No open account, or several, by what was typed."""

    def __init__(self, typed: str, found: Sequence[str]) -> None:
        if found:
            message = _("{account} fits several accounts: {accounts}")
        else:
            message = _("no account of the books is called {account}")
        super().__init__(
            message.format(account=typed, accounts=listed(found[:NAMED])), found=list(found)
        )


class NotToExplainBy(Refusal):
    """An account that is no explanation."""

    def __init__(self, account: str) -> None:
        message = _(
            "{account} is no explanation: name an account of income or expense, or for money of a"
            " batch the batch"
        )
        super().__init__(message.format(account=account), account=account)


class SharesDiffer(Refusal):
    """Shares of batches that do not make the line."""

    def __init__(self, target: str, line: EnteredLine) -> None:
        message = _(
            "{target} is not {amount}, the amount of the line: name each batch with its share, as"
            " in B2020-001=1600.00+B2020-002=2400.00"
        )
        amount = grouped(abs(line.suspense_fen))
        super().__init__(
            message.format(target=target, amount=amount), amount=plain(abs(line.suspense_fen))
        )


def explained_parts(books: Books, line: EnteredLine, target: str) -> tuple[list[BookedPart], str]:
    """The parts that a line is booked against, and their name for people.

    Raises NoSuchBatch, SharesDiffer, NoSuchAccount or NotToExplainBy.
    """
    if BATCH_LINK.fullmatch(target):
        batch = find_batch(books, BatchId(target))
        return [BookedPart(TRANSIT, -line.suspense_fen, batch.id)], batch.id
    if BATCH_LINK.match(target):
        return _shares(books, line, target), target
    account = find_account(books, target)
    return [BookedPart(account, -line.suspense_fen)], account


def _shares(books: Books, line: EnteredLine, target: str) -> list[BookedPart]:
    """The line split over batches, each with its own amount."""
    shares = [_SHARE.fullmatch(share) for share in target.split("+")]
    sign = -1 if line.suspense_fen > 0 else 1
    parts = [
        BookedPart(
            TRANSIT, sign * fen(Decimal(share["yuan"].replace(",", ""))), BatchId(share["batch"])
        )
        for share in shares
        if share
    ]
    if None in shares or sum(part.amount_fen for part in parts) != -line.suspense_fen:
        raise SharesDiffer(target, line)
    for part in parts:
        find_batch(books, part.batch)
    return parts


def explaining_accounts(books: Books) -> list[str]:
    """The open accounts that a line can be explained by."""
    subsidies = (*SUBSIDY_PAYABLES, *books.rules.subsidy_items())
    barred = (BANK, SUSPENSE, TRANSIT, *subsidies)
    return [
        account
        for account in _open_accounts(books)
        if not any(within(account, parent) for parent in barred)
    ]


def _open_accounts(books: Books) -> list[str]:
    return [account for account, _day in books.ledger.opened]


def find_account(books: Books, typed: str) -> str:
    """An open account by its name or a part of it: 培训费 or 30216 where one alone has that.

    Of several the only one with a budget is meant. Raises NoSuchAccount or NotToExplainBy.
    """
    accounts, useful = _open_accounts(books), explaining_accounts(books)
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
