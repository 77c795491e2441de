"""The bank reconciliation (银行存款余额调节表) as a document in the books' folder."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ledger.bank.reconciliation import Reconciliation
from ledger.books.books import Books
from ledger.books.provenance import Provenance
from ledger.books.provenance import provenance_of
from reports.documents import STATE_WORDS
from reports.documents import WrittenDocument
from reports.documents import office_boxes
from reports.documents import write_document
from reports.reconciliation.sheet import TITLE
from reports.reconciliation.sheet import ReconciliationSheet
from reports.reconciliation.sheet import write_reconciliation_sheet


def write_reconciliation(books: Books, record: Reconciliation) -> WrittenDocument:
    """Write it into the books' folder ``reports``; the same day replaces itself."""
    return write_document(
        books.folder,
        file_name_of(record),
        lambda path: _write(path, books, record, provenance_of(books)),
    )


def file_name_of(record: Reconciliation) -> str:
    """``2020-12-31-银行存款余额调节表.pdf``."""
    return f"{record.as_of.isoformat()}-{TITLE}.pdf"


def reconciliation_bytes(books: Books, record: Reconciliation, provenance: Provenance) -> bytes:
    """The document that :func:`write_reconciliation` writes, without writing it."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "reconciliation.pdf"
        _write(path, books, record, provenance)
        return path.read_bytes()


def _write(path: Path, books: Books, record: Reconciliation, provenance: Provenance) -> int:
    settings, documents = books.settings, books.programme.documents
    sheet = ReconciliationSheet(settings.unit, provenance, record, STATE_WORDS)
    return write_reconciliation_sheet(path, sheet, boxes=office_boxes(documents.boxes))
