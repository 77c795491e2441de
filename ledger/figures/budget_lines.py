"""The lines of the budget that there are accounts for, and what each was given so far."""

from __future__ import annotations

from ledger.base.records import Record
from ledger.books.books import Books
from ledger.model.ids import LineComponent
from ledger.model.rules import Fund


class BudgetLine(Record):
    """A line of a fund; ``given_fen`` by initial, supplement and transfer together."""

    fund: Fund
    line: LineComponent
    initial_fen: int
    given_fen: int


def budget_lines(books: Books) -> list[BudgetLine]:
    """Every line below a fund's expenses that has an open account, in the order of codes."""
    opened = {account for account, _day in books.ledger.opened}
    found = []
    for fund in books.rules.funds:
        below = f"{fund.expenses}:"
        lines = {
            LineComponent(account.removeprefix(below).partition(":")[0])
            for account in opened
            if account.startswith(below)
        }
        for line in sorted(lines):
            changes = [
                one for one in books.rules.budget if (one.fund, one.line) == (fund.code, line)
            ]
            initial = sum(one.amount_fen for one in changes if one.kind == "initial")
            given = sum(one.amount_fen for one in changes)
            found.append(BudgetLine(fund, line, initial, given))
    return found
