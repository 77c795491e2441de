"""What changed in the month (本月变动), day by day, with what proves it."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from ledger.base.money import grouped
from ledger.figures.month_trail import Trail
from ledger.figures.monthly_report import MonthlyReport
from ledger.figures.period_changes import BUDGETED
from ledger.figures.period_changes import PAID
from ledger.figures.period_changes import RECEIVED
from ledger.figures.period_changes import Happening
from ledger.model.ids import FundCode
from ledger.model.ids import LineCode
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import drawable
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.table import Column
from reports.pdf.table import Table
from reports.pdf.text_fitting import filled
from reports.wording.evidence import evidence_note
from reports.wording.evidence import evidence_of
from reports.wording.evidence import matter_of

ROW_HEIGHT = 6 * MM
KINDS = {RECEIVED: "到账", PAID: "支付", BUDGETED: "预算"}
QUIET = "本月没有到账、支付和预算变动。"
QUIET_HEIGHT = 7 * MM
# Of more happenings than these, the largest are listed.
MOST = 60
SIZE = 9.0
NOTE_STEP = 1.4 * SIZE
DAY, KIND, AMOUNT, EVIDENCE = 19 * MM, 12 * MM, 29 * MM, 44 * MM


class ChangeTable:
    """A part of the details: what happened day by day, and what each kind comes to in all."""

    def __init__(self, title: str, frame: Frame, statement: MonthlyReport) -> None:
        self.title = title
        self.frame = frame
        matter = frame.right - frame.left - DAY - KIND - AMOUNT - EVIDENCE
        columns = (
            Column("日期", DAY, "right", SIZE),
            Column("类别", KIND, size=SIZE),
            Column("事项", matter, "left", SIZE, wraps=True),
            Column("金额（元）", AMOUNT, "right", SIZE),
            Column("依据", EVIDENCE, "left", SIZE, wraps=True),
        )
        self.table = Table(columns, left=frame.left, row_height=ROW_HEIGHT)
        self.sums = sums_of(statement.happenings)
        names = {(row.fund, row.code): row.name for row in statement.rows}
        listed = sorted(statement.happenings[:MOST], key=lambda one: one.date)
        self.left_out = statement.happenings[MOST:]
        self.rows = [self.table.measure(texts(one, names, statement.trail)) for one in listed]
        room = (frame.right - frame.left) / SIZE
        self.notes = filled(note, room) if (note := evidence_note(statement, listed)) else []

    @property
    def head_height(self) -> float:
        return self.table.header_height if self.rows else 0.0

    @property
    def heights(self) -> Sequence[float]:
        return [row.height for row in self.rows] or [QUIET_HEIGHT]

    @property
    def tail_height(self) -> float:
        lines = len(self.sums) + bool(self.left_out)
        return lines * ROW_HEIGHT + (2 * MM if self.notes else 0.0) + len(self.notes) * NOTE_STEP

    def draw(self, canvas: PageCanvas, top: float, rows: range) -> float:
        if not self.rows:
            canvas.text(self.frame.left, top - SIZE - 2, QUIET, SIZE)
            return top - QUIET_HEIGHT
        bottom = self.table.draw_header(canvas, top)
        bottom = self.table.draw_rows(canvas, bottom, self.rows[rows.start : rows.stop])
        is_last = rows.stop == len(self.rows)
        if is_last and self.left_out:
            bottom = self._draw_left_out(canvas, bottom)
        self.table.draw_rules(canvas, top, bottom)
        if is_last:
            for label, fen in self.sums:
                bottom = self.table.draw_total(canvas, bottom, label, {3: grouped(fen)}, span=3)
        self.table.draw_frame(canvas, top, bottom)
        if is_last:
            bottom = self._draw_notes(canvas, bottom)
        return bottom

    def _draw_left_out(self, canvas: PageCanvas, top: float) -> float:
        amount = grouped(sum(abs(one.amount_fen) for one in self.left_out))
        text = f"另有 {len(self.left_out)} 项较小的变动，金额合计 {amount} 元"
        return self.table.draw_rows(canvas, top, [self.table.measure(["", "", text, "", ""])])

    def _draw_notes(self, canvas: PageCanvas, top: float) -> float:
        baseline = top - 2 * MM
        for line in self.notes:
            baseline -= NOTE_STEP
            canvas.text(self.frame.left, baseline + 2, line, SIZE)
        return baseline


def sums_of(happenings: Sequence[Happening]) -> list[tuple[str, int]]:
    """What each kind comes to, of those kinds of which something happened."""
    return [
        (f"本月{word}合计", sum(one.amount_fen for one in happenings if one.kind == kind))
        for kind, word in KINDS.items()
        if any(one.kind == kind for one in happenings)
    ]


def texts(
    one: Happening, names: Mapping[tuple[FundCode, LineCode], str], trail: Trail
) -> list[str]:
    """The cells of a happening; ``names`` are those of funds and lines by their codes."""
    return [
        f"{one.date.month}月{one.date.day}日",
        KINDS[one.kind],
        drawable(matter_of(one, names)),
        grouped(one.amount_fen),
        drawable(evidence_of(one, trail)),
    ]
