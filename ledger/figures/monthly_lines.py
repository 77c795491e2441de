"""The table of a monthly report: the budget's lines, each fund's sum, and all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from ledger.books.books import Books
from ledger.figures.budget_execution import Execution
from ledger.figures.budget_execution import LineStatus
from ledger.figures.month import Month
from ledger.figures.period_changes import Period
from ledger.figures.period_changes import payments
from ledger.model.accounts import code_of
from ledger.model.ids import FundCode
from ledger.model.ids import LineCode
from ledger.model.rules import Rules

# A line of a fund by their codes.
Key = tuple[FundCode, LineCode]

INITIAL = "initial"
# What stands in a fund's 2307 accounts and belongs to no line: entries by hand.
OTHER_PAYABLES = LineCode("2307")
OTHER_PAYABLES_NAME = "其他应付款"


@dataclass(frozen=True, slots=True)
class Row:
    """A line (``code`` and ``name``), a fund's sum (no ``code``) or the sum of all (no ``fund``).

    Amounts are fen: ``month``, ``year`` and ``project`` are cash paid in the month, in the year
    and since the books began, ``unpaid`` is accrued and not paid. ``received`` is None for a line:
    money comes to funds.
    """

    fund: FundCode
    code: LineCode
    name: str
    initial: int
    adjusted: int
    received: int | None
    month: int
    year: int
    project: int
    unpaid: int
    committed: int
    remaining: int

    @property
    def rate(self) -> Decimal | None:
        """Paid of the adjusted budget (执行率); None without a budget."""
        return share(self.project, self.adjusted)


def share(part: int, whole: int) -> Decimal | None:
    """The part of the whole, or None where the whole is zero."""
    return Decimal(part) / Decimal(whole) if whole else None


class Paid(NamedTuple):
    """What was paid in some days, in fen: ``lines`` by fund and code, ``funds`` by fund."""

    lines: Mapping[Key, int]
    funds: Mapping[FundCode, int]

    def apart(self, fund: FundCode) -> int:
        """What the fund has paid and no line has: payables by hand that no expense stands for."""
        of_lines = sum(fen for (of_fund, _code), fen in self.lines.items() if of_fund == fund)
        return self.funds.get(fund, 0) - of_lines


def paid_in(books: Books, period: Period) -> Paid:
    """What lines and funds have paid in some days."""
    lines: Counter[Key] = Counter()
    for payment in payments(books, period):
        lines[payment.fund, code_of(payment.line)] += payment.amount_fen
    funds: Counter[FundCode] = Counter()
    flows = books.flows
    moves = [*((line.fund, some) for line, some in flows.spent.items()), *flows.payable.items()]
    for fund, changes in moves:
        funds[fund] += sum(c.amount_fen for c in changes if period.holds(c.date))
    return Paid(lines, funds)


def rows_of(
    rules: Rules, month: Month, at_end: Execution, in_month: Paid, in_year: Paid
) -> list[Row]:
    """A row a line and a sum for each fund, in the order of funds and codes, then the whole.

    ``at_end`` and ``rules`` are those of the month's end.
    """
    initial = initial_budget(rules, month)
    rows: list[Row] = []
    sums = []
    for fund in at_end.funds:
        of_fund = [
            _row(line, initial, in_month.lines.get(_key(line), 0), in_year.lines.get(_key(line), 0))
            for line in at_end.lines
            if line.fund == fund.code
        ]
        apart = fund.paid - sum(row.project for row in of_fund)
        other = (apart, in_month.apart(fund.code), in_year.apart(fund.code))
        if any(other):
            of_fund.append(_other_payables(fund.code, *other))
        sums.append(added(of_fund, fund.code, fund.name, fund.received))
        rows += [*of_fund, sums[-1]]
    return [*rows, added(sums, FundCode(""), "", sum(fund.received for fund in at_end.funds))]


def _key(line: LineStatus) -> Key:
    return line.fund, line.code


def initial_budget(rules: Rules, month: Month) -> Mapping[Key, int]:
    """The budget at the year's beginning by fund and line: what came before it, and ``initial``."""
    initial: Counter[Key] = Counter()
    for change in rules.budget:
        if change.kind == INITIAL or change.date < month.year_first:
            initial[change.fund, code_of(change.line)] += change.amount_fen
    return initial


def _row(line: LineStatus, initial: Mapping[Key, int], in_month: int, in_year: int) -> Row:
    return Row(
        fund=line.fund,
        code=line.code,
        name=line.name,
        initial=initial.get(_key(line), 0),
        adjusted=line.budget,
        received=None,
        month=in_month,
        year=in_year,
        project=line.paid,
        unpaid=line.spent - line.paid,
        committed=line.committed,
        remaining=line.remaining,
    )


def _other_payables(fund: FundCode, paid: int, in_month: int, in_year: int) -> Row:
    return Row(
        fund=fund,
        code=OTHER_PAYABLES,
        name=OTHER_PAYABLES_NAME,
        initial=0,
        adjusted=0,
        received=None,
        month=in_month,
        year=in_year,
        project=paid,
        unpaid=-paid,
        committed=0,
        remaining=0,
    )


def added(rows: Sequence[Row], fund: FundCode, name: str, received: int) -> Row:
    """The sum of rows, as the row of a fund or of all."""
    return Row(
        fund=fund,
        code=LineCode(""),
        name=name,
        initial=sum(row.initial for row in rows),
        adjusted=sum(row.adjusted for row in rows),
        received=received,
        month=sum(row.month for row in rows),
        year=sum(row.year for row in rows),
        project=sum(row.project for row in rows),
        unpaid=sum(row.unpaid for row in rows),
        committed=sum(row.committed for row in rows),
        remaining=sum(row.remaining for row in rows),
    )
