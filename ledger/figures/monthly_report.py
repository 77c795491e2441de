"""A month's budget statement (经费预算执行情况月报): every figure that it prints."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from decimal import Decimal

from ledger.base.digests import Digest
from ledger.base.records import Record
from ledger.books.books import Books
from ledger.figures.budget_execution import Execution
from ledger.figures.cumulative import Cumulative
from ledger.figures.cumulative import course
from ledger.figures.month_money import Balance
from ledger.figures.month_money import BankMoney
from ledger.figures.month_money import balance_of
from ledger.figures.month_money import bank_money
from ledger.figures.month_trail import Trail
from ledger.figures.month_trail import trail
from ledger.figures.monthly_lines import Row
from ledger.figures.monthly_lines import paid_in
from ledger.figures.monthly_lines import rows_of
from ledger.figures.open_matters import OpenMatters
from ledger.figures.open_matters import open_matters
from ledger.figures.period_changes import Happening
from ledger.figures.period_changes import Period
from ledger.figures.period_changes import happenings
from ledger.figures.status import Status
from ledger.figures.status import status
from ledger.model.months import Month
from ledger.model.payees import Countable
from ledger.payments.eligibility import Eligibility


class MonthlyReport(Record):
    """What a statement says as of the end of ``month``.

    ``rows`` are the lines, each fund's sum after its lines, and the sum of all at the end.
    ``digest`` is that of the books (:func:`~ledger.books.books_digest.books_digest`).
    """

    unit: str
    month: Month
    status: Status
    rows: tuple[Row, ...]
    course: Cumulative
    open_matters: OpenMatters
    happenings: tuple[Happening, ...]
    money: BankMoney
    trail: Trail
    digest: Digest

    @property
    def total(self) -> Row:
        """All funds together."""
        return self.rows[-1]

    @property
    def balance(self) -> Balance:
        """What is left of the budget: what has not arrived, and what may be spent."""
        return balance_of(self.rows)

    @property
    def time_gone(self) -> Decimal:
        """The part of the year that is over (序时进度)."""
        return Decimal(self.month.days_gone) / Decimal(self.month.days_of_year)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing came, was paid or was budgeted in the month."""
        return not self.happenings


def monthly_report(
    books: Books,
    month: Month,
    payees: Collection[Countable],
    eligibilities: Sequence[Eligibility],
    *,
    digest: Digest,
) -> MonthlyReport:
    """The statement of books that are cut off at the month's end (:meth:`Books.as_of`).

    ``payees``, ``eligibilities`` of the stages and ``digest`` are those of the month's last day
    too; people are counted in the first of them.
    """
    at_end = status(books, payees, eligibilities[0], month.last, others=eligibilities[1:])
    executed = Execution(at_end.budget, at_end.funds, at_end.lines)
    in_month = Period(month.first, month.last)
    in_year = Period(month.year_first, month.last)
    rows = rows_of(books.rules, month, executed, paid_in(books, in_month), paid_in(books, in_year))
    happened = tuple(happenings(books, in_month))
    return MonthlyReport(
        unit=books.settings.unit,
        month=month,
        status=at_end,
        rows=tuple(rows),
        course=course(books.flows),
        open_matters=open_matters(
            at_end, eligibilities, books.history, books.rules, books.ceilings(month.last)
        ),
        happenings=happened,
        money=bank_money(books, at_end.cash, in_month),
        trail=trail(books, in_month, happened),
        digest=digest,
    )
