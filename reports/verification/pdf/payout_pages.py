"""The pages of a town's payout sheet against the rows that were frozen for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

from ledger.base.language import gettext as _
from ledger.base.masks import is_masked as shows_masks
from ledger.base.masks import mask_numbers
from ledger.base.money import grouped
from ledger.model.instructions import Instruction
from reports.payout.sheet import notes_of
from reports.payout.sheet_columns import SheetColumns
from reports.pdf.amount_in_words import amount_in_words
from reports.verification.comparison.masking import ACCOUNT
from reports.verification.comparison.masking import AMOUNT
from reports.verification.comparison.masking import IDENTITY
from reports.verification.comparison.masking import PLAIN
from reports.verification.comparison.masking import TEXT
from reports.verification.comparison.row_comparison import BookRow
from reports.verification.comparison.row_comparison import ComparedColumn
from reports.verification.comparison.row_comparison import Pairing
from reports.verification.comparison.row_comparison import ReadRow
from reports.verification.comparison.row_comparison import pair_rows
from reports.verification.comparison.row_comparison import row_differences
from reports.verification.comparison.verdict import Difference
from reports.verification.pdf.alignment import align
from reports.verification.pdf.payout_page import IN_WORDS
from reports.verification.pdf.payout_page import PAGE_TOTAL
from reports.verification.pdf.payout_page import SHEET_TOTAL
from reports.verification.pdf.payout_page import PayoutPage
from reports.verification.pdf.payout_page import figures_of
from reports.verification.pdf.payout_page import take_apart
from reports.verification.pdf.printed_page import PrintedPage

# Of each printed column up to the account.
_KINDS = (PLAIN, TEXT, IDENTITY, TEXT, TEXT, TEXT, ACCOUNT)
_IDENTIFYING = (6, 2, 1)
IDENTITY_PLACE = 2
ACCOUNT_PLACE = 6


@lru_cache(maxsize=8)
def compared(columns: SheetColumns) -> tuple[ComparedColumn, ...]:
    """Every column but the last, which is empty until somebody signs."""
    return tuple(
        ComparedColumn(title, kind, counts=place == 0, identifies=place in _IDENTIFYING)
        for place, (title, kind) in enumerate(
            zip_longest(columns.titles[:-1], _KINDS, fillvalue=AMOUNT)
        )
    )


def printed_cells(
    columns: SheetColumns, number: int, row: Instruction, *, mask_identities: bool
) -> tuple[str, ...]:
    """What the sheet prints of a row, cell by cell and without blanks."""
    texts = list(columns.texts(number, row, grouped, mask_identities=mask_identities))
    for place, note in notes_of(row).items():
        texts[place] += note
    return tuple("".join(text.split()) for text in texts)


def payout_differences(
    pages: Sequence[PrintedPage], rows: Sequence[Instruction], columns: SheetColumns
) -> tuple[list[Difference], Pairing]:
    """Everything in which pages of a town's sheet, in their order, differ from its rows."""
    taken = [take_apart(page, columns) for page in pages]
    is_masked = any(shows_masks(word) for page in taken for row in page.rows for word in row)
    books = [
        BookRow(number, printed_cells(columns, number, row, mask_identities=is_masked), row)
        for number, row in enumerate(rows, 1)
    ]
    finder = _Finder(books, len(columns.titles) - 1, is_masked=is_masked)
    here: list[ReadRow] = []
    found: list[Difference] = []
    counts = []
    for page in taken:
        before = len(here)
        for words in page.rows:
            row, stray = finder.read(words, page.page.number)
            here.append(row)
            found += stray
        counts.append(range(before, len(here)))
    pairing = pair_rows(here, books, compared(columns))
    found += row_differences(here, books, compared(columns), pairing)
    matched = dict(pairing.pairs)
    for page, places in zip(taken, counts, strict=True):
        found += _totals(page, [matched[n] for n in places if n in matched], rows, columns)
    return found, pairing


