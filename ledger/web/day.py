"""The day that counts on a page: today, or the one that its address names."""

from __future__ import annotations

import datetime
import re

from ledger.base.language import page_gettext as _
from ledger.base.refusals import Refusal
from ledger.model.months import Month
from ledger.web.time_filter import fava_time

_DAY = re.compile(r"([0-9]{4})(?:-Q([1-4])|-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
FIRST_YEAR, LAST_YEAR = 1900, 9998


class NotADay(Refusal):
    """A text that names no day. Said in the language of the pages."""

    def __init__(self, text: str) -> None:
        said = "".join(letter for letter in text[:30] if letter.isprintable())
        super().__init__(
            _(
                "“{said}” is no day to look at: write 2020-10-31, 2020-10 or 2020, with "
                "a year from {first_year} to {last_year}."
            ).format(said=said, first_year=FIRST_YEAR, last_year=LAST_YEAR)
        )


def read_day(text: str) -> datetime.date:
    """The day, or the last of the month, quarter or year, that was typed. Raises NotADay."""
    found = _DAY.fullmatch(re.sub(r"[./]", "-", fava_time("".join(text.split()))))
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise NotADay(text)
    year, quarter, number, day = (int(part or 0) for part in found.groups())
    try:
        if found[4]:
            return datetime.date(year, number, day)
        return Month(year, number if found[3] else 3 * (quarter or 4)).last
    except ValueError:
        raise NotADay(text) from None
