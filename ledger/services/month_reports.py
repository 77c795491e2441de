"""A month's report as it is handed out: of a closed month as it was printed then."""

from __future__ import annotations

import json
from typing import Any

from ledger.base.records import Record
from ledger.books.books import Books
from ledger.books.provenance import provenance_of
from ledger.figures.month_figures import figures_of
from ledger.figures.month_figures import month_figures
from ledger.model.months import Closing
from ledger.model.months import Month
from ledger.registry.registry import Registry
from reports.documents import WrittenDocument
from reports.monthly.document import printed
from reports.monthly.document import statement_of
from reports.monthly.document import write_kept_report
from reports.monthly.document import write_monthly_report


class KeptMonth(Record):
    """What is kept of a closed month: the report, its pages, the digest of the books at its foot,
    whether the month was quiet, and its figures.
    """

    report: bytes
    pages: int
    books_digest: str
    is_quiet: bool
    figures: dict[str, Any]


def closing_of(books: Books, month: Month) -> Closing | None:
    """The closing of a month that is closed by one of its own."""
    return next((one for one in books.history.closed if one.month == month), None)


def kept_month(registry: Registry, closing: Closing) -> KeptMonth:
    """What was kept of a closed month. Raises ClosedMonthMissing."""
    report = registry.closed.content(closing.month, closing.report)
    kept = json.loads(registry.closed.content(closing.month, closing.figures))
    return KeptMonth(report=report, **kept)


class HandedOut(Record):
    """A month's report in the books' folder, and what programs are told of it."""

    month: Month
    written: WrittenDocument
    books_digest: str
    is_quiet: bool
    is_closed: bool
    figures: dict[str, Any]


def hand_out(books: Books, registry: Registry, month: Month) -> HandedOut:
    """Write the report of a month: of a closed one as it was printed, else as the books are now.

    Raises ClosedMonthMissing or DocumentRefused.
    """
    closing = closing_of(books, month)
    if closing is not None:  # guard: closed-report-handed-out
        kept = kept_month(registry, closing)
        written = write_kept_report(books, month, kept.report, kept.pages)
        return HandedOut(month, written, kept.books_digest, kept.is_quiet, True, kept.figures)
    statement = statement_of(books, registry, month)
    written = write_monthly_report(books, statement)
    digest, is_quiet = statement.digest, statement.is_quiet
    return HandedOut(month, written, digest, is_quiet, False, figures_of(statement))


def report_bytes(books: Books, registry: Registry, month: Month) -> bytes:
    """The report that :func:`hand_out` writes, without writing it. Raises ClosedMonthMissing."""
    closing = closing_of(books, month)
    if closing is not None:  # guard: closed-report-shown
        return kept_month(registry, closing).report
    return printed(books, statement_of(books, registry, month), provenance_of(books))[0]


def figures_to_show(books: Books, registry: Registry, month: Month) -> dict[str, Any]:
    """The figures of that report. Raises ClosedMonthMissing."""
    closing = closing_of(books, month)
    if closing is not None:
        return kept_month(registry, closing).figures
    return month_figures(books, registry, month)
