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
# What may stand beside a day and says nothing more: its weekday, and that the time is our own.
_WEEKDAY = (
    r"[(\[]?(?:(?:星期|周|礼拜)[一二三四五六日天]|(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*)[)\]]?"
)
_WEEKDAY_BEFORE = re.compile(rf"^{_WEEKDAY}[ ,]*", re.IGNORECASE)
_WEEKDAY_BEHIND = re.compile(rf"^[ ,]*{_WEEKDAY}", re.IGNORECASE)
_OUR_OFFSET = re.compile(r" ?(?:(?:UTC|GMT)? ?\+0?8(?::?00)?|CST|北京时间)$", re.IGNORECASE)
_HALF_OF_DAY = re.compile(
    "^(?P<before>上午|下午|AM|PM)? ?(?P<time>[0-9:时点分秒.]+) ?(?P<behind>AM|PM)?$", re.IGNORECASE
)
_MIDDAY = 12
# A workbook counts its days from 1899-12-30; so many are 1990 to 2099.
_FIRST_DAY, _DAY_AFTER_LAST = 32874, 73051
_DAY_0 = datetime.date(1899, 12, 30)
END_OF_DAY = "24:00:00"


class Moment(NamedTuple):
    """A day, and the time as ``HH:MM:SS`` or an empty text."""

    date: datetime.date
    time: str


def moment(cell: Cell) -> Moment | None:
    """The day in a cell and the time that may stand behind it; None for anything else.

    ``2020-11-12 10:20:30``, ``20201112``, ``2020/11/12``, ``2020年11月12日``, ``20201112102030``,
    ``2020-11-12 星期四``, ``2020-11-12 10:20:30 +0800``, a date of a workbook, or the number that
    is left of one whose format was lost.
    """
    if isinstance(cell, datetime.datetime):
        return Moment(cell.date(), cell.strftime("%H:%M:%S"))
    if isinstance(cell, datetime.date):
        return Moment(cell, "")
    if isinstance(cell, bool | datetime.time | datetime.timedelta):
        return None
    if isinstance(cell, int | float) and _FIRST_DAY <= cell < _DAY_AFTER_LAST:
        return _numbered(cell)
    text = plain_text(cell)
    found = _DATE.match(text)
    if found is None:
        text = _WEEKDAY_BEFORE.sub("", text)
        found = _DATE.match(text)
    if found is None:
        return None
    date = _date_of(found)
    rest = _WEEKDAY_BEHIND.sub("", text[found.end() :])
    rest = rest[_BETWEEN.match(rest).end() :]  # type: ignore[union-attr]
    if date is None or not rest:
        return Moment(date, "") if date else None
    time = time_of_day(rest) if len(rest) > 1 else None
    return Moment(date, time) if time else None


def _numbered(number: float) -> Moment:
    """The day that a workbook's number stands for, and the part of a day behind its point."""
    day = _DAY_0 + datetime.timedelta(days=int(number))
    part = number - int(number)
    return Moment(day, time_of_day(part) or "" if part else "")


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
    """``HH:MM:SS`` for ``10:20``, ``102030``, ``下午3:05``, the number 93015; empty for no text.

    240000 is the end of the day. None for anything else.
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
    text = _OUR_OFFSET.sub("", text)
    half = _HALF_OF_DAY.fullmatch(text)
    named = ((half["before"] or "") + (half["behind"] or "")).upper() if half else ""
    found = _TIME.fullmatch(half["time"] if half and named else text)
    if found:
        one, other = found.groups()[:3], found.groups()[3:]
        hour, minute, second = (int(part or 0) for part in (one if one[0] else other))
    elif _DIGITS.fullmatch(text):
        # As a number 093015 is 93015, but a text of four digits is hours and minutes.
        digits = text + "00" if isinstance(cell, str) and len(text) == 4 else text.zfill(6)
        hour, minute, second = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    else:
        return None
    if named:
        if hour > _MIDDAY or len(named) > len("上午"):
            return None
        afternoon = named in ("下午", "PM")
        hour = hour % _MIDDAY + (_MIDDAY if afternoon else 0)
    if (hour, minute, second) == (24, 0, 0):
        return END_OF_DAY
    if hour > 23 or minute > 59 or second > 59:
        return None
    return f"{hour:02}:{minute:02}:{second:02}"
