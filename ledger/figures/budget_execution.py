"""Budget execution (预算执行): what each line and fund has, has received, spent and paid.

One source of figures for ``status``, the statements and the Fava pages. Amounts are integer fen.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from ledger.base.records import Record
from ledger.books.books import Books
from ledger.budget.ceilings import BudgetLine
from ledger.budget.ceilings import Ceilings
from ledger.budget.ceilings import Flows
from ledger.budget.ceilings import total_fen
from ledger.figures.tax_course import owed_by_line
from ledger.figures.tax_course import tax_course
from ledger.model.accounts import code_of
from ledger.model.accounts import name_of
from ledger.model.history import History
from ledger.model.ids import FundCode
from ledger.model.ids import LineCode
from ledger.model.rules import Fund
from ledger.model.transitions import State


class Budget(Record):
    """All funds together: ``spent_fen`` is accrued, ``paid_fen`` is cash."""

    total_fen: int
    received_fen: int
    spent_fen: int
    paid_fen: int
    committed_fen: int
    remaining_fen: int


class FundStatus(Record):
    """A fund: what it may still be charged is ``available_fen``, never below zero."""

    code: FundCode
    name: str
    budget_fen: int
    received_fen: int
    spent_fen: int
    paid_fen: int
    available_fen: int


class LineStatus(Record):
    """A budget line of a fund; ``committed_fen`` is what contracts have not yet drawn."""

    fund: FundCode
    code: LineCode
    name: str
    budget_fen: int
    spent_fen: int
    paid_fen: int
    committed_fen: int
    remaining_fen: int


class Execution(Record):
    """Lines, funds and their sum as of a day."""

    budget: Budget
    funds: tuple[FundStatus, ...]
    lines: tuple[LineStatus, ...]


def execution(books: Books, on: datetime.date) -> Execution:
    """The execution of books that were cut off at a day (:meth:`Books.as_of`)."""
    available = books.ceilings(on)
    lines = tuple(line_statuses(books.flows, books.history))
    tax_fen = owed_by_line(tax_course(books.history, books.flows))
    funds = tuple(_fund(fund, books.flows, lines, available, tax_fen) for fund in books.rules.funds)
    return Execution(budget_of(funds, lines), funds, lines)


def budget_of(funds: Sequence[FundStatus], lines: Sequence[LineStatus]) -> Budget:
    return Budget(
        total_fen=sum(line.budget_fen for line in lines),
        received_fen=sum(fund.received_fen for fund in funds),
        spent_fen=sum(line.spent_fen for line in lines),
        paid_fen=sum(fund.paid_fen for fund in funds),
        committed_fen=sum(line.committed_fen for line in lines),
        remaining_fen=sum(line.remaining_fen for line in lines),
    )


def line_statuses(flows: Flows, history: History) -> list[LineStatus]:
    owed_fen = owed_by_line(tax_course(history, flows))
    for standing, count in history.standings_counted:
        if standing.state in (State.IN_BANK, State.RETURNED, State.UNKNOWN):
            line = BudgetLine(code_of(standing.fund), standing.line)
            owed_fen[line] += standing.amount_fen * count
    lines = []
    for line in flows.lines():
        budget_fen = total_fen(flows.budget.get(line, ()))
        spent_fen = total_fen(flows.spent.get(line, ()))
        committed_fen = total_fen(flows.undrawn.get(line, ()))
        lines.append(
            LineStatus(
                fund=line.fund,
                code=code_of(line.line),
                name=name_of(line.line),
                budget_fen=budget_fen,
                spent_fen=spent_fen,
                paid_fen=spent_fen - owed_fen[line],
                committed_fen=committed_fen,
                remaining_fen=budget_fen - spent_fen - committed_fen,
            )
        )
    return lines


def _fund(
    fund: Fund,
    flows: Flows,
    lines: Sequence[LineStatus],
    available: Ceilings,
    tax_fen: Counter[BudgetLine],
) -> FundStatus:
    of_fund = [line for line in lines if line.fund == fund.code]
    spent_fen = sum(line.spent_fen for line in of_fund)
    room_fen = sum(
        max(0, available.lines_fen[line]) for line in available.lines_fen if line.fund == fund.code
    )
    return FundStatus(
        code=fund.code,
        name=fund.name,
        budget_fen=sum(line.budget_fen for line in of_fund),
        received_fen=total_fen(flows.received.get(fund.code, ())),
        spent_fen=spent_fen,
        paid_fen=spent_fen
        + total_fen(flows.payable.get(fund.code, ()))
        - sum(fen for line, fen in tax_fen.items() if line.fund == fund.code),
        available_fen=max(0, min(room_fen, available.funds_fen[fund.code], available.cash_fen)),
    )
