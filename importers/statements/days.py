"""When the lines of a statement happened: which column says the day, and which the time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Sequence
from itertools import repeat
from operator import gt
from operator import lt

from importers.statements.body import Body
from importers.statements.body import date_columns
from importers.statements.column_values import read_moments
from importers.statements.column_values import read_times
from importers.statements.refusals import UnreadableCell
from ledger.base.language import gettext as _
from ledger.base.records import replace

MIDNIGHT = "00:00:00"


def settled(body: Body) -> Body:
    """The body with the time of every line, and with the days that go one way if there are any.

    Some banks book in the morning what was paid the evening before: the day of the booking goes
    on from line to line where the day of the payment goes back. Raises UnreadableCell.
    """
    if goes_one_way(body.days):
        return replace(body, times=_times(body))
    for column in date_columns(body.header):
        if column != body.date_column:
            days, times = read_moments(body.columns[column])
            known = [day for day in days if day is not None]
            if len(known) == len(days) and goes_one_way(known):
                body = replace(body, date_column=column, days=known, times=times)
                break
    return replace(body, times=_times(body))


def goes_one_way(days: Sequence[datetime.date]) -> bool:
    """Whether no day is before, or none is after, the day of the line above it."""
    above, below = days[:-1], days[1:]
    return not any(map(gt, above, below)) or not any(map(lt, above, below))


def other_days(body: Body) -> Iterable[tuple[datetime.date, ...]]:
    """The days of every line in the other columns that may hold days.

    Another statement of the account may be read by one of them.
    """
    found = [
        read_moments(body.columns[column])[0]
        for column in date_columns(body.header)
        if column != body.date_column
    ]
    if not any(map(any, found)):
        return repeat((), len(body.rows))
    return [tuple(filter(None, days)) for days in zip(*found, strict=True)]


def _times(body: Body) -> Sequence[str]:
    """The time of every line: from the day's own cell, else from a column of times.

    Midnight is mostly a day that a workbook keeps as a time. It is none, whatever the other
    lines say: a line must be the same in every statement that shows it.
    """
    times = _without_midnight(body.times)
    for column in body.header.all_of("moment"):
        if any(times):
            break
        if column != body.date_column:
            times = _without_midnight(_times_in(body, column))
    return times


def _without_midnight(times: Sequence[str]) -> Sequence[str]:
    return ["" if time == MIDNIGHT else time for time in times] if MIDNIGHT in times else times


def _times_in(body: Body, column: int) -> Sequence[str]:
    found = read_times(body.columns[column])
    if None in found:
        raise UnreadableCell(body.place(found.index(None), column), _("this is no time of day"))
    return [time for time in found if time is not None]
