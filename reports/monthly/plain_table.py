"""Parts of the details that are nothing but a table of texts: the stages, and tax that is due."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base.money import grouped
from ledger.figures.monthly_report import MonthlyReport
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import drawable
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.signed_document import chinese_date
from reports.pdf.table import Column
from reports.pdf.table import Table

ROW_HEIGHT = 6 * MM
AMOUNT = 34 * MM
PEOPLE = 17 * MM


class PlainTable:
    """A part of the details: columns and rows as they are given."""

    tail_height = 0.0

    def __init__(
        self, title: str, frame: Frame, columns: Sequence[Column], rows: Sequence[Sequence[str]]
    ) -> None:
        self.title = title
        self.frame = frame
        self.table = Table(columns, left=frame.left, row_height=ROW_HEIGHT)
        self.rows = [self.table.measure(row) for row in rows]

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


def stage_table(title: str, frame: Frame, statement: MonthlyReport) -> PlainTable:
    """Each stage with its people by where they stand, and what was charged for it."""
    words = ("在册", "已支付", "代发中", "退回", "待查", "未发")
    name = frame.right - frame.left - len(words) * PEOPLE - AMOUNT
    columns = [
        Column("阶段", name, "left", wraps=True),
        *(Column(word, PEOPLE, "right") for word in words),
        Column("已列支（元）", AMOUNT, "right"),
    ]
    rows = []
    for stage in statement.status.stages:
        people = stage.people
        counts = (
            *(people.registered, people.paid, people.in_bank),
            *(people.returned, people.unknown, people.due),
        )
        figures = [f"{count:,}" for count in counts]
        rows.append([drawable(f"{stage.code} {stage.name}"), *figures, grouped(stage.amount_fen)])
    return PlainTable(title, frame, columns, rows)


def tax_table(title: str, frame: Frame, statement: MonthlyReport) -> PlainTable:
    """What of each month's tax is not at the tax office yet, and until when it has to be."""
    width = (frame.right - frame.left) / 3
    columns = [
        Column("税款所属月份", width),
        Column("待缴税款（元）", width, "right"),
        Column("申报缴纳截止日期", width),
    ]
    rows = [
        [f"{due.month.year}年{due.month.number}月", grouped(due.due_fen), chinese_date(due.until)]
        for due in statement.status.tax
    ]
    return PlainTable(title, frame, columns, rows)
