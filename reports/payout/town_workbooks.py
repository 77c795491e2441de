"""The sheets of a batch as workbooks, one for each town, in the books' folder ``reports``."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Collection
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.refusals import Refusal
from ledger.books.batch_lookup import find_batch
from ledger.books.books import Books
from ledger.books.provenance import fingerprint_of_books
from ledger.disbursement.printed_by import printed_then
from ledger.model.history import Batch
from ledger.model.ids import BatchId
from ledger.model.ids import TownCode
from ledger.registry.frozen_rows import RowsMissing
from ledger.registry.registry import Registry
from reports.documents import write_document
from reports.payout.payout_files import Papers
from reports.payout.payout_files import sheets_of
from reports.payout.sheet import PayoutSheet
from reports.payout.workbook import write_town_workbook
from reports.verification.comparison.evidence import Evidence


class NotForTowns(Refusal):
    """A batch whose lists nobody should sign: void, or not approved yet."""

    def __init__(self, batch: Batch) -> None:
        message = _("batch {batch} is {state}: its lists are not handed out to towns")
        super().__init__(
            message.format(batch=batch.id, state=batch.state_word),
            batch=batch.id,
            state=batch.state,
        )


class TownNotInBatch(Refusal):
    """A town of which nobody is in the batch."""

    def __init__(self, batch: Batch, town: TownCode) -> None:
        message = _("nobody of the town {town} is in batch {batch}")
        super().__init__(message.format(town=town, batch=batch.id), batch=batch.id, town=town)


class TownWorkbook(Record):
    """A workbook that was written, whose it is, and how many people it lists."""

    path: Path
    town: TownCode
    rows: int


def write_town_workbooks(
    books: Books,
    registry: Registry,
    name: BatchId,
    towns: Collection[TownCode] | None,
    today: datetime.date,
) -> list[TownWorkbook]:
    """Write a workbook for each town of the batch, or for some, from the rows that were sent.

    They are printed by what the batch was printed by, and bear its seal. Raises NoSuchBatch,
    NotForTowns, TownNotInBatch, RowsMissing, SettingsNotKept or DocumentRefused.
    """
    lists = _lists(books, registry, name, today)
    for town in towns or ():
        if town not in lists.sheets:
            raise TownNotInBatch(lists.batch, town)
    return [
        TownWorkbook(
            write_document(books.folder, lists.name_of(town), partial(lists.write, town)).path,
            town,
            len(sheet.rows),
        )
        for town, sheet in lists.sheets.items()
        if towns is None or town in towns
    ]


def town_workbooks_bytes(
    books: Books,
    registry: Registry,
    name: BatchId,
    today: datetime.date,
    town: TownCode | None = None,
) -> dict[str, bytes]:
    """The same workbooks of all towns, or of one, by their files' names; none is kept."""
    lists = _lists(books, registry, name, today)
    if town is not None and town not in lists.sheets:
        raise TownNotInBatch(lists.batch, town)
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        for each in [town] if town else lists.sheets:
            path = Path(scratch) / lists.name_of(each)
            lists.write(each, path)
            found[path.name] = path.read_bytes()
    return found


class _Lists(Record):
    """A batch's sheets by town, and by what they are printed."""

    batch: Batch
    papers: Papers
    sheets: Mapping[TownCode, PayoutSheet]

    def name_of(self, town: TownCode) -> str:
        return f"{self.batch.id}-发放表-{town}{self.sheets[town].town_name}.xlsx"

    def write(self, town: TownCode, path: Path) -> int:
        documents = self.papers.printed_by.documents
        write_town_workbook(
            path,
            self.sheets[town],
            boxes=documents.boxes,
            mask_identities=documents.mask_identities,
        )
        return 1


def _lists(books: Books, registry: Registry, name: BatchId, today: datetime.date) -> _Lists:
    batch = find_batch(books, name)
    if batch.voided or batch.is_held:  # guard: no-lists-of-held
        raise NotForTowns(batch)
    sealed = Evidence(books, registry, today).sealed(batch.id)
    if sealed.faults:  # guard: lists-of-sealed-rows
        raise RowsMissing(batch.id)
    printed_by = printed_then(registry, batch)
    papers = Papers(
        batch.id, batch.date, batch.seal, sealed.rows, printed_by, fingerprint_of_books(books)
    )
    return _Lists(batch, papers, {one.heading.town_code: one for one in sheets_of(papers)})
