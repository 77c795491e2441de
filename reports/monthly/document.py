"""The monthly budget statement (经费预算执行情况月报) as a document in the books' folder."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ledger.books.books import Books
from ledger.books.books_digest import books_digest
from ledger.books.provenance import Provenance
from ledger.books.provenance import provenance_of
from ledger.disbursement.payable import eligibility_of_day
from ledger.figures.monthly_report import MonthlyReport
from ledger.figures.monthly_report import monthly_report
from ledger.model.months import Month
from ledger.registry.registry import Registry
from reports.documents import WrittenDocument
from reports.documents import office_boxes
from reports.documents import write_document
from reports.monthly.sheet import TITLE
from reports.monthly.sheet import write_monthly_sheet


def statement_of(books: Books, registry: Registry, month: Month) -> MonthlyReport:
    """The statement as of the month's end; ``books`` are whole."""
    digest = books_digest(books, month.last)
    books = books.as_of(month.last)
    people = registry.people_as_of(month.last, books.history.last_prepared)
    eligibilities = eligibility_of_day(books, registry, people, month.last)
    return monthly_report(books, month, people.everyone, eligibilities, digest=digest)


def file_name_of(month: Month) -> str:
    """``2020-11-经费预算执行情况月报.pdf``."""
    return f"{month}-{TITLE}.pdf"


def statement_bytes(
    books: Books, statement: MonthlyReport, provenance: Provenance | None = None
) -> bytes:
    """The document that :func:`write_monthly_report` writes, without writing it.

    ``provenance`` is that of the books as they are, unless another head is to be printed.
    """
    return printed(books, statement, provenance or provenance_of(books))[0]


def printed(books: Books, statement: MonthlyReport, provenance: Provenance) -> tuple[bytes, int]:
    """The document's bytes, and how many pages it has."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "statement.pdf"
        pages = _write(path, books, statement, provenance)
        return path.read_bytes(), pages


def write_kept_report(books: Books, month: Month, kept: bytes, pages: int) -> WrittenDocument:
    """Write the report of a closed month as it was printed then."""

    def write(path: Path) -> int:
        path.write_bytes(kept)
        return pages

    return write_document(books.folder, file_name_of(month), write)


def write_monthly_report(books: Books, statement: MonthlyReport) -> WrittenDocument:
    """Write it into the books' folder ``reports``; the same month replaces itself.

    ``books`` are whole.
    """
    return write_document(
        books.folder,
        file_name_of(statement.month),
        lambda path: _write(path, books, statement, provenance_of(books)),
    )


def _write(path: Path, books: Books, statement: MonthlyReport, provenance: Provenance) -> int:
    documents = books.programme.documents
    return write_monthly_sheet(
        path,
        statement,
        project=documents.period,
        boxes=office_boxes(documents.boxes),
        provenance=provenance,
    )
