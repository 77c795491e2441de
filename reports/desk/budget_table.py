"""The page 预算执行: funds and lines as a table, and the course as a chart of Fava's."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger.base.money import grouped
from ledger.base.money import yuan
from ledger.figures.budget_execution import LineStatus
from ledger.figures.cumulative import Course
from ledger.figures.cumulative import course
from ledger.figures.cumulative import sum_on
from ledger.figures.monthly_lines import share
from reports.desk.links import Links
from reports.desk.view import View
from reports.wording.figures import percent


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and the address of what is behind it; empty for none."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line, a fund's sum (``is_sum``), or the sum of all.

    ``bar`` are the shares of the budget that are paid, accrued and not paid, and committed, in
    percent of the bar's width.
    """

    name: str
    is_sum: bool
    budget: Cell
    received: Cell
    spent: Cell
    paid: Cell
    committed: Cell
    remaining: Cell
    rate: str
    bar: tuple[float, float, float]
    is_over: bool


def budget_rows(view: View, links: Links) -> list[TableRow]:
    """Every fund's sum and its lines below it, then the sum of all."""
    said = view.status
    rows = []
    for fund in said.funds:
        lines = [line for line in said.lines if line.fund == fund.code]
        rule = links.fund(fund.code)
        rows.append(
            _sum(
                f"{fund.code} {fund.name}",
                lines,
                received=Cell(grouped(fund.received), links.fund_received(rule)),
                spent_link=links.fund_spent(rule),
                paid=fund.paid,
                paid_link=links.fund_paid(rule),
            )
        )
        rows += [_line(line, links) for line in lines]
    everything = _sum(
        "合计",
        said.lines,
        received=Cell(grouped(said.budget.received), links.received()),
        spent_link=links.all_spent(),
        paid=said.budget.paid,
        paid_link=links.all_paid(),
    )
    return [*rows, everything]


def _line(line: LineStatus, links: Links) -> TableRow:
    spent = links.spent(line)
    return TableRow(
        name=f"{line.code} {line.name}",
        is_sum=False,
        budget=Cell(grouped(line.budget), links.budget(line)),
        received=Cell(""),
        spent=Cell(grouped(line.spent), spent),
        paid=Cell(grouped(line.paid), links.paid(line)),
        committed=Cell(grouped(line.committed), links.committed(line)),
        remaining=Cell(grouped(line.remaining), spent),
        rate=percent(share(line.paid, line.budget)),
        bar=_bar(line.budget, line.paid, line.spent - line.paid, line.committed),
        is_over=line.remaining < 0,
    )


def _sum(
    name: str,
    lines: Sequence[LineStatus],
    *,
    received: Cell,
    spent_link: str,
    paid: int,
    paid_link: str,
) -> TableRow:
    budget, spent, committed, remaining = (
        sum(getattr(line, field) for line in lines)
        for field in ("budget", "spent", "committed", "remaining")
    )
    return TableRow(
        name=name,
        is_sum=True,
        budget=Cell(grouped(budget)),
        received=received,
        spent=Cell(grouped(spent), spent_link),
        paid=Cell(grouped(paid), paid_link),
        committed=Cell(grouped(committed)),
        remaining=Cell(grouped(remaining)),
        rate=percent(share(paid, budget)),
        bar=_bar(budget, paid, spent - paid, committed),
        is_over=remaining < 0,
    )


def _bar(budget: int, *parts: int) -> tuple[float, float, float]:
    """Each part in percent of the budget; together never more than the whole bar."""
    whole = max(budget, sum(parts), 1)
    paid, unpaid, committed = (round(100 * max(0, part) / whole, 2) for part in parts)
    return paid, unpaid, committed


def course_chart(view: View) -> list[dict[str, Any]]:
    """Budget, money received and spending day by day, as Fava's charts take them."""
    found = course(view.books.flows)
    if not any((found.budget, found.received, found.spent, found.paid)):
        return []
    return [
        {
            "label": "预算、到位资金与支出（累计，元）",
            "type": "balances",
            "data": [
                {"date": day.isoformat(), "balance": _sums(found, day)}
                for day in _days(found, view.on)
            ],
        }
    ]


def _days(found: Course, on: datetime.date) -> list[datetime.date]:
    """The days on which something changed, and the last: years after them are empty."""
    changed = {
        day
        for steps in (found.budget, found.received, found.spent, found.paid)
        for day, _fen in steps
    }
    return sorted({*changed, min(on, max(changed).replace(month=12, day=31))})


def _sums(found: Course, day: datetime.date) -> dict[str, float]:
    curves = {
        "预算": found.budget,
        "已到位": found.received,
        "已列支": found.spent,
        "已支付": found.paid,
    }
    return {name: float(yuan(sum_on(steps, day))) for name, steps in curves.items()}
