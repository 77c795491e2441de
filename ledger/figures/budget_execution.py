"""Budget execution (预算执行): what each line and fund has, has received, spent and paid.

One source of figures for ``status``, the statements and the Fava pages. Amounts are integer fen.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.books.books import Books
from ledger.budget.availability import BudgetLine
from ledger.budget.availability import Ceilings
from ledger.budget.availability import Flows
from ledger.budget.availability import total
from ledger.model.accounts import code_of
from ledger.model.accounts import name_of
from ledger.model.history import History
from ledger.model.ids import FundCode
from ledger.model.ids import LineCode
from ledger.model.rules import Fund
from ledger.model.transitions import State


@dataclass(frozen=True, slots=True)
class Budget:
    """All funds together: ``spent`` is accrued, ``paid`` is cash."""

    total: int
    received: int
    spent: int
    paid: int
    committed: int
    remaining: int


@dataclass(frozen=True, slots=True)
class FundStatus:
    """A fund: what it may still be charged is ``available``, never below zero."""

    code: FundCode
    name: str
    budget: int
    received: int
    spent: int
    paid: int
    available: int


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A budget line of a fund; ``committed`` is what contracts have not yet drawn."""

    fund: FundCode
    code: LineCode
    name: str
    budget: int
    spent: int
    paid: int
    committed: int
    remaining: int


@dataclass(frozen=True, slots=True)
class Execution:
    """Lines, funds and their sum as of a day."""

    budget: Budget
    funds: tuple[FundStatus, ...]
    lines: tuple[LineStatus, ...]


def execution(books: Books, on: datetime.date) -> Execution:
    """The execution of books that were cut off at a day (:meth:`Books.as_of`)."""
    available = books.ceilings(on)
    lines = tuple(line_statuses(books.flows, books.history))
    funds = tuple(_fund(fund, books.flows, lines, available) for fund in books.rules.funds)
    return Execution(budget_of(funds, lines), funds, lines)


def budget_of(funds: Sequence[FundStatus], lines: Sequence[LineStatus]) -> Budget:
    return Budget(
        total=sum(line.budget for line in lines),
        received=sum(fund.received for fund in funds),
        spent=sum(line.spent for line in lines),
        paid=sum(fund.paid for fund in funds),
        committed=sum(line.committed for line in lines),
        remaining=sum(line.remaining for line in lines),
    )


def line_statuses(flows: Flows, history: History) -> list[LineStatus]:
    owed: Counter[BudgetLine] = Counter()
    for standing in history.standings.values():
        if standing.state in (State.IN_BANK, State.RETURNED, State.UNKNOWN):
            owed[BudgetLine(code_of(standing.fund), standing.line)] += standing.amount_fen
    lines = []
    for line in flows.lines():
        budget = total(flows.budget.get(line, ()))
        spent = total(flows.spent.get(line, ()))
        committed = total(flows.undrawn.get(line, ()))
        lines.append(
            LineStatus(
                fund=line.fund,
                code=code_of(line.line),
                name=name_of(line.line),
                budget=budget,
                spent=spent,
                paid=spent - owed[line],
                committed=committed,
                remaining=budget - spent - committed,
            )
        )
    return lines


def _fund(fund: Fund, flows: Flows, lines: Sequence[LineStatus], available: Ceilings) -> FundStatus:
    of_fund = [line for line in lines if line.fund == fund.code]
    spent = sum(line.spent for line in of_fund)
    room = sum(max(0, available.lines[line]) for line in available.lines if line.fund == fund.code)
    return FundStatus(
        code=fund.code,
        name=fund.name,
        budget=sum(line.budget for line in of_fund),
        received=total(flows.received.get(fund.code, ())),
        spent=spent,
        paid=spent + total(flows.payable.get(fund.code, ())),
        available=max(0, min(room, available.funds[fund.code], available.cash)),
    )
