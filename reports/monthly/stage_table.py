"""The subsidies by stage, where there are several: people by state, and what was charged."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base.money import grouped
from ledger.figures.monthly_report import MonthlyReport
from ledger.figures.status import StageStatus
from reports.monthly.town_table import PARTS
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import drawable
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.table import Column
from reports.pdf.table import Table

ROW_HEIGHT = 5.2 * MM
PEOPLE, AMOUNT = 15 * MM, 32 * MM


class StageTable:
    """A part of the details: a row a stage, in their order."""

    tail_height = 0.0

    def __init__(self, title: str, frame: Frame, statement: MonthlyReport) -> None:
        self.title = title
        self.frame = frame
        name = frame.right - frame.left - (len(PARTS) + 1) * PEOPLE - AMOUNT
        columns = (
            Column("阶段", name, "left"),
            Column("在册", PEOPLE, "right"),
            *(Column(part.title, PEOPLE, "right") for part in PARTS),
            Column("应发金额", AMOUNT, "right"),
        )
        self.table = Table(columns, left=frame.left, row_height=ROW_HEIGHT)
        self.rows = [self.table.measure(_cells(stage)) for stage in statement.status.stages]

    @property
    def head_height(self) -> float:
        return self.table.header_height

    @property
    def heights(self) -> Sequence[float]:
        return [row.height for row in self.rows]

    def draw(self, canvas: PageCanvas, top: float, rows: range) -> float:
        bottom = self.table.draw_header(canvas, top)
        bottom = self.table.draw_rows(canvas, bottom, [self.rows[place] for place in rows])
        self.table.draw_rules(canvas, top, bottom)
        self.table.draw_frame(canvas, top, bottom)
        return bottom


def _cells(stage: StageStatus) -> list[str]:
    fields = ("registered", *(part.field for part in PARTS))
    people = [f"{getattr(stage.people, field):,}" for field in fields]
    return [drawable(f"{stage.code} {stage.name}"), *people, grouped(stage.amount_fen)]
