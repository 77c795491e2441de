"""The pages of a document by the numbers printed on them: missing, twice, too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ledger.base.language import gettext as _
from reports.verification.comparison.row_comparison import Pairing
from reports.verification.comparison.verdict import Difference
from reports.verification.pdf.printed_page import PrintedPage


def in_order(
    pages: Sequence[PrintedPage],
) -> tuple[list[PrintedPage], list[int], list[Difference]]:
    """The pages by the numbers printed on them, each once; which are missing, and what is wrong."""
    found: list[Difference] = []
    by_number: dict[int, PrintedPage] = {}
    for page in pages:
        if page.page in by_number:  # guard: page-twice
            here = _("page {page} of the document for the second time").format(page=page.page)
            books = _("stands on page {page} of the file").format(page=by_number[page.page].number)
            found.append(Difference(0, _("page"), here, books, kind="page", page=page.number))
        else:
            by_number[page.page] = page
    whole = Counter(page.pages for page in pages).most_common(1)[0][0]
    for page in pages:
        if page.pages != whole:
            here, books = str(page.pages), str(whole)
            found.append(Difference(0, _("number of pages"), here, books, page=page.number))
    # guard: page-missing
    missing = [number for number in range(1, whole + 1) if number not in by_number]
    for number in missing:
        books = _("page {page} of {pages}").format(page=number, pages=whole)
        found.append(Difference(0, _("page"), "", books, kind="page"))
    # A page whose content stands twice under two numbers is found by its rows.
    return [by_number[number] for number in sorted(by_number)], missing, found


def without_rows_of_missing_pages(
    differences: Sequence[Difference],
    pairing: Pairing,
    missing_pages: Sequence[int],
    pages: Sequence[PrintedPage],
) -> list[Difference]:
    """The rows between the pages around a missing page are named with it, not one by one."""
    if not missing_pages:
        return list(differences)
    covered = _rows_of_missing_pages(pairing, missing_pages, differences, pages)
    return [
        difference
        for difference in differences
        if difference.kind != "missing" or difference.row == 0 or difference.row not in covered
    ]


def _rows_of_missing_pages(
    pairing: Pairing,
    missing_pages: Sequence[int],
    differences: Sequence[Difference],
    pages: Sequence[PrintedPage],
) -> set[int]:
    present = [page.page for page in pages]
    numbers = sorted(d.row for d in differences if d.kind == "missing" and d.row)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    # As many of the longest gaps as there are gaps between the pages.
    gaps = sum(page - 1 not in missing_pages for page in missing_pages)
    longest = sorted(runs, key=len, reverse=True)[: gaps if present else 0]
    return {number for run in longest for number in run}
