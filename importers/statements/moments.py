"""Days and times of day in cells, in the spellings that banks use."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from importers.statements.words import is_filler
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell

EARLIEST_YEAR = 1990
LATEST_YEAR = 2099

_DATE = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})"
    r"(?:(?P<mark>[-/.])(?P<month1>[0-9]{1,2})(?P=mark)(?P<day1>[0-9]{1,2})"
    r"|年(?P<month2>[0-9]{1,2})月(?P<day2>[0-9]{1,2})日?"
    r"|(?P<month3>[0-9]{2})(?P<day3>[0-9]{2}))"
)
_TIME = re.compile(
    r"([0-9]{1,2})[:时点]([0-9]{1,2})(?:[:分]([0-9]{1,2})?(?:秒|[.,:][0-9]{1,9})?)?"
    r"|([0-9]{1,2})\.([0-9]{2})\.([0-9]{2})(?:\.[0-9]{1,9})?"
)
_DIGITS = re.compile("[0-9]{1,6}")
_BETWEEN = re.compile("[ T-]*")


class Moment(NamedTuple):
    """A day, and the time as ``HH:MM:SS`` or an empty text."""

    date: datetime.date
    time: str


def moment(cell: Cell) -> Moment | None:
    """The day in a cell and the time that may stand behind it; None for anything else.

    ``2020-11-12 10:20:30``, ``20201112``, ``2020/11/12``, ``2020年11月12日``, ``20201112102030``,
    a date of a workbook.
    """
    if isinstance(cell, datetime.datetime):
        return Moment(cell.date(), cell.strftime("%H:%M:%S"))
    if isinstance(cell, datetime.date):
        return Moment(cell, "")
    if isinstance(cell, bool | datetime.time | datetime.timedelta):
        return None
    text = plain_text(cell)
    found = _DATE.match(text)
    if found is None:
        return None
    date = _date_of(found)
    rest = text[_BETWEEN.match(text, found.end()).end() :]  # type: ignore[union-attr]
    if date is None or not rest:
        return Moment(date, "") if date else None
    time = time_of_day(rest) if len(rest) > 1 else None
    return Moment(date, time) if time else None


def _date_of(found: re.Match[str]) -> datetime.date | None:
    parts = found.groupdict()
    month = parts["month1"] or parts["month2"] or parts["month3"]
    day = parts["day1"] or parts["day2"] or parts["day3"]
    try:
        date = datetime.date(int(parts["year"]), int(month), int(day))
    except ValueError:
        return None
    return date if EARLIEST_YEAR <= date.year <= LATEST_YEAR else None


def time_of_day(cell: Cell) -> str | None:
    """``HH:MM:SS`` for ``10:20``, ``102030``, the number 93015; empty for an empty cell.

    None for anything else.
    """
    if isinstance(cell, float) and 0 < cell < 1:  # a part of a day, as workbooks keep it
        cell = datetime.timedelta(seconds=round(cell * 86400))
    if isinstance(cell, datetime.time | datetime.datetime):
        return cell.strftime("%H:%M:%S")
    if isinstance(cell, datetime.timedelta):
        cell = str(cell)
    if isinstance(cell, bool | datetime.date):
        return None
    text = plain_text(cell)
    if is_filler(text):
        return ""
    found = _TIME.fullmatch(text)
    if found:
        one, other = found.groups()[:3], found.groups()[3:]
        hour, minute, second = (int(part or 0) for part in (one if one[0] else other))
    elif _DIGITS.fullmatch(text):
        # As a number 093015 is 93015, but a text of four digits is hours and minutes.
        digits = text + "00" if isinstance(cell, str) and len(text) == 4 else text.zfill(6)
        hour, minute, second = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    else:
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    return f"{hour:02}:{minute:02}:{second:02}"
