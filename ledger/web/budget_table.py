"""The page 预算执行: funds and lines as a table."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base.language import page_gettext as _
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.figures.budget_execution import LineStatus
from ledger.figures.monthly_lines import share
from ledger.web.bar import Part
from ledger.web.bar import bar
from ledger.web.links import Links
from ledger.web.views import View
from reports.wording.figures import percent


class Cell(Record):
    """A figure, and the address of what is behind it; empty for none."""

    text: str
    link: str = ""


class TableRow(Record):
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
                received=Cell(grouped(fund.received_fen), links.fund_received(rule)),
                spent_link=links.fund_spent(rule),
                paid_fen=fund.paid_fen,
                paid_link=links.fund_paid(rule),
            )
        )
        rows += [_line(line, links) for line in lines]
    everything = _sum(
        _("Total"),
        said.lines,
        received=Cell(grouped(said.budget.received_fen), links.received()),
        spent_link=links.all_spent(),
        paid_fen=said.budget.paid_fen,
        paid_link=links.all_paid(),
    )
    return [*rows, everything]


def _line(line: LineStatus, links: Links) -> TableRow:
    spent = links.spent(line)
    return TableRow(
        name=f"{line.code} {line.name}",
        is_sum=False,
        budget=Cell(grouped(line.budget_fen), links.budget(line)),
        received=Cell(""),
        spent=Cell(grouped(line.spent_fen), spent),
        paid=Cell(grouped(line.paid_fen), links.paid(line)),
        committed=Cell(grouped(line.committed_fen), links.committed(line)),
        remaining=Cell(grouped(line.remaining_fen), spent),
        rate=percent(share(line.paid_fen, line.budget_fen)),
        bar=_bar(
            line.budget_fen, line.paid_fen, line.spent_fen - line.paid_fen, line.committed_fen
        ),
        is_over=line.remaining_fen < 0,
    )


def _sum(
    name: str,
    lines: Sequence[LineStatus],
    *,
    received: Cell,
    spent_link: str,
    paid_fen: int,
    paid_link: str,
) -> TableRow:
    budget_fen, spent_fen, committed_fen, remaining_fen = (
        sum(getattr(line, field) for line in lines)
        for field in ("budget_fen", "spent_fen", "committed_fen", "remaining_fen")
    )
    return TableRow(
        name=name,
        is_sum=True,
        budget=Cell(grouped(budget_fen)),
        received=received,
        spent=Cell(grouped(spent_fen), spent_link),
        paid=Cell(grouped(paid_fen), paid_link),
        committed=Cell(grouped(committed_fen)),
        remaining=Cell(grouped(remaining_fen)),
        rate=percent(share(paid_fen, budget_fen)),
        bar=_bar(budget_fen, paid_fen, spent_fen - paid_fen, committed_fen),
        is_over=remaining_fen < 0,
    )


def _bar(budget_fen: int, paid_fen: int, unpaid_fen: int, committed_fen: int) -> list[Part]:
    return bar(
        budget_fen, [("paid", paid_fen), ("in_bank", unpaid_fen), ("committed", committed_fen)]
    )
