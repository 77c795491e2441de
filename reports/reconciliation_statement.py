"""The bank reconciliation (银行存款余额调节表) as a document in the books' folder."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ledger import durable
from ledger.books import Books
from ledger.reconciliation import Reconciliation
from reports.batch_statement import NOT_OF_THE_OFFICE
from reports.batch_statement import REPORTS
from reports.batch_statement import STATE_WORDS
from reports.batch_statement import StatementRefused
from reports.batch_statement import WrittenStatement
from reports.reconciliation.sheet import TITLE
from reports.reconciliation.sheet import ReconciliationSheet
from reports.reconciliation.sheet import write_reconciliation_sheet

USUAL_BOXES = ("制表", "复核", "负责人")


def write_reconciliation(books: Books, record: Reconciliation) -> WrittenStatement:
    """Write it into the books' folder ``reports``; the same day replaces itself."""
    settings = books.settings
    sheet = ReconciliationSheet(settings.unit, record, STATE_WORDS)
    boxes = [box for box in settings.boxes if box not in NOT_OF_THE_OFFICE] or USUAL_BOXES
    path = books.folder / REPORTS / f"{record.as_of.isoformat()}-{TITLE}.pdf"
    try:
        with tempfile.TemporaryDirectory() as desk:
            fresh = Path(desk) / path.name
            pages = write_reconciliation_sheet(fresh, sheet, boxes=boxes)
            durable.make_folder(path.parent)
            durable.replace_file(path, fresh.read_bytes())
    except OSError as error:
        raise StatementRefused(path, error) from error
    return WrittenStatement(path, pages)
