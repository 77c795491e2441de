"""By whom the month was made, checked and closed, and by what the report is proven."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from ledger.base.money import grouped
from ledger.books.provenance import Provenance
from ledger.figures.month_trail import ApprovedBatch
from ledger.figures.month_trail import Given
from ledger.figures.monthly_report import MonthlyReport
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import drawable
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.provenance import FINGERPRINT
from reports.pdf.provenance import HEAD
from reports.pdf.provenance import head_text
from reports.pdf.signed_document import chinese_date
from reports.pdf.table import Column
from reports.pdf.table import Table

ROW_HEIGHT = 6 * MM
NAME = 42 * MM


class TrailTable:
    """A part of the details: approvals and closings where there are any, and what proves it."""

    tail_height = 0.0

    def __init__(
        self, title: str, frame: Frame, statement: MonthlyReport, provenance: Provenance
    ) -> None:
        self.title = title
        self.frame = frame
        columns = (
            Column("事项", NAME, "left", wraps=True),
            Column("内容", frame.right - frame.left - NAME, "left", wraps=True),
        )
        self.table = Table(columns, left=frame.left, row_height=ROW_HEIGHT)
        self.rows = [
            self.table.measure([drawable(name), drawable(text)])
            for name, text in entries(statement, provenance)
        ]

    @property
    def head_height(self) -> float:
        return self.table.header_height

    @property
    def heights(self) -> Sequence[float]:
        return [row.height for row in self.rows]

    def draw(self, canvas: PageCanvas, top: float, rows: range) -> float:
        bottom = self.table.draw_header(canvas, top)
        bottom = self.table.draw_rows(canvas, bottom, self.rows[rows.start : rows.stop])
        self.table.draw_rules(canvas, top, bottom)
        self.table.draw_frame(canvas, top, bottom)
        return bottom


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
