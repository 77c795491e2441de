"""A page of a payout sheet taken apart: its headings, its rows as words, its totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from functools import lru_cache

from ledger.base.records import Record
from reports.payout.sheet_columns import NONE
from reports.payout.sheet_columns import QUANTITY
from reports.payout.sheet_columns import SheetColumns
from reports.verification.pdf.alignment import align
from reports.verification.pdf.printed_page import PrintedPage

PAGE_TOTAL = "本页小计"
SHEET_TOTAL = "合计"
IN_WORDS = "大写"

_AMOUNT = re.compile(r"-?[\d,]+\.\d\d")


class PayoutPage(Record):
    """A page's rows as words, what it says of its total and of the sheet's, and what is left."""

    page: PrintedPage
    rows: tuple[tuple[str, ...], ...]
    page_total: re.Match[str] | None
    sheet_total: re.Match[str] | None
    left: str
    has_titles: bool


def figures_of(columns: SheetColumns) -> tuple[str, ...]:
    """The columns of which a line of totals says something."""
    return (*([QUANTITY] if columns.counts else []), *columns.amounts)


@lru_cache(maxsize=8)
def _totals(columns: SheetColumns) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A page's total and a sheet's; what they say of a column is the group ``f0``, ``f1`` …"""
    figures = " ".join(rf"(?P<f{n}>\S+)" for n in range(len(figures_of(columns))))
    return (
        re.compile(rf"{PAGE_TOTAL}：(?P<people>.*?) ?人 {figures}"),
        re.compile(rf"{SHEET_TOTAL}：(?P<people>.*?) ?人 {IN_WORDS}：(?P<words>\S*) {figures}"),
    )


def take_apart(page: PrintedPage, columns: SheetColumns) -> PayoutPage:
    """The page's table: its rows end where its first total begins."""
    words, expected = page.words, columns.titles
    titles = align(words[: len(expected)], expected)
    has_titles = titles.is_whole(words[: len(expected)], expected)
    begin = len(expected) if has_titles else _after_titles(words, expected)
    end = next((n for n, word in enumerate(words) if word.startswith(PAGE_TOTAL)), len(words))
    rest = " ".join(words[end:])
    of_page, of_sheet = _totals(columns)
    page_total = of_page.search(rest)
    if page_total:
        rest = rest.replace(page_total.group(), "", 1)
    sheet_total = of_sheet.search(rest)
    if sheet_total:
        rest = rest.replace(sheet_total.group(), "", 1)
    rows = tuple(_rows(words[begin:end], columns))
    return PayoutPage(page, rows, page_total, sheet_total, rest.strip(), has_titles)


def _after_titles(words: Sequence[str], expected: Sequence[str]) -> int:
    return next((n + 1 for n, word in enumerate(words) if word == expected[-1]), 0)


def _rows(words: Sequence[str], columns: SheetColumns) -> Iterator[tuple[str, ...]]:
    """The words of each row: it ends with its amounts, or where the next number follows.

    A row has at least a word for each column but the signature. What each unit is paid is an
    amount too.
    """
    fewest = len(columns.titles) - 1
    amounts = len(columns.amounts) + columns.counts
    row: list[str] = []
    last = 0
    for word in words:
        if len(row) >= fewest and word == str(last + 1):
            yield tuple(row)
            row = []
        if not row and word.isdecimal():
            last = int(word)
        row.append(word)
        if len(row) > fewest - 4 and _are_amounts(row[-amounts:], columns):
            yield tuple(row)
            row = []
    if row:
        yield tuple(row)


def _are_amounts(words: Sequence[str], columns: SheetColumns) -> bool:
    """Whether these are what ends a row: of one that is paid again nobody says what a unit is."""
    if columns.counts and words[0] == NONE:
        words = words[1:]
    return all(map(_AMOUNT.fullmatch, words))
