"""Income tax on 劳务报酬: what is withheld of one person's income of one month. Pure.

One person's income of one month is one sum. Withheld now is the tax of the sum so far, less what
was withheld before in that month, and never below zero. Tables are dated, and stand as data beside
the article that they are from; tax is computed exactly, and rounded once to the fen, half up.
"""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from functools import cache
from functools import lru_cache
from pathlib import Path
from typing import Any

from ledger.base.money import fen
from ledger.base.records import Record

DATA = Path(__file__).parent / "data" / "labour_tax.json"


class Deduction(Record):
    """What is taken off an income up to so much, all incomes where there is no bound: an amount
    and a part in a hundred.
    """

    up_to_fen: int | None
    amount_fen: int
    percent: int


class Bracket(Record):
    """The rate in a hundred of a taxable income up to so much, and what is taken off the tax."""

    up_to_fen: int | None
    percent: int
    quick_deduction_fen: int


class TaxTable(Record, eq=False):
    """What is in force from a day on; ``source`` and ``article`` say where it stands."""

    start: datetime.date
    source: str
    article: str
    deductions: tuple[Deduction, ...]
    brackets: tuple[Bracket, ...]

    def tax_fen(self, income_fen: int) -> int:
        """The tax of one month's income, both in fen."""
        return _tax_fen(self, income_fen)

    def withheld_now_fen(self, income_before_fen: int, withheld_fen: int, now_fen: int) -> int:
        """What is withheld of a payment, after others of its month and what these had withheld.

        What was withheld too much, because a payment was taken back since, is not given back here.
        """
        return max(0, self.tax_fen(income_before_fen + now_fen) - withheld_fen)


@lru_cache(maxsize=1 << 12)
def _tax_fen(table: TaxTable, income_fen: int) -> int:
    """Remembered: thousands of people are paid the same."""
    deduction = next(
        one for one in table.deductions if one.up_to_fen is None or income_fen <= one.up_to_fen
    )
    # In hundredths of a fen, and the tax in hundredths of these: whole numbers all along.
    taxable = income_fen * (100 - deduction.percent) - deduction.amount_fen * 100
    if taxable <= 0:
        return 0
    bracket = next(
        one for one in table.brackets if one.up_to_fen is None or taxable <= one.up_to_fen * 100
    )
    tax = taxable * bracket.percent - bracket.quick_deduction_fen * 10_000
    return (tax + 5_000) // 10_000


def table_on(day: datetime.date) -> TaxTable | None:
    """The table in force on a day, None before the first."""
    begun = [table for table in tax_tables() if table.start <= day]
    return begun[-1] if begun else None


@cache
def tax_tables() -> tuple[TaxTable, ...]:
    """Every table, in the order of their days."""
    known = json.loads(DATA.read_text(encoding="utf-8"))["tables"]
    return tuple(sorted(map(_table, known), key=lambda table: table.start))


def _table(said: dict[str, Any]) -> TaxTable:
    return TaxTable(
        start=datetime.date.fromisoformat(said["from"]),
        source=said["source"],
        article=said["article"],
        deductions=tuple(
            Deduction(_bound(one), _fen_of(one.get("amount", "0")), one.get("percent", 0))
            for one in said["deductions"]
        ),
        brackets=tuple(
            Bracket(_bound(one), one["percent"], _fen_of(one["quick_deduction"]))
            for one in said["brackets"]
        ),
    )


def _bound(said: dict[str, Any]) -> int | None:
    return _fen_of(said["up_to"]) if "up_to" in said else None


def _fen_of(amount: str) -> int:
    return fen(Decimal(amount))
