"""The disbursement statement of a batch (发放情况表): what has become of it by a day."""

from __future__ import annotations

import datetime
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ledger import durable
from ledger.batch_outcomes import outcomes_by_town
from ledger.batch_outcomes import reason_shares
from ledger.batches import find_batch
from ledger.books import Books
from ledger.language import gettext as _
from ledger.refusal import Refusal
from ledger.system_errors import reason
from reports.payout.statement_sheet import StatementSheet
from reports.payout.statement_sheet import write_statement_sheet

REPORTS = "reports"
# Of the boxes of the payout sheet: the towns sign for what they receive, not here.
NOT_OF_THE_OFFICE = ("领款单位",)
STATE_WORDS = {
    "prepared": "已编制，未提交银行",
    "submitted": "已提交银行，未完结",
    "settled": "已完结",
    "void": "已作废",
}


class StatementRefused(Refusal):
    """The document cannot be written."""

    def __init__(self, path: Path, error: OSError) -> None:
        message = _("{path} cannot be written ({error}); close it where it is open and try again")
        super().__init__(message.format(path=path, error=reason(error)))


@dataclass(frozen=True, slots=True)
class WrittenStatement:
    """The document, and how many pages it has."""

    path: Path
    pages: int


def statement_of(books: Books, name: str, on: datetime.date) -> StatementSheet:
    """The statement of a batch as of a day; ``books`` are whole. Raises NoSuchBatch."""
    books = books.as_of(on)
    batch = find_batch(books, name)
    settings = books.settings
    return StatementSheet(
        title=f"{settings.payout_title}发放情况表",
        unit=settings.unit,
        batch=batch.id,
        on=on,
        prepared=batch.date,
        period=settings.period,
        seal=batch.seal,
        rows=outcomes_by_town(books.history, batch, books.rules),
        reasons=reason_shares(batch),
        state_words=STATE_WORDS[batch.state],
    )


def write_batch_statement(books: Books, name: str, on: datetime.date) -> WrittenStatement:
    """Write the statement into the books' folder ``reports``; the same day replaces itself."""
    statement = statement_of(books, name, on)
    boxes = [box for box in books.settings.boxes if box not in NOT_OF_THE_OFFICE]
    path = books.folder / REPORTS / f"{name}-发放情况表-{on.isoformat()}.pdf"
    try:
        with tempfile.TemporaryDirectory() as desk:
            fresh = Path(desk) / path.name
            pages = write_statement_sheet(fresh, statement, boxes=boxes)
            durable.make_folder(path.parent)
            durable.replace_file(path, fresh.read_bytes())
    except OSError as error:
        raise StatementRefused(path, error) from error
    return WrittenStatement(path, pages)
