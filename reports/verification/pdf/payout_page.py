"""A page of a payout sheet taken apart: its headings, its rows as words, its totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from reports.payout.sheet import COLUMNS
from reports.verification.pdf.alignment import align
from reports.verification.pdf.printed_page import PrintedPage

TITLES = tuple(column.title for column in COLUMNS)
PAGE_TOTAL = "本页小计"
SHEET_TOTAL = "合计"
IN_WORDS = "大写"

_AMOUNT = re.compile(r"-?[\d,]+\.\d\d")
_FIGURES = r"(?P<gross>\S+) (?P<withheld>\S+) (?P<net>\S+)"
_PAGE_TOTAL = re.compile(rf"{PAGE_TOTAL}：(?P<people>.*?) ?人 {_FIGURES}")
_SHEET_TOTAL = re.compile(
    rf"{SHEET_TOTAL}：(?P<people>.*?) ?人 {IN_WORDS}：(?P<words>\S*) {_FIGURES}"
)
# A row has at least this many words: one for each column but the signature.
ROW_WORDS = len(TITLES) - 1


@dataclass(frozen=True)
class PayoutPage:
    """A page's rows as words, what it says of its total and of the sheet's, and what is left."""

    page: PrintedPage
    rows: tuple[tuple[str, ...], ...]
    page_total: re.Match[str] | None
    sheet_total: re.Match[str] | None
    left: str
    has_titles: bool


def take_apart(page: PrintedPage) -> PayoutPage:
    """The page's table: its rows end where its first total begins."""
    words = page.words
    titles = align(words[: len(TITLES)], TITLES)
    has_titles = titles.is_whole(words[: len(TITLES)], TITLES)
    begin = len(TITLES) if has_titles else _after_titles(words)
    end = next((n for n, word in enumerate(words) if word.startswith(PAGE_TOTAL)), len(words))
    rest = " ".join(words[end:])
    page_total = _PAGE_TOTAL.search(rest)
    if page_total:
        rest = rest.replace(page_total.group(), "", 1)
    sheet_total = _SHEET_TOTAL.search(rest)
    if sheet_total:
        rest = rest.replace(sheet_total.group(), "", 1)
    rows = tuple(_rows(words[begin:end]))
    return PayoutPage(page, rows, page_total, sheet_total, rest.strip(), has_titles)


def _after_titles(words: Sequence[str]) -> int:
    return next((n + 1 for n, word in enumerate(words) if word == TITLES[-1]), 0)


def _rows(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The words of each row: it ends with its three amounts, or where the next number follows."""
    row: list[str] = []
    last = 0
    for word in words:
        if len(row) >= ROW_WORDS and word == str(last + 1):
            yield tuple(row)
            row = []
        if not row and word.isdecimal():
            last = int(word)
        row.append(word)
        if len(row) > ROW_WORDS - 4 and all(map(_AMOUNT.fullmatch, row[-3:])):
            yield tuple(row)
            row = []
    if row:
        yield tuple(row)
