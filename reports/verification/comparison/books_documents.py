"""The documents of a batch as the books would have them today, to be compared with paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.base.records import Record
from ledger.model.ids import BatchId
from reports.documents import SUMMARY_SHEET
from reports.payout.headings import batch_heading
from reports.payout.headings import summary_sheet
from reports.payout.sheet_columns import SheetColumns
from reports.payout.summary_sheet import SummarySheet
from reports.pdf.signed_document import SIGNATURE_BOXES
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.evidence import SealedBatch


class Looks(Record):
    """What stands on paper and is no fact of the books: empty where nobody has recorded it.

    The settings may have been changed since a paper was made, so they are no measure of it.
    """

    unit: str
    title: str
    period: str


def recorded_looks(evidence: Evidence, batch: BatchId) -> Looks:
    """As the batch's manifest says; of an old manifest only the unit."""
    manifest = evidence.manifests.get(batch)
    document: Mapping[str, Any] = manifest.document if manifest and manifest.is_sealed else {}
    reading_back = evidence.reading_back(batch)
    return Looks(
        unit=str(document.get("unit", "")),
        title=str(reading_back.get("title", "")),
        period=str(reading_back.get("period", "")),
    )


def box_labels(evidence: Evidence) -> frozenset[str]:
    """What stands in signature boxes: today's settings, and what any manifest has recorded."""
    labels = {*SIGNATURE_BOXES, *evidence.books.programme.documents.boxes}
    for name in evidence.batches:
        labels |= set(evidence.reading_back(name).get("boxes", []))
    return frozenset("".join(label.split()) for label in labels)


def summary_of(evidence: Evidence, sealed: SealedBatch) -> SummarySheet:
    """The summary of a batch, from its rows as they were sent."""
    books, batch = evidence.books, sealed.batch
    heading = batch_heading(
        books.settings.unit, books.programme.documents, evidence.fingerprint, SUMMARY_SHEET,
        batch=batch.id, on=batch.date, seal=batch.seal,
    )  # fmt: skip
    funds = {fund.code: fund.name for fund in books.rules.funds}
    # The programme may have other roles by now.
    roles = evidence.reading_back(batch.id).get("roles") or books.programme.role_names
    return summary_sheet(funds, roles, heading, sealed.rows)


def columns_of(evidence: Evidence, sealed: SealedBatch) -> SheetColumns:
    """The columns of a batch's payout sheets, from its rows as they were sent."""
    # The programme may have another word by now.
    recorded = evidence.reading_back(sealed.batch.id).get("area")
    return SheetColumns.of(str(recorded or evidence.books.programme.words.area), sealed.rows)
