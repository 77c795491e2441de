"""Months: in the order of time, as people write them, and those that are closed. Pure."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from typing import NamedTuple

from ledger.base.digests import Digest
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal

if TYPE_CHECKING:
    from beancount.core import data

_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")


class NotAMonth(Refusal):
    """A text that names no month."""

    def __init__(self, text: str) -> None:
        message = _("{text} is no month; write it as 2020-11")
        super().__init__(message.format(text=text))


class Month(NamedTuple):
    """A month of a year; months are in the order of time."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def chinese(self) -> str:
        """``2020年11月``."""
        return f"{self.year}年{self.number}月"

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


class Closing(Record):
    """A month that event ``seq`` has closed, and with it everything before.

    ``report`` and ``figures`` are the digests of what the registry keeps of it, ``outside`` that of
    what stood outside events up to the month's end; ``marks`` are of each of these directives that
    no earlier closing has. ``log`` was the newest entry of the registry's log.
    """

    month: Month
    seq: int
    report: Digest
    figures: Digest
    outside: Digest
    log: str
    marks: tuple[str, ...]
    header: data.Custom


class MonthClosed(Refusal):
    """A day in a month that is closed, or before one."""

    def __init__(self, day: datetime.date, newest: Month) -> None:
        message = _(
            "{day} is in {month}, which is closed: give a day from {open} on, or let the months be"
            " opened again, the newest one first"
        )
        super().__init__(
            message.format(day=day, month=month_of(day), open=newest.next().first),
            day=day.isoformat(),
            month=str(month_of(day)),
            newest=str(newest),
        )


def first_open_day(closed: Sequence[Closing]) -> datetime.date:
    """The first day on which something can be entered."""
    return closed[-1].month.next().first if closed else datetime.date.min


def require_open(closed: Sequence[Closing], day: datetime.date) -> None:
    """Raises MonthClosed."""
    if day < first_open_day(closed):
        raise MonthClosed(day, closed[-1].month)


def dated_in_closed(day: datetime.date) -> str:
    """What is wrong with a directive of that day."""
    message = _(
        "this is dated {day}, and {month} is closed: take it out or give it a later day, or let the"
        " months be opened again, the newest one first"
    )
    return message.format(day=day, month=month_of(day))
