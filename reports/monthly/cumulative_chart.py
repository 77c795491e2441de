"""The chart of the course: budget, money received and spending day by day, against time.

Steps up to the month's end; the line of time (序时进度) runs from nothing on the first day of the
year to the whole budget on its last.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

from ledger.figures.cumulative import Steps
from ledger.figures.monthly_report import MonthlyReport
from reports.monthly.scale import Span
from reports.monthly.scale import days_span
from reports.monthly.scale import round_steps
from reports.monthly.scale import spread
from reports.pdf.canvas import PageCanvas
from reports.pdf.colours import BLACK
from reports.pdf.colours import DEEP_BLUE
from reports.pdf.colours import FAINT
from reports.pdf.colours import ORANGE
from reports.pdf.colours import PALE_GREY
from reports.pdf.colours import QUIET
from reports.pdf.colours import Colour
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import text_width
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.text_fitting import shrunk
from reports.wording.figures import in_wan

LABEL_SIZE = 8.5
HEIGHT = 74 * MM
LEGEND_HEIGHT = 6 * MM
LEGEND_SAMPLE = 9 * MM
# Left of the plot stand amounts, right of it what the lines have come to, below it the months.
LEFT_ROOM = 15 * MM
RIGHT_ROOM = 31 * MM
BELOW_ROOM = 6 * MM
LABELS_APART = 1.25 * LABEL_SIZE
# Below so many points from a month to the next, only some of them are named.
MONTH_ROOM = 16.0
TIME = "序时进度"


class Curve(NamedTuple):
    """A line of the chart; its dash, width and brightness tell it apart without colours."""

    name: str
    steps: Steps
    width: float
    colour: Colour
    dash: tuple[float, ...] = ()


def curves_of(statement: MonthlyReport) -> list[Curve]:
    """What is drawn, in the order in which it lies over one another: the wide ones below.

    Where two are as high as each other, the narrow one stands in the middle of the wide one.
    """
    course = statement.course
    return [
        Curve("预算", course.budget, 4.5, PALE_GREY),
        Curve("已到位", course.received, 1.4, BLACK, (5, 2)),
        Curve("已列支", course.spent, 3.6, ORANGE),
        Curve("已支付", course.paid, 1.6, DEEP_BLUE),
    ]


class CumulativeChart:
    """The chart as a part of the details: one row over the width of the frame."""

    head_height = tail_height = 0.0

    def __init__(self, title: str, frame: Frame, statement: MonthlyReport) -> None:
        self.title = title
        self.frame = frame
        self.statement = statement

    @property
    def heights(self) -> tuple[float]:
        return (HEIGHT,)

    def draw(self, canvas: PageCanvas, top: float, _rows: range) -> float:
        bottom = top - HEIGHT
        _Plot(self.statement, self.frame.left, top, self.frame.right, bottom).draw(canvas)
        return bottom


class _Plot:
    """A chart in a box, in points."""

    def __init__(
        self, statement: MonthlyReport, left: float, top: float, right: float, bottom: float
    ) -> None:
        self.curves = curves_of(statement)
        self.budget_fen = statement.total.adjusted_fen
        self.month_end = statement.month.last
        begun = [steps[0][0] for _n, steps, *_ in self.curves if steps] + [statement.month.first]
        self.first = min(begun).replace(month=1, day=1)
        self.last = self.month_end.replace(month=12, day=31)
        highest_fen = max([self.budget_fen, *(fen for c in self.curves for _day, fen in c.steps)])
        lowest_fen = min([0, *(fen for curve in self.curves for _day, fen in curve.steps)])
        self.amounts = round_steps(highest_fen)
        self.left, self.top = left, top
        plot_top = top - LEGEND_HEIGHT
        self.days = days_span(self.first, self.last, left + LEFT_ROOM, right - RIGHT_ROOM)
        self.heights = Span(lowest_fen, self.amounts[-1], bottom + BELOW_ROOM, plot_top - 2 * MM)

    def draw(self, canvas: PageCanvas) -> None:
        self._draw_legend(canvas)
        self._draw_amounts(canvas)
        self._draw_months(canvas)
        self._draw_time(canvas)
        for curve in self.curves:
            if curve.steps:
                canvas.curve(self._stairs(curve.steps), curve.width, curve.colour, curve.dash)
        self._draw_ends(canvas)

    def _draw_legend(self, canvas: PageCanvas) -> None:
        baseline = self.top - LEGEND_HEIGHT + 2.5 * MM
        x = self.days.start
        samples = [(c.name, c.width, c.colour, c.dash) for c in self.curves]
        samples.append((TIME, 0.8, BLACK, (1, 2)))
        for name, width, colour, dash in samples:
            middle = baseline + 0.35 * LABEL_SIZE
            canvas.curve([(x, middle), (x + LEGEND_SAMPLE, middle)], width, colour, dash)
            canvas.text(x + LEGEND_SAMPLE + 1.2 * MM, baseline, name, LABEL_SIZE)
            x += LEGEND_SAMPLE + 1.2 * MM + text_width(name) * LABEL_SIZE + 4 * MM
        canvas.text(self.left, baseline, "万元", LABEL_SIZE, colour=QUIET)

    def _draw_amounts(self, canvas: PageCanvas) -> None:
        for fen in self.amounts:
            y = self.heights.place(fen)
            canvas.curve([(self.days.start, y), (self.days.end, y)], 0.4, FAINT)
            label = shrunk(_short_wan(fen), LEFT_ROOM - 3 * MM, LABEL_SIZE)
            x = self.days.start - 1.5 * MM - label.width
            canvas.text(x, y - 0.35 * LABEL_SIZE, label.text, label.size, colour=QUIET)

    def _draw_months(self, canvas: PageCanvas) -> None:
        zero, top = self.heights.start, self.heights.end
        canvas.rule(self.days.start, zero, self.days.end, zero)
        baseline = zero - LABEL_SIZE - 1.5
        month = self.first
        while month <= self.last:
            following = (month + datetime.timedelta(days=31)).replace(day=1)
            start, end = (self.days.place(day.toordinal()) for day in (month, following))
            is_first = month.month == 1
            canvas.rule(start, zero, start, zero - (5 if is_first else 3))
            name = f"{month.year}年" if is_first and self._many_years else f"{month.month}月"
            if end - start >= MONTH_ROOM or is_first:
                middle = (start + end) / 2 if end - start >= MONTH_ROOM else start + 9
                width = text_width(name) * LABEL_SIZE
                canvas.text(middle - width / 2, baseline, name, LABEL_SIZE, colour=QUIET)
            month = following
        x = self._end_of(self.month_end)
        canvas.curve([(x, zero), (x, top)], 0.5, QUIET, (1, 1.5))

    @property
    def _many_years(self) -> bool:
        return self.first.year != self.last.year

    def _draw_time(self, canvas: PageCanvas) -> None:
        start = self.days.place(datetime.date(self.last.year, 1, 1).toordinal())
        zero, whole = self.heights.place(0), self.heights.place(self.budget_fen)
        canvas.curve([(start, zero), (self.days.end, whole)], 0.8, BLACK, (1, 2))

    def _stairs(self, steps: Steps) -> list[tuple[float, float]]:
        """A sum stays as it is until the day on which it changes; up to the month's end."""
        x = self.days.place(steps[0][0].toordinal())
        y = self.heights.place(0)
        points = [(x, y)]
        for day, fen in steps:
            x = self.days.place(day.toordinal())
            points.append((x, y))
            y = self.heights.place(fen)
            points.append((x, y))
        points.append((self._end_of(self.month_end), y))
        return points

    def _end_of(self, day: datetime.date) -> float:
        return self.days.place(day.toordinal() + 1)

    def _draw_ends(self, canvas: PageCanvas) -> None:
        """What each line has come to, right of the year's end, tied to where the line ends."""
        ends = [(curve, curve.steps[-1][1]) for curve in self.curves if curve.steps]
        wanted = [self.heights.place(fen) - 0.35 * LABEL_SIZE for _curve, fen in ends]
        baselines = spread(wanted, LABELS_APART, self.heights.start + 2, self.heights.end)
        end = self._end_of(self.month_end)
        x = self.days.end + 3 * MM
        for (curve, fen), baseline in zip(ends, baselines, strict=True):
            y, middle = self.heights.place(fen), baseline + 0.35 * LABEL_SIZE
            canvas.curve([(end, y), (self.days.end, y), (x - 1.5, middle)], 0.4, QUIET)
            canvas.text(x, baseline, f"{curve.name} {in_wan(fen)}", LABEL_SIZE, BOLD)


def _short_wan(fen: int) -> str:
    """An amount of the axis in 万元, without decimals that say nothing."""
    text = in_wan(fen)
    return text[:-3] if text.endswith(".00") else text
