"""The day that counts on a page: today, or the one that its address names."""

from __future__ import annotations

import datetime
import re

from ledger.monthly.month import Month
from ledger.refusal import Refusal

# 2020-10-05, 2020年10月5日, 2020.10.5; without the day or the month: the end of that time.
_DAY = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?|月)?|年)?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 9998


class NotADay(Refusal):
    """A text that names no day. Said in Chinese, as the pages are."""

    def __init__(self, text: str) -> None:
        said = "".join(letter for letter in text[:30] if letter.isprintable())
        super().__init__(
            f"“{said}”不是可以查看的日期：请写成 2020-10-31、2020年10月 或 2020，"
            f"年份在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。"
        )


def read_day(text: str) -> datetime.date:
    """The day, or the last of the month or year, that a person has typed. Raises NotADay."""
    found = _DAY.fullmatch("".join(text.split()))
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise NotADay(text)
    year, number, day = (int(part) if part else None for part in found.groups())
    assert year is not None, "the pattern asks for a year"
    try:
        if day is not None and number is not None:
            return datetime.date(year, number, day)
        return Month(year, 12 if number is None else number).last
    except ValueError:
        raise NotADay(text) from None
