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
from reports.pdf.page_formats import Frame
from reports.pdf.table import Column
from reports.pdf.table import Table
from reports.pdf.text_fitting import BODY_SIZE

ROW_HEIGHT = 5.2 * MM
BAR_HEIGHT = 3.2 * MM
BAR_PADDING = 1.5 * MM
# One person of a thousand is seen too.
LEAST_WIDTH = 1.2
NAME = 26 * MM
PEOPLE = 13.5 * MM
LEGEND_HEIGHT = 6 * MM
LEGEND_SIZE = 8.5
NOBODY_REGISTERED = "截至月末尚无人员在册。"
NOBODY_HEIGHT = 7 * MM


class BarPart(NamedTuple):
    """A part of a bar: a field of :class:`~ledger.figures.status.People`, its title and colour.

    What is hatched is told from its neighbours without colours too.
    """

    field: str
    title: str
    colour: Colour
    hatched: bool = False


PARTS = (
    BarPart("paid", "已支付", NAVY),
    BarPart("in_bank", "代发中", BLUE),
    BarPart("returned", "退回", RED, hatched=True),
    BarPart("unknown", "待查", AMBER),
    BarPart("due", "未发", PALE),
)
BAR_COLUMN = 1


class TownTable:
    """A part of the details: a row a town with people, and their sum."""

    def __init__(self, title: str, frame: Frame, statement: MonthlyReport) -> None:
        self.title = title
        self.frame = frame
        self.towns = [town for town in statement.status.towns if town.people.registered]
        self.all = statement.status.payees
        bar = frame.right - frame.left - NAME - (len(PARTS) + 1) * PEOPLE
        columns = (
            Column("镇街", NAME, "left"),
            Column("发放进度", bar, "left"),
            Column("在册", PEOPLE, "right"),
            *(Column(part.title, PEOPLE, "right") for part in PARTS),
        )
        self.table = Table(columns, left=frame.left, row_height=ROW_HEIGHT)
        self.rows = [
            self.table.measure([drawable(town.name), "", *_counts(town.people)])
            for town in self.towns
        ]
        self.most = max((town.people.registered for town in self.towns), default=0)

    @property
    def head_height(self) -> float:
        return LEGEND_HEIGHT + self.table.header_height if self.towns else 0.0

    @property
    def heights(self) -> Sequence[float]:
        return [row.height for row in self.rows] or [NOBODY_HEIGHT]

    @property
    def tail_height(self) -> float:
        return ROW_HEIGHT if self.towns else 0.0

    def draw(self, canvas: PageCanvas, top: float, rows: range) -> float:
        if not self.towns:
            canvas.text(self.frame.left, top - BODY_SIZE - 2, NOBODY_REGISTERED, BODY_SIZE)
            return top - NOBODY_HEIGHT
        top = self._draw_legend(canvas, top)
        bottom = self.table.draw_header(canvas, top)
        for place in rows:
            row = self.rows[place]
            self._draw_bar(canvas, bottom - row.height / 2, self.towns[place])
            bottom = self.table.draw_rows(canvas, bottom, [row])
        self.table.draw_rules(canvas, top, bottom)
        if rows.stop == len(self.rows):
            figures = dict(enumerate(_counts(self.all), BAR_COLUMN + 1))
            bottom = self.table.draw_total(canvas, bottom, "合计", figures, span=BAR_COLUMN + 1)
        self.table.draw_frame(canvas, top, bottom)
        return bottom

    def _draw_legend(self, canvas: PageCanvas, top: float) -> float:
        x = self.table.edges[0]
        baseline = top - 4 * MM
        for part in PARTS:
            _fill(canvas, x, baseline + 6.5, x + 6 * MM, baseline - 0.5, part)
            canvas.text(x + 7 * MM, baseline, part.title, LEGEND_SIZE)
            x += 11 * MM + text_width(part.title) * LEGEND_SIZE
        canvas.text(x, baseline, "（单位：人；条长为在册人数）", LEGEND_SIZE)
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
                _fill(canvas, left, top, left + width, bottom, part)
                left += width


def _fill(
    canvas: PageCanvas, left: float, top: float, right: float, bottom: float, part: BarPart
) -> None:
    draw = canvas.hatched if part.hatched else canvas.bar
    draw(left, top, right, bottom, part.colour)


def _counts(people: People) -> Sequence[str]:
    fields = ("registered", *(part.field for part in PARTS))
    return [f"{getattr(people, field):,}" for field in fields]
