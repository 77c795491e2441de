"""The table of a monthly report: the budget's lines, each fund's sum, and all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ledger.base.records import Record
from ledger.books.books import Books
from ledger.figures.budget_execution import Execution
from ledger.figures.budget_execution import LineStatus
from ledger.figures.period_changes import Period
from ledger.figures.period_changes import payments
from ledger.figures.tax_course import tax_course
from ledger.model.accounts import code_of
from ledger.model.ids import FundCode
from ledger.model.ids import LineCode
from ledger.model.months import Month
from ledger.model.rules import Rules

# A line of a fund by their codes.
Key = tuple[FundCode, LineCode]

INITIAL = "initial"
# What stands in a fund's 2307 accounts and belongs to no line: entries by hand.
OTHER_PAYABLES = LineCode("2307")
OTHER_PAYABLES_NAME = "其他应付款"


class Row(Record):
    """A line (``code`` and ``name``), a fund's sum (no ``code``) or the sum of all (no ``fund``).

    ``month_fen``, ``year_fen`` and ``project_fen`` are cash paid in the month, in the year and
    since the books began, ``unpaid_fen`` is accrued and not paid. ``received_fen`` is None for a
    line: money comes to funds.
    """

    fund: FundCode
    code: LineCode
    name: str
    initial_fen: int
    adjusted_fen: int
    received_fen: int | None
    month_fen: int
    year_fen: int
    project_fen: int
    unpaid_fen: int
    committed_fen: int
    remaining_fen: int

    @property
    def rate(self) -> Decimal | None:
        """Paid of the adjusted budget (执行率); None without a budget."""
        return share(self.project_fen, self.adjusted_fen)


def share(part: int, whole: int) -> Decimal | None:
    """The part of the whole, or None where the whole is zero."""
    return Decimal(part) / Decimal(whole) if whole else None


class Paid(NamedTuple):
    """What was paid in some days, in fen: ``lines_fen`` by fund and code, ``funds_fen`` by fund."""

    lines_fen: Mapping[Key, int]
    funds_fen: Mapping[FundCode, int]

    def apart_fen(self, fund: FundCode) -> int:
        """What the fund has paid and no line has: payables by hand that no expense stands for."""
        lines_fen = sum(fen for (of_fund, _code), fen in self.lines_fen.items() if of_fund == fund)
        return self.funds_fen.get(fund, 0) - lines_fen


def paid_in(books: Books, period: Period) -> Paid:
    """What lines and funds have paid in some days."""
    lines_fen: Counter[Key] = Counter()
    for payment in payments(books, period):
        lines_fen[payment.fund, code_of(payment.line)] += payment.amount_fen
    funds_fen: Counter[FundCode] = Counter()
    flows = books.flows
    moves = [*((line.fund, some) for line, some in flows.spent.items()), *flows.payable.items()]
    for fund, changes in moves:
        funds_fen[fund] += sum(c.amount_fen for c in changes if period.holds(c.date))
    for moved in tax_course(books.history, flows):
        if period.holds(moved.date):
            funds_fen[moved.line.fund] -= moved.owed_fen
    return Paid(lines_fen, funds_fen)


def rows_of(
    rules: Rules, month: Month, at_end: Execution, in_month: Paid, in_year: Paid
) -> list[Row]:
    """A row a line and a sum for each fund, in the order of funds and codes, then the whole.

    ``at_end`` and ``rules`` are those of the month's end.
    """
    initial_fen = initial_budget(rules, month)
    rows: list[Row] = []
    sums = []
    for fund in at_end.funds:
        of_fund = [
            _row(
                line,
                initial_fen,
                in_month.lines_fen.get(_key(line), 0),
                in_year.lines_fen.get(_key(line), 0),
            )
            for line in at_end.lines
            if line.fund == fund.code
        ]
        apart_fen = fund.paid_fen - sum(row.project_fen for row in of_fund)
        other_fen = (apart_fen, in_month.apart_fen(fund.code), in_year.apart_fen(fund.code))
        if any(other_fen):
            of_fund.append(_other_payables(fund.code, *other_fen))
        sums.append(added(of_fund, fund.code, fund.name, fund.received_fen))
        rows += [*of_fund, sums[-1]]
    return [*rows, added(sums, FundCode(""), "", sum(fund.received_fen for fund in at_end.funds))]


def _key(line: LineStatus) -> Key:
    return line.fund, line.code


def initial_budget(rules: Rules, month: Month) -> Mapping[Key, int]:
    """The budget at the year's beginning by fund and line: what came before it, and ``initial``."""
    initial_fen: Counter[Key] = Counter()
    for change in rules.budget:
        if change.kind == INITIAL or change.date < month.year_first:
            initial_fen[change.fund, code_of(change.line)] += change.amount_fen
    return initial_fen


def _row(line: LineStatus, initial_fen: Mapping[Key, int], month_fen: int, year_fen: int) -> Row:
    return Row(
        fund=line.fund,
        code=line.code,
        name=line.name,
        initial_fen=initial_fen.get(_key(line), 0),
        adjusted_fen=line.budget_fen,
        received_fen=None,
        month_fen=month_fen,
        year_fen=year_fen,
        project_fen=line.paid_fen,
        unpaid_fen=line.spent_fen - line.paid_fen,
        committed_fen=line.committed_fen,
        remaining_fen=line.remaining_fen,
    )


def _other_payables(fund: FundCode, paid_fen: int, month_fen: int, year_fen: int) -> Row:
    return Row(
        fund=fund,
        code=OTHER_PAYABLES,
        name=OTHER_PAYABLES_NAME,
        initial_fen=0,
        adjusted_fen=0,
        received_fen=None,
        month_fen=month_fen,
        year_fen=year_fen,
        project_fen=paid_fen,
        unpaid_fen=-paid_fen,
        committed_fen=0,
        remaining_fen=0,
    )


def added(rows: Sequence[Row], fund: FundCode, name: str, received_fen: int) -> Row:
    """The sum of rows, as the row of a fund or of all."""
    return Row(
        fund=fund,
        code=LineCode(""),
        name=name,
        initial_fen=sum(row.initial_fen for row in rows),
        adjusted_fen=sum(row.adjusted_fen for row in rows),
        received_fen=received_fen,
        month_fen=sum(row.month_fen for row in rows),
        year_fen=sum(row.year_fen for row in rows),
        project_fen=sum(row.project_fen for row in rows),
        unpaid_fen=sum(row.unpaid_fen for row in rows),
        committed_fen=sum(row.committed_fen for row in rows),
        remaining_fen=sum(row.remaining_fen for row in rows),
    )
