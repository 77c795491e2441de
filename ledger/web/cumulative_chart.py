"""The course as a chart: budget, money received and spending day by day, as lines of an SVG.

It is drawn in the size in which it is shown, once for wide windows and once for narrow ones, so
that its letters stay legible. Dashes and widths, which the style sheet has, tell the lines apart
where there are no colours; each bears its name and amount at its end.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from ledger.base.language import mark
from ledger.base.language import page_gettext as _
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.figures.cumulative import Cumulative
from ledger.figures.cumulative import Steps
from ledger.figures.cumulative import course
from ledger.figures.cumulative import sum_on
from ledger.model.months import month_of
from ledger.web.page_words import month_alone
from ledger.web.page_words import year_words
from ledger.web.views import View
from reports.monthly.scale import Span
from reports.monthly.scale import days_span
from reports.monthly.scale import round_steps
from reports.monthly.scale import spread
from reports.wording.figures import in_wan

# Everything here is in pixels of the chart.
LINE_HEIGHT = 17.0
TOP_ROOM, BELOW_ROOM = 12.0, 26.0
# From one name of a month or a year to the next.
TICK_ROOM = 44.0
# How many months may lie between two names of the axis.
MONTHS_APART = (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 12_000, 120_000)
NAMES = {
    "budget": mark("Budget"),
    "received": mark("Received"),
    "spent": mark("Accrued"),
    "paid": mark("Paid"),
}


class Size(NamedTuple):
    """How large a chart is, and for which windows."""

    name: str
    width: int
    height: int


WIDE = Size("wide", 1060, 320)
NARROW = Size("narrow", 360, 300)


class Tick(NamedTuple):
    """A value of an axis and where it stands."""

    place: float
    text: str


class Curve(NamedTuple):
    """A line: ``path`` is drawn; ``label`` stands at its end, with its baseline at ``place``."""

    kind: str
    path: str
    label: str
    place: float


class Chart(Record):
    """A chart with everything in its place; the plot lies between ``left`` and ``right``."""

    size: Size
    left: float
    right: float
    amounts: list[Tick]
    days: list[Tick]
    curves: list[Curve]
    time: str
    end: float
    floor: float


class Sums(NamedTuple):
    """What the four lines have come to on a day."""

    day: datetime.date
    yuan: list[str]


class CumulativeOfBooks(Record):
    """The course up to a day: the charts, what they say in one sentence, and their figures."""

    charts: list[Chart]
    sentence: str
    names: list[str]
    table: list[Sums]


def cumulative_of(view: View) -> CumulativeOfBooks | None:
    """The course of the view's books; None where nothing has been entered."""
    found = course(view.books.flows)
    lines = {kind: getattr(found, kind) for kind in NAMES}
    changed = [day for steps in lines.values() for day, _fen in steps]
    if not changed:
        return None
    # Years after the last change are empty.
    end = min(view.on, max(changed).replace(month=12, day=31))
    said = [
        _("{names} {yuan} yuan").format(names=_(NAMES[kind]), yuan=grouped(sum_on(steps, end)))
        for kind, steps in lines.items()
    ]
    return CumulativeOfBooks(
        charts=[_Drawing(found, min(changed), end, size).chart() for size in (WIDE, NARROW)],
        sentence=_("As of {end}: {names}.").format(end=end, names=_(" · ").join(said)),
        names=[_(word) for word in NAMES.values()],
        table=[
            Sums(day, [grouped(sum_on(steps, day)) for steps in lines.values()])
            for day in _ends_of_months(changed, end)
        ],
    )


def _ends_of_months(changed: list[datetime.date], end: datetime.date) -> list[datetime.date]:
    """The ends of the months in which something changed, and the last day, the newest first."""
    return sorted({min(month_of(day).last, end) for day in changed} | {end}, reverse=True)


