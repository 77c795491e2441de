"""The table of a monthly statement: the budget's lines, each fund's sum, and all together."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.accounts import code_of
from ledger.execution import Execution
from ledger.execution import LineStatus
from ledger.monthly.month import Month
from ledger.rules import Rules

INITIAL = "initial"
# What stands in a fund's 2307 accounts and belongs to no line: entries by hand.
OTHER_PAYABLES = "2307"
OTHER_PAYABLES_NAME = "其他应付款"


@dataclass(frozen=True, slots=True)
class Row:
    """A line (``code`` and ``name``), a fund's sum (no ``code``) or the sum of all (no ``fund``).

    Amounts are fen: ``month``, ``year`` and ``project`` are cash paid in the month, in the year
    and since the books began, ``unpaid`` is accrued and not paid. ``received`` is None for a line:
    money comes to funds.
    """

    fund: str
    code: str
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

    @property
    def used(self) -> Decimal | None:
        """Paid, accrued and committed of the adjusted budget; None without a budget."""
        return share(self.project + self.unpaid + self.committed, self.adjusted)


def share(part: int, whole: int) -> Decimal | None:
    """The part of the whole, or None where the whole is zero."""
    return Decimal(part) / Decimal(whole) if whole else None


def rows_of(
    rules: Rules, month: Month, at_end: Execution, before: Execution, before_year: Execution
) -> list[Row]:
    """A row a line and a sum for each fund, in the order of funds and codes, then the whole.

    The executions are those of the month's end, of the end of the month before, and of the year
    before; ``rules`` are those of the month's end.
    """
    initial = initial_budget(rules, month)
    earlier = [paid_by_line(execution) for execution in (before, before_year)]
    rows: list[Row] = []
    sums = []
    for fund in at_end.funds:
        lines = [line for line in at_end.lines if line.fund == fund.code]
        of_fund = [
            _row(line, initial, *(paid.get(_key(line), 0) for paid in earlier)) for line in lines
        ]
        other = [paid_apart(execution, fund.code) for execution in (at_end, before, before_year)]
        if any(other):
            of_fund.append(_other_payables(fund.code, *other))
        sums.append(added(of_fund, fund.code, fund.name, fund.received))
        rows += [*of_fund, sums[-1]]
    return [*rows, added(sums, "", "", sum(fund.received for fund in at_end.funds))]


def paid_by_line(execution: Execution) -> dict[tuple[str, str], int]:
    return {_key(line): line.paid for line in execution.lines}


def _key(line: LineStatus) -> tuple[str, str]:
    return line.fund, line.code


def paid_apart(execution: Execution, fund_code: str) -> int:
    """What a fund has paid and no line has: payables by hand that no expense stands for."""
    of_fund = sum(fund.paid for fund in execution.funds if fund.code == fund_code)
    return of_fund - sum(line.paid for line in execution.lines if line.fund == fund_code)


def initial_budget(rules: Rules, month: Month) -> Mapping[tuple[str, str], int]:
    """The budget at the year's beginning by fund and line: what came before it, and ``initial``."""
    initial: dict[tuple[str, str], int] = {}
    for change in rules.budget:
        if change.kind == INITIAL or change.date <= month.before_year:
            key = (change.fund, code_of(change.line))
            initial[key] = initial.get(key, 0) + change.amount_fen
    return initial


def _row(
    line: LineStatus, initial: Mapping[tuple[str, str], int], before: int, before_year: int
) -> Row:
    return Row(
        fund=line.fund,
        code=line.code,
        name=line.name,
        initial=initial.get(_key(line), 0),
        adjusted=line.budget,
        received=None,
        month=line.paid - before,
        year=line.paid - before_year,
        project=line.paid,
        unpaid=line.spent - line.paid,
        committed=line.committed,
        remaining=line.remaining,
    )


def _other_payables(fund: str, paid: int, before: int, before_year: int) -> Row:
    return Row(
        fund=fund,
        code=OTHER_PAYABLES,
        name=OTHER_PAYABLES_NAME,
        initial=0,
        adjusted=0,
        received=None,
        month=paid - before,
        year=paid - before_year,
        project=paid,
        unpaid=-paid,
        committed=0,
        remaining=0,
    )


def added(rows: Sequence[Row], fund: str, name: str, received: int) -> Row:
    """The sum of rows, as the row of a fund or of all."""
    return Row(
        fund=fund,
        code="",
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
