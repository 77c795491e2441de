"""A month to report on, and why there may be nothing to say of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books
from ledger.model.months import Month
from ledger.model.months import month_of


class MonthAhead(Refusal):
    """A month that has not begun."""

    def __init__(self, month: Month) -> None:
        message = _("{month} has not begun: there is nothing to report yet")
        super().__init__(message.format(month=month))


class NothingEntered(Refusal):
    """Books without a single entry."""

    def __init__(self) -> None:
        super().__init__(
            _("nothing has been entered yet: import the bank's first statement, then report")
        )


class BeforeFirstEntry(Refusal):
    """A month that ended before the books' first entry."""

    def __init__(self, month: Month, first: datetime.date) -> None:
        message = _(
            "there is nothing to report for {month}: the first entry of the books is of {first}"
        )
        super().__init__(message.format(month=month, first=first), first=first.isoformat())


def require_reportable(books: Books, month: Month, today: datetime.date) -> None:
    """Raises MonthAhead, NothingEntered or BeforeFirstEntry."""
    last_day_to_report(month, today)
    first, _last = entered(books)
    if month.last < first:
        raise BeforeFirstEntry(month, first)


def reportable_months(books: Books, today: datetime.date) -> Iterator[Month]:
    """Every month from the first entry to the last, but for those that have not begun.

    Raises NothingEntered, or MonthAhead when all entries are ahead.
    """
    first, last = entered(books)
    month = month_of(first)
    if month.first > today:
        raise MonthAhead(month)
    while month.first <= min(last, today):
        yield month
        month = month.next()


def entered(books: Books) -> tuple[datetime.date, datetime.date]:
    """The days of the first and of the last entry. Raises NothingEntered."""
    if books.ledger.entered is None:
        raise NothingEntered
    return books.ledger.entered


def last_day_to_report(month: Month, today: datetime.date) -> datetime.date:
    """The last day of a month that has begun. Raises MonthAhead."""
    if month.first > today:
        raise MonthAhead(month)
    return month.last
