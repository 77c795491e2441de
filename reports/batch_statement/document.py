"""The batch statement of a batch (发放情况表): what has become of it by a day."""

from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

from ledger.books.batch_lookup import find_batch
from ledger.books.books import Books
from ledger.books.provenance import provenance_of
from ledger.figures.batch_outcomes import outcomes_by_town
from ledger.figures.batch_outcomes import reason_shares
from ledger.model.ids import BatchId
from reports.batch_statement.sheet import StatementHeading
from reports.batch_statement.sheet import StatementSheet
from reports.batch_statement.sheet import write_statement_sheet
from reports.documents import NOT_OF_THE_OFFICE
from reports.documents import STATE_WORDS
from reports.documents import STATEMENT
from reports.documents import TITLE_ENDINGS
from reports.documents import WrittenDocument
from reports.documents import write_document

TITLE = "发放情况表"


def statement_of(books: Books, name: BatchId, on: datetime.date) -> StatementSheet:
    """The statement of a batch as of a day; ``books`` are whole. Raises NoSuchBatch."""
    provenance = provenance_of(books)
    books = books.as_of(on)
    batch = find_batch(books, name)
    rows = outcomes_by_town(books.history, batch, books.rules)
    settings, documents = books.settings, books.programme.documents
    heading = StatementHeading(
        title=f"{documents.title}{TITLE_ENDINGS[STATEMENT]}",
        unit=settings.unit,
        batch=batch.id,
        on=on,
        period=documents.period,
        seal=batch.seal,
        scope=f"{len({row.town_code for row in rows})} 个",
        provenance=provenance,
        prepared=batch.date,
        state_words=STATE_WORDS[batch.state],
    )
    return StatementSheet(heading, rows, reason_shares(batch))


def write_batch_statement(books: Books, name: BatchId, on: datetime.date) -> WrittenDocument:
    """Write the statement into the books' folder ``reports``; the same day replaces itself."""
    return write_document(
        books.folder, file_name_of(name, on), lambda path: _write(path, books, name, on)
    )


def file_name_of(name: BatchId, on: datetime.date) -> str:
    """``B2020-001-发放情况表-2020-12-31.pdf``."""
    return f"{name}-{TITLE}-{on.isoformat()}.pdf"


def batch_statement_bytes(books: Books, name: BatchId, on: datetime.date) -> bytes:
    """The document that :func:`write_batch_statement` writes, without writing it."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "statement.pdf"
        _write(path, books, name, on)
        return path.read_bytes()


def _write(path: Path, books: Books, name: BatchId, on: datetime.date) -> int:
    boxes = [box for box in books.programme.documents.boxes if box not in NOT_OF_THE_OFFICE]
    return write_statement_sheet(path, statement_of(books, name, on), boxes=boxes)
