"""A month to report on, and why there may be nothing to say of it."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from typing import NamedTuple

from beancount.core import data

from ledger.base.language import gettext as _
from ledger.base.refusals import Refusal
from ledger.books.books import Books

_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")


class NotAMonth(Refusal):
    """A text that names no month."""

    def __init__(self, text: str) -> None:
        message = _("{text} is no month; write it as 2020-11")
        super().__init__(message.format(text=text))


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


class Month(NamedTuple):
    """A month of a year; months are in the order of time."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first(self) -> datetime.date:
        return datetime.date(self.year, self.number, 1)

    @property
    def last(self) -> datetime.date:
        return self.first.replace(day=calendar.monthrange(self.year, self.number)[1])

    @property
    def year_first(self) -> datetime.date:
        """The first day of the year."""
        return datetime.date(self.year, 1, 1)

    @property
    def days_gone(self) -> int:
        """Days of the year that are over at the month's end."""
        return self.last.timetuple().tm_yday

    @property
    def days_of_year(self) -> int:
        return 366 if calendar.isleap(self.year) else 365

    def next(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)


def read_month(text: str) -> Month:
    """The month that ``2020-11`` names. Raises NotAMonth."""
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 9998:
        raise NotAMonth(text)
    return Month(int(found[1]), int(found[2]))


def month_of(day: datetime.date) -> Month:
    return Month(day.year, day.month)


def require_reportable(books: Books, month: Month, today: datetime.date) -> None:
    """Raises MonthAhead, NothingEntered or BeforeFirstEntry."""
    if month.first > today:
        raise MonthAhead(month)
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
    days = [entry.date for entry in books.entries if isinstance(entry, data.Transaction)]
    if not days:
        raise NothingEntered
    return days[0], days[-1]