class _Drawing:
    """A course in one size; heights are counted upwards and turned over where they are drawn."""

    def __init__(
        self, found: Cumulative, begun: datetime.date, end: datetime.date, size: Size
    ) -> None:
        self.size = size
        self.end = end
        self.lines: dict[str, Steps] = {
            kind: steps for kind in NAMES if (steps := getattr(found, kind))
        }
        self.budget_fen = sum_on(found.budget, end)
        self.first = begun.replace(month=1, day=1)
        self.last = end.replace(month=12, day=31)
        sums_fen = [fen for steps in self.lines.values() for _day, fen in steps]
        self.steps_fen = round_steps(max([0, *sums_fen]))
        ends_fen = {kind: sum_on(steps, end) for kind, steps in self.lines.items()}
        self.labels = {kind: f"{_(NAMES[kind])} {in_wan(fen)}" for kind, fen in ends_fen.items()}
        left = 14 + max(_width(_short_wan(fen)) for fen in self.steps_fen)
        right = size.width - 12 - max(map(_width, self.labels.values()))
        self.days = days_span(self.first, self.last, left, max(right, left + TICK_ROOM))
        self.heights = Span(
            min([0, *sums_fen]), self.steps_fen[-1], BELOW_ROOM, size.height - TOP_ROOM
        )

    def chart(self) -> Chart:
        return Chart(
            size=self.size,
            left=round(self.days.start, 1),
            right=round(self.days.end, 1),
            amounts=[Tick(self._y(fen), _short_wan(fen)) for fen in self.steps_fen],
            days=list(self._days()),
            curves=self._curves(),
            time=self._time(),
            end=self._x_after(self.end),
            floor=self._y(0),
        )

    def _x(self, day: datetime.date) -> float:
        return round(self.days.place(day.toordinal()), 1)

    def _x_after(self, day: datetime.date) -> float:
        return round(self.days.place(day.toordinal() + 1), 1)

    def _y(self, fen: float) -> float:
        return round(self.size.height - self.heights.place(fen), 1)

    def _days(self) -> Iterator[Tick]:
        """Months, or as many years as there is room for."""
        first, last = (12 * day.year + day.month - 1 for day in (self.first, self.last))
        room = (self.days.end - self.days.start) / TICK_ROOM
        apart = next(step for step in MONTHS_APART if (last - first + 1) / step <= max(room, 1))
        for number in range(first, last + 1):
            if number % apart == 0:
                year, month = divmod(number, 12)
                is_year = apart >= 12 or (month == 0 and self.first.year != self.last.year)
                text = year_words(year) if is_year else month_alone(month + 1)
                yield Tick(self._x(datetime.date(year, month + 1, 1)), text)

    def _curves(self) -> list[Curve]:
        ends_fen = [sum_on(steps, self.end) for steps in self.lines.values()]
        wanted = [self.heights.place(fen) - 5 for fen in ends_fen]
        top = self.size.height - TOP_ROOM
        baselines = spread(wanted, LINE_HEIGHT, BELOW_ROOM, top)
        return [
            Curve(
                kind,
                self._stairs(self.lines[kind]),
                label,
                round(self.size.height - baseline, 1),
            )
            for (kind, label), baseline in zip(self.labels.items(), baselines, strict=True)
        ]

    def _stairs(self, steps: Steps) -> str:
        """A sum stays as it is until the day on which it changes; up to the end."""
        path = f"M{self._x(steps[0][0])} {self._y(0)}"
        for day, fen in steps:
            path += f"H{self._x(day)}V{self._y(fen)}"
        return f"{path}H{self._x_after(self.end)}"

    def _time(self) -> str:
        """The line of time (序时进度): from nothing to the whole budget in the last year."""
        start = self._x(self.last.replace(month=1, day=1))
        return f"M{start} {self._y(0)}L{self._x_after(self.last)} {self._y(self.budget_fen)}"


def _short_wan(fen: int) -> str:
    """An amount of the axis in 万元, without decimals that say nothing."""
    return in_wan(fen).removesuffix(".00")


def _width(text: str) -> float:
    """About how wide a text of the chart is: a Chinese character is as wide as it is high."""
    return sum(8.0 if letter.isascii() else 13.5 for letter in text)
