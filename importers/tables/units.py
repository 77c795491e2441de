"""In which unit a table's amounts are: yuan, or another that a heading or a title names.

Amounts are read as yuan. Where a heading, a title or a note says 分, 千元, 万元 or another
currency, reading them so would be wrong by a factor, and scaling them would trust one word: they
are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from functools import lru_cache

from importers.tables.cell_text import plain_text
from importers.tables.headings import Row
from importers.tables.refusals import AmountsInOtherUnit
from importers.tables.spelling import spoken

_CURRENCY = (
    r"美元|美金|港币|港元|港纸|欧元|日元|日圆|英镑|澳元|澳大利亚元|加元|加拿大元|新加坡元|瑞士法郎|瑞郎|法郎"
    r"|澳门元|澳门币|新台币|台币|韩元|韩币|泰铢|卢布|卢比|林吉特|新西兰元|纽元|克朗|兰特|比索|(?<!本)外币"
    r"|(?<![A-Z])(?:USD|HKD|EUR|JPY|GBP|AUD|CAD|CHF|MOP|TWD|KRW|SGD|THB|RUB|INR|MYR|NZD|SEK|NOK|DKK"
    r"|ZAR)(?![A-Z])|(?:US|HK)?\$|[€£]"
)
_MANY_YUAN = "(?:[十百千]?万|[十百千]|[十百千万]?亿)元"
_FEW_YUAN = "[角分厘毫]"
_IN_ENGLISH = r"CENTS?|FEN|JIAO|(?:IN)?THOUSANDS?|(?:IN)?MILLIONS?|K|'?000S?"
_UNIT = f"{_MANY_YUAN}|{_FEW_YUAN}|(?:[十百千]?万|[十百千]|亿)|{_IN_ENGLISH}"
_LABEL = "(?:单位|币种|币别|货币|UNIT|CURRENCY)(?:[:为是]|均为|均以|以)*"
_YUAN = "(?:人民币|RMB|CNY|¥)?"
_END = r"(?=$|[^A-Z0-9\u4e00-\u9fff]|计|人民币)"

# What brackets hold, and what stands behind a stroke or a blank.
_SAID = re.compile(
    f"(?:金额|货币|计量)?(?:{_LABEL})?:?以?{_YUAN}:?(?P<unit>{_UNIT})(?:计|为单位|人民币)?"
)
_LABELLED = re.compile(
    f"{_LABEL}:?{_YUAN}:?(?P<unit>{_UNIT}|{_CURRENCY}){_END}"
    f"|以{_YUAN}(?P<by>{_UNIT}|{_CURRENCY})(?:为|作为?)?(?:货币)?(?:单位|计)"
)
_ALONE = re.compile(f"{_YUAN}(?P<unit>{_MANY_YUAN}|{_FEW_YUAN})")
_PART = re.compile(f"{_YUAN}(?P<unit>{_MANY_YUAN})")
_IN_HEADING = re.compile(
    f"(?P<unit>{_MANY_YUAN}|{_CURRENCY})|(?<=[额入出方款数])(?P<by>{_FEW_YUAN})$"
)
_NAMES_CURRENCY = re.compile(f"(?P<unit>{_CURRENCY})")
_BRACKETS = re.compile(r"[(\[【〔<]([^)\]】〕>]*)[)\]】〕>]")
_PARTS = re.compile(r"[\s,;、|]+")
_STROKES = re.compile(r"[\s/_:|,.·=—–\-()\[\]【】〔〕<>]+")
# Whole sentences say much of other currencies that are not this file's.
_NOTE = re.compile("[。;!?]|^(?:注|说明|提示|温馨提示|备注|声明|重要)")


@lru_cache(maxsize=4096)
def unit_of_heading(heading: str) -> str:
    """The unit that the heading of a column of amounts names; empty for yuan and for none.

    ``金额(分)``, ``余额/万元``, ``Amount USD``; ``金额(元)`` and ``发生额 人民币`` are yuan.
    """
    text = plain_text(heading)
    parts = [*_BRACKETS.findall(spoken(text)), *map(spoken, _STROKES.split(text)[1:])]
    return _first(_SAID.fullmatch, parts) or _first(_IN_HEADING.search, [spoken(text), *parts])


@lru_cache(maxsize=4096)
def unit_in_title(title: str) -> str:
    """The unit that a title or a note names; empty for yuan and for none.

    ``单位：万元``, ``对账单（分）``, ``币种:USD``, ``美元账户明细``; but not ``单位：统计局``.
    """
    text = plain_text(title)
    whole = spoken(text)
    parts = [spoken(part) for part in _PARTS.split(text)]
    if found := _first(_LABELLED.search, [whole, *parts]) or _first(
        _SAID.fullmatch, _BRACKETS.findall(whole)
    ):
        return found
    if _NOTE.search(text):
        return ""
    return (
        _first(_ALONE.fullmatch, [whole])
        or _first(_PART.fullmatch, parts)
        or _first(_NAMES_CURRENCY.search, parts)
    )


def _first(look: Callable[[str], re.Match[str] | None], texts: Iterable[str]) -> str:
    for found in filter(None, map(look, texts)):
        return str(next(filter(None, found.groups())))
    return ""


def other_unit(rows: Iterable[tuple[int, Row]]) -> tuple[int, str] | None:
    """The number of the first row of titles or notes that names another unit, and that unit."""
    for number, row in rows:
        for cell in row:
            if isinstance(cell, str) and cell and (unit := unit_in_title(cell)):
                return number, unit
    return None


def check_units(
    file: str,
    sheet: str,
    titles: Iterable[tuple[int, Row]],
    headings: Iterable[str],
    heading_row: int,
) -> None:
    """Raises AmountsInOtherUnit when the amounts are not in yuan.

    ``titles`` are the rows above the headings and the notes below the list, each with its number
    in the sheet; ``headings`` are those of the columns whose amounts are read, all that stands
    over each, in the row ``heading_row``. The names of the file and of the sheet are titles too.
    """
    for heading in headings:
        if unit := unit_of_heading(heading):  # guard: unit-of-heading
            raise AmountsInOtherUnit(file, sheet, heading_row, unit)
    if found := other_unit(titles):  # guard: unit-in-title
        raise AmountsInOtherUnit(file, sheet, *found)
    for name in (sheet, file.rpartition(".")[0] or file):
        if unit := unit_in_title(name):
            raise AmountsInOtherUnit(file, sheet, 0, unit)
