"""By whom the month was made, checked and closed, and by what the report is proven."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.base.money import grouped
from ledger.books.provenance import Provenance
from ledger.figures.month_trail import ApprovedBatch
from ledger.figures.month_trail import Given
from ledger.figures.monthly_report import MonthlyReport
from reports.monthly.plain_table import PlainTable
from reports.pdf.fonts import drawable
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.provenance import FINGERPRINT
from reports.pdf.provenance import HEAD
from reports.pdf.provenance import head_text
from reports.pdf.signed_document import chinese_date
from reports.pdf.table import Column

NAME = 42 * MM


def trail_table(
    title: str, frame: Frame, statement: MonthlyReport, provenance: Provenance
) -> PlainTable:
    """A part of the details: approvals and closings where there are any, and what proves it."""
    columns = (
        Column("事项", NAME, "left", wraps=True),
        Column("内容", frame.right - frame.left - NAME, "left", wraps=True),
    )
    rows = [[drawable(name), drawable(text)] for name, text in entries(statement, provenance)]
    return PlainTable(title, frame, columns, rows)


def subjects(statement: MonthlyReport) -> str:
    """What there is to say, as the part is called."""
    trail = statement.trail
    words = ["审批"] * bool(trail.batches) + ["结账"] * bool(trail.closed)
    return "与".join([*words, "校验"]) if len(words) < 2 else "审批、结账与校验"


def entries(statement: MonthlyReport, provenance: Provenance) -> Iterator[tuple[str, str]]:
    """Names and texts of the rows."""
    for batch in statement.trail.batches:
        yield f"批次 {batch.batch}", _approved(batch)
    for closed in statement.trail.closed:
        month = f"{closed.month.year}年{closed.month.number}月"
        yield f"{month}结账", f"{chinese_date(closed.on)} {closed.by}"
    if provenance.fingerprint:
        yield FINGERPRINT, f"{provenance.fingerprint}（本账套建账时的指纹，各期相同）"
    if provenance.head is not None:
        yield HEAD, f"{head_text(provenance.head)}（编制本表时的最后一笔记录）"
    yield "账套摘要", f"{statement.digest}"


def _approved(batch: ApprovedBatch) -> str:
    parts = [f"编制：{batch.made_by}", *map(_given, batch.approvals)]
    return f"{batch.people:,} 人、{grouped(batch.amount_fen)} 元；{'；'.join(parts)}"


def _given(given: Given) -> str:
    return f"{given.role}：{given.by} {chinese_date(given.on)}" if given.on else f"待{given.role}"
