"""The figures of a month that is closed, as they are kept and compared: money and people.

Whom a stage owes something is a figure of the month. Who of them may be paid, by which bank, and
which towns there are is none: that is for settings to say, and they may change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.base.language import gettext as _
from ledger.base.money import plain
from ledger.books.books import Books
from ledger.figures.budget_execution import Execution
from ledger.figures.monthly_lines import Row
from ledger.figures.monthly_lines import paid_in
from ledger.figures.monthly_lines import rows_of
from ledger.figures.monthly_report import MonthlyReport
from ledger.figures.period_changes import Happening
from ledger.figures.period_changes import Period
from ledger.figures.period_changes import happenings
from ledger.figures.status import Status
from ledger.figures.status import status
from ledger.model.months import Month
from ledger.payments.eligibility import judge_owed
from ledger.registry.registry import Registry

_BUDGET = ("total_fen", "received_fen", "spent_fen", "paid_fen", "committed_fen", "remaining_fen")
_FUND = ("budget_fen", "received_fen", "spent_fen", "paid_fen", "available_fen")
_ROW = (
    "initial_fen",
    "adjusted_fen",
    "received_fen",
    "month_fen",
    "year_fen",
    "project_fen",
    "unpaid_fen",
    "committed_fen",
    "remaining_fen",
)
_CASH = ("bank_fen", "promised_fen", "tax_due_fen", "available_fen", "in_transit_fen")
_PEOPLE = ("registered", "due", "in_bank", "paid", "returned", "unknown")
_BATCH = ("id", "state", "payees", "amount_fen", "paid", "returned", "unknown", "awaited")
_HAPPENING = ("kind", "fund", "line", "amount_fen", "batch", "people")


def month_figures(books: Books, registry: Registry, month: Month) -> dict[str, Any]:
    """The figures as of the month's end; ``books`` are whole."""
    books = books.as_of(month.last)
    payees = registry.payees_as_of(month.last, books.history.last_prepared)
    last = books.rules.begun(month.last)[-1].code
    owed = judge_owed(payees, books.history, books.rules, month.last, last)
    at_end = status(books, payees, owed, month.last)
    in_month = Period(month.first, month.last)
    in_year = Period(month.year_first, month.last)
    rows = rows_of(
        books.rules,
        month,
        Execution(at_end.budget, at_end.funds, at_end.lines),
        paid_in(books, in_month),
        paid_in(books, in_year),
    )
    return _figures(month, at_end, rows, happenings(books, in_month))


def figures_of(report: MonthlyReport) -> dict[str, Any]:
    """The same figures of a report that is made already."""
    return _figures(report.month, report.status, report.rows, report.happenings)


def _figures(
    month: Month, at_end: Status, rows: Iterable[Row], happened: Iterable[Happening]
) -> dict[str, Any]:
    """All together is the row ``""``. They are by name: in which order rules and entries of a day
    stand changes none.
    """
    return {
        "month": str(month),
        "budget": _said(at_end.budget, _BUDGET),
        "funds": {fund.code: _said(fund, _FUND) for fund in at_end.funds},
        "rows": {f"{row.fund} {row.code}".strip(): _said(row, _ROW) for row in rows},
        "cash": _said(at_end.cash, _CASH),
        "suspense": _said(at_end.suspense, ("lines", "amount_fen")),
        "payees": _said(at_end.payees, _PEOPLE),
        "batches": [_said(batch, _BATCH) for batch in at_end.batches],
        "happenings": sorted(
            " ".join([str(one.date), *map(str, _said(one, _HAPPENING).values())])
            for one in happened
        ),
    }


def differing(kept: Any, anew: Any) -> list[str]:
    """What of the figures is another by now, by the names of their parts."""
    if not isinstance(kept, dict):
        return ["figures"]
    return sorted(name for name in kept.keys() | anew.keys() if kept.get(name) != anew.get(name))


def part_word(name: str) -> str:
    """A part of the figures in the user's language."""
    words = {
        "month": _("the month"),
        "budget": _("the budget"),
        "funds": _("the funds"),
        "rows": _("the lines"),
        "cash": _("the bank account"),
        "suspense": _("what nobody has explained"),
        "payees": _("the people"),
        "batches": _("the batches"),
        "happenings": _("what happened in the month"),
    }
    return words.get(name, _("the figures"))


def _said(record: Any, names: Iterable[str]) -> dict[str, Any]:
    """Fields of a record: what is fen by its name is text in yuan."""
    values = {name: getattr(record, name) for name in names}
    return {
        name.removesuffix("_fen"): plain(value) if name.endswith("_fen") and value is not None
        else value
        for name, value in values.items()
    }  # fmt: skip