class _Finder:
    """Tells the words of a row apart by the row of the books that they are, or are meant to be."""

    def __init__(self, books: Sequence[BookRow], width: int, *, is_masked: bool) -> None:
        self.books = books
        self.width = width
        self.is_masked = is_masked
        self.by_account = {row.cells[ACCOUNT_PLACE]: row for row in books}
        self.by_identity = {row.cells[IDENTITY_PLACE]: row for row in books}

    def read(self, words: Sequence[str], page: int) -> tuple[ReadRow, list[Difference]]:
        best: tuple[int, tuple[str, ...], str] | None = None
        for book in self._candidates(words):
            alignment = align(words, book.cells)
            if alignment.is_whole(words, book.cells):
                return ReadRow(_number(words), book.cells, page), []
            cells = tuple("".join(words[s[0] : s[1]]) if s else "" for s in alignment.cells)
            extra = " ".join(words[place] for place in alignment.extra)
            equal = sum(one == other for one, other in zip(cells, book.cells, strict=True))
            if best is None or equal > best[0]:
                best = equal, self._as_printed(cells, book), extra
        if best is None:
            cells = tuple(words[: self.width]) + ("",) * (self.width - len(words))
            best = 0, cells, " ".join(words[self.width :])
        number = _number(words)
        stray = []
        if best[2]:
            text = mask_numbers(best[2])
            stray.append(Difference(number, _("other text"), text, "", kind="text", page=page))
        return ReadRow(number, best[1], page), stray

    def _candidates(self, words: Sequence[str]) -> Iterator[BookRow]:
        number = _number(words)
        if 0 < number <= len(self.books):
            yield self.books[number - 1]
        for word in words:
            if word in self.by_account:
                yield self.by_account[word]
            elif word in self.by_identity:
                yield self.by_identity[word]

    def _as_printed(self, cells: tuple[str, ...], book: BookRow) -> tuple[str, ...]:
        """An identity number that is printed whole where others are masked is the same number."""
        if not self.is_masked or cells[IDENTITY_PLACE] != book.instruction.identity:
            return cells
        place = IDENTITY_PLACE
        return (*cells[:place], book.cells[place], *cells[place + 1 :])


def _number(words: Sequence[str]) -> int:
    return int(words[0]) if words and words[0].isdecimal() and len(words[0]) < 7 else 0


def _totals(
    page: PayoutPage,
    matched: Sequence[int],
    rows: Sequence[Instruction],
    columns: SheetColumns,
) -> Iterator[Difference]:
    """The page's total against the rows on it, the sheet's against the whole town."""
    number = page.page.number
    if not page.has_titles:
        here = " ".join(page.page.words[: len(columns.titles)])
        yield Difference(0, _("headings"), here, " ".join(columns.titles), page=number)
    if page.left:
        yield Difference(0, _("other text"), mask_numbers(page.left), "", kind="text", page=number)
    names = dict(zip(_groups(columns), figures_of(columns), strict=True))
    if matched:
        on_page = rows[min(matched) : max(matched) + 1]
        expected = {"people": str(len(on_page)), **_figures(on_page, columns)}
        yield from _total(PAGE_TOTAL, page.page_total, expected, names, number)
    if page.sheet_total or page.page.page == page.page.pages:
        expected = {
            "people": f"{len(rows):,}",
            "words": amount_in_words(sum(row.amount_fen for row in rows)),
            **_figures(rows, columns),
        }
        yield from _total(SHEET_TOTAL, page.sheet_total, expected, names, number)


def _groups(columns: SheetColumns) -> list[str]:
    return [f"f{place}" for place in range(len(figures_of(columns)))]


def _figures(rows: Sequence[Instruction], columns: SheetColumns) -> dict[str, str]:
    return dict(zip(_groups(columns), columns.totals(rows, grouped).values(), strict=True))


def _total(
    label: str,
    found: re.Match[str] | None,
    expected: Mapping[str, str],
    names: Mapping[str, str],
    page: int,
) -> Iterator[Difference]:
    if found is None:
        books = " ".join(expected.values())
        yield Difference(0, label, "", books, kind="missing", page=page)
        return
    said = {"people": "人数", "words": IN_WORDS, **names}
    for name, books in expected.items():
        if found[name] != books:  # guard: paper-totals
            yield Difference(0, f"{label} {said[name]}", found[name], books, page=page)
