"""What a page says of itself, above and below its table, against the books."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.base.language import gettext as _
from ledger.model.ids import NO_TOWN
from ledger.model.seal import grouped_seal
from reports.documents import PAYOUT_SHEET
from reports.documents import STATEMENT
from reports.documents import SUMMARY_SHEET
from reports.documents import TITLE_ENDINGS
from reports.pdf.qr_seal import dark_modules
from reports.pdf.qr_seal import seal_payload
from reports.pdf.signed_document import chinese_date
from reports.verification.comparison.books_documents import recorded_looks
from reports.verification.comparison.evidence import Evidence
from reports.verification.comparison.evidence import SealedBatch
from reports.verification.comparison.verdict import Difference
from reports.verification.pdf.printed_page import PrintedPage
from reports.verification.pdf.printed_provenance import provenance_differences


def heading_differences(
    evidence: Evidence, sealed: SealedBatch, kind: str, page: PrintedPage
) -> Iterator[Difference]:
    """Batch, seal, books, day and scope; title, unit and period where they were recorded."""
    for column, here, books in _compared(evidence, sealed, kind, page):
        if here != "".join(books.split()):
            shown = grouped_seal(here) if column == "校验码" else here
            yield Difference(0, column, shown, books, page=page.number)
    has_head = kind == STATEMENT
    yield from provenance_differences(
        evidence, page.provenance, page=page.number, has_head=has_head
    )
    town = page.town if kind == PAYOUT_SHEET else NO_TOWN
    payload = seal_payload(sealed.batch.id, town, sealed.batch.seal)
    if page.qr is not None and page.qr != dark_modules(payload):
        yield Difference(0, "二维码", _("another code"), payload, page=page.number)


def _compared(
    evidence: Evidence, sealed: SealedBatch, kind: str, page: PrintedPage
) -> Iterator[tuple[str, str, str]]:
    batch = sealed.batch
    yield "发放批次", page.batch, batch.id
    yield "校验码", page.seal, grouped_seal(batch.seal)
    if kind == STATEMENT:
        yield "编制日期", page.prepared, f"（{chinese_date(batch.date)}编制）"
    else:
        yield "日期", chinese_date(page.day) if page.day else "", chinese_date(batch.date)
    if kind == PAYOUT_SHEET:
        rows = sealed.by_town.get(page.town, [])
        name = rows[0].town_name if rows else ""
        yield "镇（街道）", page.scope, f"{name}（{page.town}）" if rows else ""
    elif kind == SUMMARY_SHEET:
        yield "镇（街道）", page.scope, f"{len(sealed.by_town)} 个"
    looks = recorded_looks(evidence, batch.id)
    settings, documents = evidence.books.settings, evidence.books.programme.documents
    for column, here, recorded, today in (
        ("编制单位", page.unit, looks.unit, settings.unit),
        ("标题", page.title.removesuffix(TITLE_ENDINGS[kind]), looks.title, documents.title),
        ("补助期间", page.period, looks.period, documents.period),
    ):
        # A statement is made in later years too, with the settings of its day.
        is_todays = kind == STATEMENT and here == "".join(today.split())
        if recorded and not is_todays:
            yield column, here, recorded
