"""A batch that is approved, or given to the bank, is what was prepared, for whom it was."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ledger.base.language import gettext as _
from ledger.base.language import listed
from ledger.base.refusals import Refusal
from ledger.books.batch_folder import taken_place
from ledger.books.consistency import by_operators
from ledger.model.history import Batch
from ledger.payments.batch_records import require_records_of_batch
from ledger.payments.paid_numbers import doubts_of
from ledger.registry.distinctions import SameNumber
from ledger.registry.log_replay import require_logged
from ledger.registry.record_fields import field_name
from ledger.services.unit_of_work import Work
from reports.verification.bank_files import bank_file_differences
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.verdict import EXTRA_FILE

NAMED_IN_A_MESSAGE = 10


class FilesNotOfBatch(Refusal):
    """What lies in the batch's folder for the bank is not what was prepared."""

    def __init__(self, batch: Batch, file: str, row: int) -> None:
        at_row = _(", row {row}").format(row=row) if row else ""
        message = _(
            "{file}{at_row} is not what was prepared for the bank: nothing of batch {batch} may be"
            " sent. Have its papers written again, or void the batch"
        )
        message = message.format(file=file, at_row=at_row, batch=batch.id)
        super().__init__(message, batch=batch.id, bank_file=file, row=row)


class FileBesideBatch(Refusal):
    """Among the batch's papers lies something that is none of them."""

    def __init__(self, batch: Batch, file: str) -> None:
        message = _(
            "{file} is not of batch {batch} and lies among its papers: nothing of the batch may be"
            " sent. Move it elsewhere"
        )
        super().__init__(message.format(file=file, batch=batch.id), batch=batch.id, beside=file)


class PlaceTaken(Refusal):
    """Where a batch's held papers will be handed out stands something else."""

    def __init__(self, batch: Batch, place: str) -> None:
        message = _(
            "the papers of batch {batch} are held, and what stands in {place} is not of it: do not"
            " pay by it. Move it elsewhere"
        )
        super().__init__(message.format(batch=batch.id, place=place), batch=batch.id, place=place)


class NumbersPaid(Refusal):
    """Somebody of a batch has a number by which money went for somebody else."""

    def __init__(self, batch: Batch, doubts: Sequence[SameNumber]) -> None:
        shown = [
            _("{payee} ({field} of {other})").format(
                payee=pair.payee, field=field_name(pair.field), other=pair.other
            )
            for pair in doubts[:NAMED_IN_A_MESSAGE]
        ]
        more = ["…"] if len(doubts) > NAMED_IN_A_MESSAGE else []
        message = _(
            "batch {batch} goes no further: money went for others by numbers of its people,"
            " {people}. Decide whether they are two people each, or void the batch"
        )
        super().__init__(
            message.format(batch=batch.id, people=listed(shown + more)),
            batch=batch.id,
            payee=doubts[0].payee,
            payees=list(dict.fromkeys(pair.payee for pair in doubts)),
        )


def require_as_prepared(work: Work, batch: Batch, on: datetime.date) -> None:
    """Books, registry, frozen rows and bank files agree on the batch and its people.

    Raises PlaceTaken, LogBroken, RecordsDiffer, NumbersPaid or RecordsChanged for somebody in it,
    FilesNotOfBatch or FileBesideBatch.
    """
    require_place_free(work, batch)
    require_logged(work.registry, batch.amounts_fen, by_operators(work.books.history))
    payees = [payee for payee in work.registry.payees() if payee.payee_id in batch.amounts_fen]
    doubts = doubts_of(work.books.history, work.registry, payees, on)
    if doubts:  # guard: number-paid-not-submitted
        raise NumbersPaid(batch, doubts)
    require_records_of_batch(work.registry, batch, payees)
    evidence = Evidence(work.books, work.registry, work.today)
    for first in bank_file_differences(evidence, batch):  # guard: submitted-files-of-rows
        if first.kind == EXTRA_FILE:  # guard: file-beside-batch
            raise FileBesideBatch(batch, first.file)
        raise FilesNotOfBatch(batch, first.file, first.row)


def require_place_free(work: Work, batch: Batch) -> None:
    """Nobody takes other files for the batch's, which are held. Raises PlaceTaken."""
    if place := taken_place(work.books, batch):  # guard: nothing-in-place-of-held
        raise PlaceTaken(batch, place)
