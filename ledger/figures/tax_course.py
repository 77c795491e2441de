"""Withheld income tax from day to day: which line of which fund owes it, and when it was paid.

The books keep it on one account. What the tax office takes pays what was withheld first; what was
taken back after it had been paid is in hand there, and pays what is withheld next. Pure.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections import deque
from collections.abc import Iterable
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING
from typing import NamedTuple

from ledger.budget.ceilings import BudgetLine
from ledger.budget.ceilings import Change
from ledger.budget.ceilings import Flows
from ledger.figures.month_tax import dues_by_month
from ledger.model.accounts import code_of
from ledger.model.history import SUBSIDY_TAG
from ledger.model.history import History
from ledger.model.history import Income
from ledger.model.months import Month

if TYPE_CHECKING:
    from beancount.core import data


class TaxMoved(NamedTuple):
    """What a line owes the tax office more, or less, and what it has paid it, on a day."""

    date: datetime.date
    line: BudgetLine
    owed_fen: int
    paid_fen: int
    entry: data.Transaction | None


class DueMonth(NamedTuple):
    """What of a month's tax is not at the tax office yet."""

    month: Month
    due_fen: int


def remittances(flows: Flows) -> list[Change]:
    """What the tax office has taken, or given back below zero, in the order of days."""
    found = [
        change for change in flows.tax if change.entry and SUBSIDY_TAG not in change.entry.tags
    ]
    return sorted(found, key=lambda change: change.date)


def unpaid_months(history: History, flows: Flows) -> list[DueMonth]:
    """The months whose tax is not paid, the oldest first."""
    left_fen = sum(change.amount_fen for change in remittances(flows))
    found = []
    for month, due_fen in dues_by_month(history).items():
        # What a month takes back of those before is in hand for the next.
        taken_fen = min(max(left_fen, 0), due_fen)
        left_fen -= taken_fen
        if due_fen > taken_fen:
            found.append(DueMonth(month, due_fen - taken_fen))
    return found


def tax_course(history: History, flows: Flows) -> list[TaxMoved]:
    """Everything that happened to withheld tax, day by day."""
    steps: list[tuple[datetime.date, int, BudgetLine | None, int, data.Transaction | None]] = []
    for date, income in _incomes(history):
        steps.append((date, 0, _line(income), income.tax_fen, None))
    for _payee, date, income in history.taken_back:
        if income.tax_fen:
            steps.append((date, 1, _line(income), income.tax_fen, None))
    for change in remittances(flows):
        steps.append((change.date, 2, None, change.amount_fen, change.entry))
    course = _Course()
    for date, kind, line, amount_fen, entry in sorted(steps, key=lambda step: step[:2]):
        if line is None:
            course.remit(date, amount_fen, entry)
        elif kind:
            course.take_back(date, line, amount_fen)
        else:
            course.withhold(date, line, amount_fen)
    return course.moved


def owed_by_line(course: list[TaxMoved]) -> Counter[BudgetLine]:
    """What each line owes the tax office after all of it."""
    owed_fen: Counter[BudgetLine] = Counter()
    for moved in course:
        owed_fen[moved.line] += moved.owed_fen
    return owed_fen


def _incomes(history: History) -> Iterator[tuple[datetime.date, Income]]:
    live: Iterable[tuple[Income, ...]] = history.incomes.values()
    # In most counties nobody is taxed.
    if not any(income.tax_fen for income, _count in history.incomes_counted):
        live = ()
    for income in (*chain.from_iterable(live), *(taken.income for taken in history.taken_back)):
        if income.tax_fen:
            yield income.date, income


def _line(income: Income) -> BudgetLine:
    return BudgetLine(code_of(income.fund), income.line)


class _Course:
    """What is owed, oldest first, and what the tax office has in hand."""

    def __init__(self) -> None:
        self.moved: list[TaxMoved] = []
        self.owed: deque[tuple[BudgetLine, int]] = deque()
        self.paid: list[tuple[BudgetLine, int]] = []
        self.in_hand_fen = 0
        self.last: data.Transaction | None = None

    def withhold(self, date: datetime.date, line: BudgetLine, amount_fen: int) -> None:
        self.move(date, line, owed_fen=amount_fen)
        self.owed.append((line, amount_fen))
        if self.in_hand_fen:
            in_hand_fen, self.in_hand_fen = self.in_hand_fen, 0
            self.pay(date, in_hand_fen, self.last)

    def take_back(self, date: datetime.date, line: BudgetLine, amount_fen: int) -> None:
        """Of what the line owes the newest goes first; what is paid already is in hand there."""
        kept: deque[tuple[BudgetLine, int]] = deque()
        while self.owed and amount_fen:
            of, owed_fen = self.owed.pop()
            gone_fen = min(owed_fen, amount_fen) if of == line else 0
            amount_fen -= gone_fen
            if gone_fen:
                self.move(date, line, owed_fen=-gone_fen)
            if owed_fen > gone_fen:
                kept.appendleft((of, owed_fen - gone_fen))
        self.owed.extend(kept)
        if amount_fen:
            self.move(date, line, paid_fen=-amount_fen, entry=self.last)
            self.pay(date, amount_fen, self.last)

    def remit(self, date: datetime.date, amount_fen: int, entry: data.Transaction | None) -> None:
        self.last = entry
        if amount_fen >= 0:
            self.pay(date, amount_fen, entry)
            return
        back_fen = -amount_fen - min(self.in_hand_fen, -amount_fen)
        self.in_hand_fen -= -amount_fen - back_fen
        while back_fen and self.paid:
            line, paid_fen = self.paid.pop()
            gone_fen = min(paid_fen, back_fen)
            back_fen -= gone_fen
            self.move(date, line, owed_fen=gone_fen, paid_fen=-gone_fen, entry=entry)
            self.owed.appendleft((line, gone_fen))
            if paid_fen > gone_fen:
                self.paid.append((line, paid_fen - gone_fen))

    def pay(self, date: datetime.date, amount_fen: int, entry: data.Transaction | None) -> None:
        """What was withheld first is paid first; the rest is in hand at the tax office."""
        while amount_fen and self.owed:
            line, owed_fen = self.owed.popleft()
            paid_fen = min(owed_fen, amount_fen)
            amount_fen -= paid_fen
            self.move(date, line, owed_fen=-paid_fen, paid_fen=paid_fen, entry=entry)
            self.paid.append((line, paid_fen))
            if owed_fen > paid_fen:
                self.owed.appendleft((line, owed_fen - paid_fen))
        self.in_hand_fen += amount_fen

    def move(
        self,
        date: datetime.date,
        line: BudgetLine,
        *,
        owed_fen: int = 0,
        paid_fen: int = 0,
        entry: data.Transaction | None = None,
    ) -> None:
        self.moved.append(TaxMoved(date, line, owed_fen, paid_fen, entry))
