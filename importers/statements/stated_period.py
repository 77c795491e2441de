"""The days that a statement says it covers, in its titles and in the names of file and sheet.

Only what cannot mean anything else counts: a first and a last day beside the word for it, or one
month beside the word for a statement. A day alone is mostly that of the download.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from importers.statements.body import Body
from importers.statements.days import other_days
from importers.statements.refusals import OutsideStatedPeriod
from importers.tables.cell_text import plain_text
from importers.tables.cells import Cell
from importers.tables.spelling import spoken
from ledger.base.language import gettext as _

_DAY = (
    r"((?:19|20)[0-9]{2})(?:([-/.])([0-9]{1,2})\%d([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))(?![0-9])"
)
_CLOCK = r"(?:[ T]?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
_FROM_TO = re.compile(
    rf"(?<![0-9]){_DAY % 2}{_CLOCK} ?(?:[-~—–―至到]+|TO|,) ?{_DAY % 10}", re.IGNORECASE
)
_FROM = r"(?:起始|开始|起|开始查询|查询起始|查询开始)(?:交易)?(?:日期|时间|日)? ?:? ?"
_TO = r"(?:截止|终止|结束|截至|止|迄)(?:交易)?(?:日期|时间|日)? ?:? ?"
_FROM_AND_TO = re.compile(rf"{_FROM}{_DAY % 2}{_CLOCK}[ ,;、]*(?:查询|交易)?{_TO}{_DAY % 10}")
_OF_A_PERIOD = re.compile(
    "查询|起止|期间|区间|日期|时间|时段|范围|周期|账期|对账|明细|流水|账单|PERIOD"
)
_OF_SOMETHING_ELSE = re.compile("有效|优惠|减免|免费|活动|营业|维护|公告")
_STATEMENT = "(?:交易|账户|银行|活期|存款|往来|收支|历史|资金|电子)*(?:明细|流水|对账单|账单|对账)"
_TITLE_MONTH = re.compile(
    rf"(?<![0-9至到~—-])((?:19|20)[0-9]{{2}})年([0-9]{{1,2}})月份?的? ?{_STATEMENT}"
)
# In names: one month, with or without a year, and no day behind it.
_MONTH = r"(?:((?:19|20)[0-9]{2})(?:年([0-9]{1,2})月?份?|[-_.]?([01][0-9]))|([0-9]{1,2})月份?)"
_IN_A_NAME = re.compile(
    rf"(?<![0-9年月至到~—近前])(?<![0-9年月][-./、_]){_MONTH}(?![0-9月日号至到~—_.-]*[0-9])(?![日号至到~—])"
)
_BARE_MONTH = re.compile(rf"{_MONTH}(?:{_STATEMENT})?表?")
_HAS_STATEMENT = re.compile("明细|流水|对账|账单")


class Period(NamedTuple):
    """From one day to another; a month without a year is one of any year."""

    text: str
    first: datetime.date | None
    last: datetime.date | None
    month: int = 0

    def has(self, day: datetime.date) -> bool:
        if self.first is None or self.last is None:
            return day.month == self.month
        return self.first <= day <= self.last


def check_period(body: Body) -> None:
    """Raises OutsideStatedPeriod for a line of which no day is in the period that is stated."""
    sources = [
        (_("the title"), list(_in_titles(body))),
        (_("the name of the sheet"), list(_in_sheet(body.sheet))),
        (_("the name of the file"), list(_in_name(PurePath(body.file).stem))),
    ]
    for source, periods in sources:
        if not periods or all(_is_in(periods, (day,)) for day in set(body.days)):
            continue
        for place, (day, others) in enumerate(zip(body.days, other_days(body), strict=False)):
            if not _is_in(periods, (day, *others)):  # guard: stated-period
                raise OutsideStatedPeriod(
                    body.place(place, body.date_column),
                    day=str(day),
                    source=source,
                    period=periods[0].text,
                )


def _is_in(periods: Sequence[Period], days: Sequence[datetime.date]) -> bool:
    return any(period.has(day) for period in periods for day in days)


def _in_titles(body: Body) -> Iterator[Period]:
    for row in (*body.header.above, *(row for _number, row in body.others)):
        text = _spoken_row(row)
        if _OF_SOMETHING_ELSE.search(text):
            continue
        if _OF_A_PERIOD.search(text):
            for found in _FROM_TO.finditer(text):
                yield from _between(found)
        for found in _FROM_AND_TO.finditer(text):
            yield from _between(found)
        for found in _TITLE_MONTH.finditer(text):
            yield from _month(found[0], found[1], found[2])


def _spoken_row(row: Sequence[Cell]) -> str:
    return " ".join(text for cell in row if cell != "" and (text := _on_one_line(cell)))


def _on_one_line(cell: Cell) -> str:
    if isinstance(cell, datetime.date):
        return f"{cell:%Y-%m-%d}"
    return plain_text(cell).translate(_SIGNS)


_SIGNS = str.maketrans(
    {"：": ":", "～": "~", "－": "-", "／": "/", "，": ",", "（": "(", "）": ")"}
)


def _between(found: re.Match[str]) -> Iterator[Period]:
    days = [_day(found.groups()[at : at + 8]) for at in (0, 8)]
    if days[0] and days[1] and days[0] <= days[1]:
        yield Period(f"{days[0]} – {days[1]}", days[0], days[1])


def _day(parts: Sequence[str | None]) -> datetime.date | None:
    year, _mark, *rest = parts
    month, day = [int(part) for part in rest if part]
    try:
        return datetime.date(int(year or 0), month, day)
    except ValueError:
        return None


def _in_sheet(name: str) -> Iterator[Period]:
    if found := _BARE_MONTH.fullmatch(spoken(name)):
        yield from _month(name, found[1], found[2] or found[3] or found[4])


def _in_name(name: str) -> Iterator[Period]:
    text = spoken(name)
    if _BARE_MONTH.fullmatch(text):
        yield from _in_sheet(name)
        return
    if not _HAS_STATEMENT.search(text):
        return
    found = list(_IN_A_NAME.finditer(text))
    if len(found) == 1:
        one = found[0]
        yield from _month(one[0], one[1], one[2] or one[3] or one[4])


def _month(text: str, year: str | None, month: str) -> Iterator[Period]:
    if not 1 <= int(month) <= 12:
        return
    if not year:
        yield Period(text, None, None, int(month))
        return
    _first, days = calendar.monthrange(int(year), int(month))
    first = datetime.date(int(year), int(month), 1)
    yield Period(f"{first:%Y-%m}", first, first.replace(day=days))
