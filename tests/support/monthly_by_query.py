"""A month's figures by bean-query and Beancount's own directives, without any code of ours.

Amounts are Decimal yuan. A line is (fund's code, line's code), such as ``("01", "30226")``.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import data
from beanquery.query import run_query

SUBSIDIES = "30226"
ZERO = Decimal(0)
LINE = re.compile(r"Expenses:5001[^:]*:(\d\d)[^:]*:(\d{5})")
PAYABLE = re.compile(r"Liabilities:2307[^:]*:[^:]*:(\d\d)")
BANK = re.compile("(Assets:1002)")
INTEREST = re.compile("(Income:4604)")
INCOME = re.compile(r"Income:(?:4001|4601)[^:]*:(\d\d)")

Line = tuple[str, str]


@dataclass(frozen=True)
class Expected:
    """What the statement of a month has to say."""

    initial: Mapping[Line, Decimal]
    adjusted: Mapping[Line, Decimal]
    received: Mapping[str, Decimal]
    spent: Mapping[Line, Decimal]
    paid: Mapping[Line, Decimal]
    paid_before: Mapping[Line, Decimal]
    paid_before_year: Mapping[Line, Decimal]
    received_in_month: Decimal
    bank: Decimal
    interest: tuple[Decimal, Decimal]

    def row(self, line: Line) -> list[Decimal]:
        """年初预算 调整预算 本月支出 本年累计 项目累计 已列支未支付 结余 (without contracts)."""
        paid = self.paid.get(line, ZERO)
        return [
            self.initial.get(line, ZERO),
            self.adjusted.get(line, ZERO),
            paid - self.paid_before.get(line, ZERO),
            paid - self.paid_before_year.get(line, ZERO),
            paid,
            self.spent.get(line, ZERO) - paid,
            self.adjusted.get(line, ZERO) - self.spent.get(line, ZERO),
        ]

    def sums(self, lines: list[Line]) -> list[Decimal]:
        return [sum(column, ZERO) for column in zip(*map(self.row, lines), strict=True)]


class Queries:
    """The ledger of some books, loaded once."""

    def __init__(self, books: Path) -> None:
        self.entries, errors, self.options = loader.load_file(books / "main.beancount")
        assert not errors

    def sums(self, pattern: re.Pattern[str], day: datetime.date) -> dict[Any, Decimal]:
        """The balances of accounts up to a day, by what the pattern finds in their names."""
        query = f"SELECT account, sum(number) WHERE date <= {day} GROUP BY account"
        found: dict[Any, Decimal] = defaultdict(Decimal)
        for account, number in run_query(self.entries, self.options, query)[1]:
            match = pattern.match(account)
            if match:
                key = match.groups() if len(match.groups()) > 1 else match[1]
                found[key] += number
        return found

    def paid(self, day: datetime.date) -> dict[Line, Decimal]:
        """Expenses less what is still owed of them: all of that is subsidies."""
        paid = self.sums(LINE, day)
        for fund, owed in self.sums(PAYABLE, day).items():
            paid[fund, SUBSIDIES] += owed
        return paid

    def budgets(self, last: datetime.date) -> tuple[dict[Line, Decimal], dict[Line, Decimal]]:
        """Initial and adjusted, up to a day."""
        initial: dict[Any, Decimal] = defaultdict(Decimal)
        adjusted: dict[Any, Decimal] = defaultdict(Decimal)
        for entry in self.entries:
            if isinstance(entry, data.Custom) and entry.type == "census-budget":
                account, amount, kind = (value.value for value in entry.values)
                match = LINE.match(account)
                assert match is not None
                if entry.date <= last:
                    adjusted[match.groups()] += amount.number
                    if kind == "initial" or entry.date.year < last.year:
                        initial[match.groups()] += amount.number
        return initial, adjusted

    def month(self, year: int, number: int) -> Expected:
        first = datetime.date(year, number, 1)
        last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
        before = first - datetime.timedelta(days=1)
        initial, adjusted = self.budgets(last)
        received, earlier = (self.sums(INCOME, day) for day in (last, before))
        interest, interest_before = (
            -sum(self.sums(INTEREST, day).values(), ZERO) for day in (last, before)
        )
        return Expected(
            bank=sum(self.sums(BANK, last).values(), ZERO),
            interest=(interest, interest - interest_before),
            initial=initial,
            adjusted=adjusted,
            received={fund: -number for fund, number in received.items()},
            spent=self.sums(LINE, last),
            paid=self.paid(last),
            paid_before=self.paid(before),
            paid_before_year=self.paid(datetime.date(year - 1, 12, 31)),
            received_in_month=sum(earlier.values(), ZERO) - sum(received.values(), ZERO),
        )
