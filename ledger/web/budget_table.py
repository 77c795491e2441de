"""The page 预算执行: funds and lines as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.base.money import grouped
from ledger.figures.budget_execution import LineStatus
from ledger.figures.monthly_lines import share
from ledger.web.bar import Part
from ledger.web.bar import bar
from ledger.web.links import Links
from ledger.web.views import View
from reports.wording.figures import percent


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and the address of what is behind it; empty for none."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line, a fund's sum (``is_sum``), or the sum of all.

    ``bar`` has the shares of the budget that are paid, accrued and not paid, and committed.
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
    bar: list[Part]
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


def _bar(budget: int, paid: int, unpaid: int, committed: int) -> list[Part]:
    return bar(budget, [("paid", paid), ("in_bank", unpaid), ("committed", committed)])
