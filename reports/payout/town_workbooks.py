"""The sheets of a batch as workbooks, one for each town, in the books' folder ``reports``."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ledger.base.language import gettext as _
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


@dataclass(frozen=True, slots=True)
class TownWorkbook:
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
    sheets = {sheet.heading.town_code: sheet for sheet in sheets_of(papers)}
    for town in towns or ():
        if town not in sheets:
            raise TownNotInBatch(batch, town)
    return [
        _write(books, batch, town, sheet, papers)
        for town, sheet in sheets.items()
        if towns is None or town in towns
    ]


def _write(
    books: Books, batch: Batch, town: TownCode, sheet: PayoutSheet, papers: Papers
) -> TownWorkbook:
    documents = papers.printed_by.documents
    write = partial(
        _write_workbook, sheet, documents.boxes, mask_identities=documents.mask_identities
    )
    name = f"{batch.id}-发放表-{town}{sheet.town_name}.xlsx"
    return TownWorkbook(write_document(books.folder, name, write).path, town, len(sheet.rows))


def _write_workbook(
    sheet: PayoutSheet, boxes: tuple[str, ...], path: Path, *, mask_identities: bool
) -> int:
    write_town_workbook(path, sheet, boxes=boxes, mask_identities=mask_identities)
    return 1
