"""The pages of a town's payout sheet against the rows that were frozen for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from ledger.base.language import gettext as _
from ledger.base.masks import is_masked as shows_masks
from ledger.base.masks import mask_identity
from ledger.base.masks import mask_numbers
from ledger.base.money import grouped
from ledger.model.instructions import Instruction
from reports.payout.sheet import figures_fen
from reports.payout.sheet import notes_of
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
from reports.verification.pdf.payout_page import TITLES
from reports.verification.pdf.payout_page import PayoutPage
from reports.verification.pdf.payout_page import take_apart
from reports.verification.pdf.printed_page import PrintedPage

# Of each printed column but the last, which is empty until somebody signs.
_KINDS = (PLAIN, TEXT, IDENTITY, TEXT, TEXT, TEXT, ACCOUNT, AMOUNT, AMOUNT, AMOUNT)
_IDENTIFYING = (6, 2, 1)
COMPARED = tuple(
    ComparedColumn(title, kind, counts=place == 0, identifies=place in _IDENTIFYING)
    for place, (title, kind) in enumerate(zip(TITLES, _KINDS, strict=False))
)
IDENTITY_PLACE = 2
ACCOUNT_PLACE = 6


def printed_cells(number: int, row: Instruction, *, mask_identities: bool) -> tuple[str, ...]:
    """What the sheet prints of a row, cell by cell and without blanks."""
    amounts = map(grouped, figures_fen([row]))
    identity = mask_identity(row.identity) if mask_identities else row.identity
    texts = [str(number), row.legal_name, identity, row.role, row.area_name, row.bank, row.account]
    for place, note in notes_of(row).items():
        texts[place] += note
    return tuple("".join(text.split()) for text in (*texts, *amounts))


def payout_differences(
    pages: Sequence[PrintedPage], rows: Sequence[Instruction]
) -> tuple[list[Difference], Pairing]:
    """Everything in which pages of a town's sheet, in their order, differ from its rows."""
    taken = [take_apart(page) for page in pages]
    is_masked = any(shows_masks(word) for page in taken for row in page.rows for word in row)
    books = [
        BookRow(number, printed_cells(number, row, mask_identities=is_masked), row)
        for number, row in enumerate(rows, 1)
    ]
    finder = _Finder(books, is_masked=is_masked)
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
    pairing = pair_rows(here, books, COMPARED)
    found += row_differences(here, books, COMPARED, pairing)
    matched = dict(pairing.pairs)
    for page, places in zip(taken, counts, strict=True):
        found += _totals(page, [matched[n] for n in places if n in matched], rows)
    return found, pairing


class _Finder:
    """Tells the words of a row apart by the row of the books that they are, or are meant to be."""

    def __init__(self, books: Sequence[BookRow], *, is_masked: bool) -> None:
        self.books = books
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
            cells = tuple(words[: len(COMPARED)]) + ("",) * (len(COMPARED) - len(words))
            best = 0, cells, " ".join(words[len(COMPARED) :])
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
    page: PayoutPage, matched: Sequence[int], rows: Sequence[Instruction]
) -> Iterator[Difference]:
    """The page's total against the rows on it, the sheet's against the whole town."""
    number = page.page.number
    if not page.has_titles:
        here = " ".join(page.page.words[: len(TITLES)])
        yield Difference(0, _("headings"), here, " ".join(TITLES), page=number)
    if page.left:
        yield Difference(0, _("other text"), mask_numbers(page.left), "", kind="text", page=number)
    if matched:
        on_page = rows[min(matched) : max(matched) + 1]
        expected = {"people": str(len(on_page)), **_figures(on_page)}
        yield from _total(PAGE_TOTAL, page.page_total, expected, number)
    if page.sheet_total or page.page.page == page.page.pages:
        expected = {
            "people": f"{len(rows):,}",
            "words": amount_in_words(sum(row.amount_fen for row in rows)),
            **_figures(rows),
        }
        yield from _total(SHEET_TOTAL, page.sheet_total, expected, number)


def _figures(rows: Sequence[Instruction]) -> dict[str, str]:
    amounts = map(grouped, figures_fen(rows))
    return dict(zip(("gross", "withheld", "net"), amounts, strict=True))


_NAMES = {
    "people": "人数",
    "words": IN_WORDS,
    "gross": TITLES[7],
    "withheld": TITLES[8],
    "net": TITLES[9],
}


def _total(
    label: str, found: re.Match[str] | None, expected: dict[str, str], page: int
) -> Iterator[Difference]:
    if found is None:
        books = " ".join(expected.values())
        yield Difference(0, label, "", books, kind="missing", page=page)
        return
    for name, books in expected.items():
        if found[name] != books:  # guard: paper-totals
            yield Difference(0, f"{label} {_NAMES[name]}", found[name], books, page=page)
