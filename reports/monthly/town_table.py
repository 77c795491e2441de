"""The subsidies by town: a bar for each, and the numbers of its people beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.figures.monthly_report import MonthlyReport
from ledger.figures.status import People
from ledger.figures.status import TownStatus
from reports.pdf.canvas import PageCanvas
from reports.pdf.colours import AMBER
from reports.pdf.colours import BLUE
from reports.pdf.colours import NAVY
from reports.pdf.colours import PALE
from reports.pdf.colours import RED
from reports.pdf.colours import Colour
from reports.pdf.fonts import drawable
from reports.pdf.fonts import text_width
from reports.pdf.page_formats import MM
from reports.pdf.table import Column
from reports.pdf.table import Table
from reports.pdf.text_fitting import FLOOR_SIZE

# Every town of a county on one page, with the signature boxes.
ROW_HEIGHT = 5.0 * MM
BAR_HEIGHT = 3.0 * MM
BAR_PADDING = 1.5 * MM
# One person of a thousand is seen too.
LEAST_WIDTH = 1.2
NAME = 22 * MM
PEOPLE = 13 * MM
LEGEND_HEIGHT = 5.5 * MM


class BarPart(NamedTuple):
    """A part of a bar: a field of :class:`~ledger.figures.status.People`, its title and colour."""

    field: str
    title: str
    colour: Colour


PARTS = (
    BarPart("paid", "已支付", NAVY),
    BarPart("in_bank", "代发中", BLUE),
    BarPart("returned", "退回", RED),
    BarPart("unknown", "待查", AMBER),
    BarPart("due", "未发", PALE),
)
BAR_COLUMN = 1


class TownTable:
    """A row a town with people, and their sum, in ``width`` points."""

    def __init__(self, statement: MonthlyReport, left: float, width: float) -> None:
        self.towns = [town for town in statement.status.towns if town.people.registered]
        self.all = statement.status.payees
        bar = width - NAME - (len(PARTS) + 1) * PEOPLE
        columns = (
            Column("镇街", NAME, "left"),
            Column("发放进度", bar, "left"),
            Column("在册", PEOPLE, "right"),
            *(Column(part.title, PEOPLE, "right") for part in PARTS),
        )
        self.table = Table(columns, left=left, row_height=ROW_HEIGHT)
        self.rows = [
            self.table.measure([drawable(town.name), "", *_counts(town.people)])
            for town in self.towns
        ]
        self.most = max((town.people.registered for town in self.towns), default=0)

    @property
    def height(self) -> float:
        return LEGEND_HEIGHT + self.table.header_height + (len(self.towns) + 1) * ROW_HEIGHT

    def draw(self, canvas: PageCanvas, top: float) -> float:
        """Draw the table; returns its bottom."""
        top = self._draw_legend(canvas, top)
        bottom = self.table.draw_header(canvas, top)
        for town, row in zip(self.towns, self.rows, strict=True):
            self._draw_bar(canvas, bottom - row.height / 2, town)
            bottom = self.table.draw_rows(canvas, bottom, [row])
        self.table.draw_rules(canvas, top, bottom)
        figures = dict(enumerate(_counts(self.all), BAR_COLUMN + 1))
        bottom = self.table.draw_total(canvas, bottom, "合计", figures, span=BAR_COLUMN + 1)
        self.table.draw_frame(canvas, top, bottom)
        return bottom

    def _draw_legend(self, canvas: PageCanvas, top: float) -> float:
        x = self.table.edges[0]
        baseline = top - 4 * MM
        for part in PARTS:
            canvas.bar(x, baseline + 6, x + 4 * MM, baseline - 0.5, part.colour)
            canvas.text(x + 5 * MM, baseline, part.title, FLOOR_SIZE + 1)
            x += 9 * MM + text_width(part.title) * (FLOOR_SIZE + 1)
        canvas.text(x, baseline, "（单位：人）", FLOOR_SIZE + 1)
        return top - LEGEND_HEIGHT

    def _draw_bar(self, canvas: PageCanvas, middle: float, town: TownStatus) -> None:
        """The parts one after the other; its length is the town's people."""
        left = self.table.edges[BAR_COLUMN] + BAR_PADDING
        room = self.table.edges[BAR_COLUMN + 1] - BAR_PADDING - left
        top, bottom = middle + BAR_HEIGHT / 2, middle - BAR_HEIGHT / 2
        for part in PARTS:
            people = getattr(town.people, part.field)
            if people:
                width = max(room * people / self.most, LEAST_WIDTH)
                canvas.bar(left, top, left + width, bottom, part.colour)
                left += width


def _counts(people: People) -> Sequence[str]:
    fields = ("registered", *(part.field for part in PARTS))
    return [f"{getattr(people, field):,}" for field in fields]
