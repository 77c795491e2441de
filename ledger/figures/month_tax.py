"""The income tax of a month: of whom, how much, and what is taken back of months before. Pure.

An income is of the month of the batch that has paid it first, and is declared with all others of
that month, taxed or not. What was cancelled in its own month is no income; what was cancelled later
is a correction of the month in which that was said. What a void batch held was paid to nobody.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Iterator
from typing import NamedTuple

from ledger.base.records import Record
from ledger.model.history import History
from ledger.model.history import Income
from ledger.model.ids import NO_BATCH
from ledger.model.ids import BatchId
from ledger.model.ids import PayeeId
from ledger.model.ids import TownComponent
from ledger.model.months import Month
from ledger.model.months import month_of

# Of the month after: until then what was withheld is declared and paid.
LAST_DAY = 15


class PersonTax(NamedTuple):
    """One person's month: all payments together. ``town`` is that of the last of them."""

    payee: PayeeId
    town: TownComponent
    payments: int
    income_fen: int
    tax_fen: int


class Correction(NamedTuple):
    """An income of an earlier month that was taken back in this one."""

    payee: PayeeId
    town: TownComponent
    month: Month
    date: datetime.date
    income_fen: int
    tax_fen: int


class MonthTax(Record):
    """What is to be declared of a month. ``elsewhere`` are those who were paid and are not: by a
    paper not taxed, wages that the employer declares, or paid before these books.
    ``open_batches`` are of the month, and neither given to the bank nor void.
    """

    month: Month
    people: tuple[PersonTax, ...]
    corrections: tuple[Correction, ...]
    elsewhere: int
    open_batches: tuple[BatchId, ...]

    @property
    def income_fen(self) -> int:
        return sum(person.income_fen for person in self.people)

    @property
    def tax_fen(self) -> int:
        """What was withheld in the month."""
        return sum(person.tax_fen for person in self.people)

    @property
    def corrected_fen(self) -> int:
        """What of the tax of months before was taken back."""
        return sum(correction.tax_fen for correction in self.corrections)

    @property
    def due_fen(self) -> int:
        """What is the tax office's; below zero where it owes."""
        return self.tax_fen - self.corrected_fen

    @property
    def last_day(self) -> datetime.date:
        """Until when it is declared and paid."""
        return last_day_of(self.month)


def last_day_of(month: Month) -> datetime.date:
    """Until when the tax of a month is declared and paid: the law's day, holidays apart."""
    return month.next().first.replace(day=LAST_DAY)


def month_tax(history: History, month: Month) -> MonthTax:
    """The tax of a month, by the events that are known now."""
    people: dict[PayeeId, PersonTax] = {}
    elsewhere: set[PayeeId] = set()
    batches: set[BatchId] = set()
    for payee, income in sorted(incomes_of(history, month), key=lambda one: one[1].date):
        # What was paid before these books was somebody else's to declare.
        if not income.is_labour or income.batch == NO_BATCH:
            elsewhere.add(payee)
            continue
        batches.add(income.batch)
        before = people.get(payee, PersonTax(payee, income.town, 0, 0, 0))
        people[payee] = PersonTax(
            payee,
            income.town,
            before.payments + 1,
            before.income_fen + income.gross_fen,
            before.tax_fen + income.tax_fen,
        )
    corrections = [
        Correction(
            payee, income.town, month_of(income.date), date, income.gross_fen, income.tax_fen
        )
        for payee, date, income in history.taken_back
        # guard: corrected-once
        if income.is_labour and month_of(date) == month and month_of(income.date) < month
    ]
    return MonthTax(
        month=month,
        people=tuple(sorted(people.values(), key=lambda one: (one.town, one.payee))),
        corrections=tuple(sorted(corrections)),
        elsewhere=len(elsewhere - people.keys()),
        open_batches=tuple(
            sorted(one.id for one in history.batches.values() if one.id in batches and one.is_here)
        ),
    )


def incomes_of(history: History, month: Month) -> Iterator[tuple[PayeeId, Income]]:
    """Everybody's incomes of a month, with those that were taken back in a later one."""
    for payee, incomes in history.incomes.items():
        for income in incomes:
            if month_of(income.date) == month:
                yield payee, income
    for payee, date, income in history.taken_back:
        if month_of(income.date) == month and month_of(date) > month:
            yield payee, income


def taxed_months(history: History) -> list[Month]:
    """The months in which somebody was paid, or an income taken back, in their order."""
    days = {income.date for incomes in history.incomes.values() for income in incomes}
    for taken in history.taken_back:
        days |= {taken.date, taken.income.date}
    return sorted(set(map(month_of, days)))


def dues_by_month(history: History) -> dict[Month, int]:
    """What of each month is the tax office's, the oldest first: nothing where nobody was taxed.

    It is what :func:`month_tax` says, told of all months at once and without their people.
    """
    dues_fen: dict[Month, int] = {}
    months: dict[datetime.date, Month] = {}

    def add(day: datetime.date, fen: int) -> None:
        month = months.get(day) or months.setdefault(day, month_of(day))
        dues_fen[month] = dues_fen.get(month, 0) + fen

    for income, count in history.incomes_counted:
        if income.tax_fen and income.is_labour:
            add(income.date, income.tax_fen * count)
    for _payee, day, income in history.taken_back:
        # What was taken back in its own month is no income of it.
        if income.tax_fen and income.is_labour and month_of(day) > month_of(income.date):
            add(income.date, income.tax_fen)
            add(day, -income.tax_fen)
    return dict(sorted(dues_fen.items()))


def totals_by_town(people: Iterable[PersonTax]) -> dict[TownComponent, tuple[int, int, int]]:
    """People, income and tax of each town, in the order of codes."""
    totals: dict[TownComponent, tuple[int, int, int]] = {}
    for person in people:
        count, income_fen, tax_fen = totals.get(person.town, (0, 0, 0))
        totals[person.town] = (
            count + 1,
            income_fen + person.income_fen,
            tax_fen + person.tax_fen,
        )
    return dict(sorted(totals.items()))
