"""What a month's balance is made of: budget that has not arrived, money that may be spent, cash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.base.money import nearest_fen
from ledger.books.books import Books
from ledger.figures.monthly_lines import Row
from ledger.figures.period_changes import Period
from ledger.figures.status import Cash
from ledger.model.accounts import INTEREST
from ledger.model.accounts import within


class Balance(NamedTuple):
    """What is left of the budget: ``undrawn_fen`` has not been received and nobody can spend it.

    ``spendable_fen`` is below zero where more was spent or signed for than the budget has.
    """

    undrawn_fen: int
    spendable_fen: int


class BankMoney(NamedTuple):
    """The bank account at a month's end: of it ``promised_fen`` is still to be debited.

    ``tax_due_fen`` was withheld and is the tax office's.
    ``interest_fen`` is the interest received since the books began, ``month_interest_fen`` that
    of the month.
    """

    bank_fen: int
    promised_fen: int
    tax_due_fen: int
    interest_fen: int
    month_interest_fen: int


def balance_of(rows: Sequence[Row]) -> Balance:
    """The balance of all funds; what one has received is not another's. ``rows`` are all rows."""
    funds = [row for row in rows if row.fund and not row.code]
    undrawn_fen = sum(_undrawn_fen(fund) for fund in funds)
    return Balance(undrawn_fen, sum(fund.remaining_fen for fund in funds) - undrawn_fen)


def _undrawn_fen(fund: Row) -> int:
    missing_fen = fund.adjusted_fen - (fund.received_fen or 0)
    return max(0, min(missing_fen, fund.remaining_fen))


def bank_money(books: Books, cash: Cash, in_month: Period) -> BankMoney:
    """The account of books that are cut off at the month's end."""
    interest_fen = month_fen = 0
    for entry in {id(one.entry): one.entry for one in books.flows.bank if one.entry}.values():
        for posting in entry.postings:
            if within(posting.account, INTEREST) and posting.units and posting.units.number:
                amount_fen = -nearest_fen(posting.units.number)
                interest_fen += amount_fen
                if in_month.holds(entry.date):
                    month_fen += amount_fen
    return BankMoney(cash.bank_fen, cash.promised_fen, cash.tax_due_fen, interest_fen, month_fen)
