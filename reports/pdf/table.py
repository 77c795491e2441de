"""Ruled tables on a page: columns, rows as high as their text needs, lines of totals."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Literal

from ledger.base.records import Record
from reports.pdf.canvas import PageCanvas
from reports.pdf.canvas import Placed
from reports.pdf.fonts import BOLD
from reports.pdf.page_formats import MM
from reports.pdf.text_fitting import BODY_SIZE
from reports.pdf.text_fitting import FLOOR_SIZE
from reports.pdf.text_fitting import LEADING
from reports.pdf.text_fitting import NOTE_SIZE
from reports.pdf.text_fitting import Line
from reports.pdf.text_fitting import figure
from reports.pdf.text_fitting import fitted
from reports.pdf.text_fitting import lines_height
from reports.pdf.text_fitting import shrunk

# Between a text and the rules left and right of it.
PADDING = 1.0 * MM
# Above and below several lines together: squeezed into a usual row, or in one that had to grow.
TIGHT_PADDING = 0.7 * MM
LOOSE_PADDING = 1.6 * MM
# From a line's middle down to its baseline, as a share of its size.
MIDDLE_TO_BASELINE = 0.37

NO_NOTES: Mapping[int, str] = {}


class Column(Record):
    """A column's title, its width in points, where its text stands and its size in points.

    Neighbours of the same ``group`` stand under its title, which is above their own. A text that
    ``wraps`` takes several lines and does not get smaller.
    """

    title: str
    width: float
    align: Literal["left", "centre", "right"] = "centre"
    size: float = BODY_SIZE
    group: str = ""
    wraps: bool = False


class Row(Record):
    """A row measured and ready to be drawn: the lines of each cell, the height in points."""

    cells: tuple[tuple[Line, ...], ...]
    height: float


def _placed(
    cells: Sequence[tuple[Line, ...]], starts: Sequence[tuple[float, float]], middle: float
) -> Iterator[Placed]:
    """The lines of a row's cells, around its middle."""
    for lines, (start, share) in zip(cells, starts, strict=True):
        if len(lines) == 1:
            # Nearly every cell: worth not asking for the height of its lines.
            text, size, width = lines[0]
            yield start - share * width, middle - MIDDLE_TO_BASELINE * size, text, size
            continue
        top = middle + lines_height(lines) / 2
        for text, size, width in lines:
            baseline = top - LEADING * size / 2 - MIDDLE_TO_BASELINE * size
            yield start - share * width, baseline, text, size
            top -= LEADING * size


def _groups(columns: Sequence[Column]) -> tuple[range, ...]:
    """The columns of each group, in their order."""
    groups = []
    start = 0
    for place in range(1, len(columns) + 1):
        if place == len(columns) or columns[place].group != columns[start].group:
            if columns[start].group:
                groups.append(range(start, place))
            start = place
    return tuple(groups)


class Table:
    """A ruled table whose left edge is at ``left``; every row is at least ``row_height`` high."""

    def __init__(self, columns: Sequence[Column], *, left: float, row_height: float) -> None:
        self.columns = tuple(columns)
        self.row_height = row_height
        self.edges = [left]
        for column in columns:
            self.edges.append(self.edges[-1] + column.width)
        self.rooms = [column.width - 2 * PADDING for column in columns]
        self.groups = _groups(self.columns)
        self.group_height = row_height if self.groups else 0.0
        self.header = self._measure_header()
        # Where its titles stand on pages of a table that begin at the same height.
        self._headers: dict[float, list[Placed]] = {}
        self._starts = [self._start(place, one.align) for place, one in enumerate(self.columns)]

    @property
    def header_height(self) -> float:
        return self.group_height + self.header.height

    def _measure_header(self) -> Row:
        cells = [
            fitted(column.title, room, font=BOLD)
            for column, room in zip(self.columns, self.rooms, strict=True)
        ]
        return Row(tuple(cells), self._height(cells))

    def measure(self, texts: Sequence[str], notes: Mapping[int, str] = NO_NOTES) -> Row:
        """A row of these texts; ``notes`` go in small type below the text of their column.

        Figures, which stand on the right, shrink as far as they must and never break.
        """
        cells = [
            figure(text, room, column.size)
            if column.align == "right"
            else fitted(text, room, column.size, column.size if column.wraps else FLOOR_SIZE)
            for text, room, column in zip(texts, self.rooms, self.columns, strict=True)
        ]
        for place, note in notes.items():
            cells[place] += fitted(note, self.rooms[place], NOTE_SIZE, NOTE_SIZE)
        return Row(tuple(cells), self._height(cells))

    def _height(self, cells: Sequence[tuple[Line, ...]]) -> float:
        highest = max([lines_height(lines) for lines in cells if len(lines) > 1], default=0.0)
        if highest + TIGHT_PADDING <= self.row_height:
            return self.row_height
        return highest + LOOSE_PADDING

    def draw_header(self, canvas: PageCanvas, top: float) -> float:
        """The titles of the columns and of their groups; returns the bottom."""
        bottom = top - self.header_height
        for group in self.groups:
            self._draw_group(canvas, top, group)
        placed = self._headers.get(top)
        if placed is None:
            placed = self._headers[top] = list(self._placed_titles(top, bottom))
        canvas.texts(placed, BOLD)
        canvas.rule(self.edges[0], bottom, self.edges[-1], bottom)
        return bottom

    def _placed_titles(self, top: float, bottom: float) -> Iterator[Placed]:
        for place, lines in enumerate(self.header.cells):
            # A title of no group stands in the middle of both lines.
            above = top - self.group_height if self.columns[place].group else top
            yield from _placed([lines], [self._start(place, "centre")], (above + bottom) / 2)

    def _draw_group(self, canvas: PageCanvas, top: float, group: range) -> None:
        left, right = self.edges[group.start], self.edges[group.stop]
        title = self.columns[group.start].group
        line = shrunk(title, right - left - 2 * PADDING, BODY_SIZE, BOLD)
        baseline = top - self.group_height / 2 - MIDDLE_TO_BASELINE * line.size
        canvas.text((left + right - line.width) / 2, baseline, line.text, line.size, BOLD)
        canvas.rule(left, top - self.group_height, right, top - self.group_height)

    def draw_rows(self, canvas: PageCanvas, top: float, rows: Sequence[Row]) -> float:
        """The rows; returns their bottom."""
        for row in rows:
            middle = top - row.height / 2
            canvas.texts(_placed(row.cells, self._starts, middle))
            top -= row.height
            canvas.rule(self.edges[0], top, self.edges[-1], top)
        return top

    def _draw_cell(
        self,
        canvas: PageCanvas,
        place: int,
        lines: tuple[Line, ...],
        middle: float,
        font: str,
        align: str,
    ) -> None:
        canvas.texts(_placed([lines], [self._start(place, align)], middle), font)

    def _start(self, place: int, align: str) -> tuple[float, float]:
        """From where the texts of a column begin, and how much of their width before it."""
        if align == "right":
            return self.edges[place + 1] - PADDING, 1.0
        if align == "centre":
            return (self.edges[place] + self.edges[place + 1]) / 2, 0.5
        return self.edges[place] + PADDING, 0.0

    def draw_rules(self, canvas: PageCanvas, top: float, bottom: float) -> None:
        """The vertical lines between the columns, from the header's ``top``.

        Inside a group they begin below its title.
        """
        inside = {edge for group in self.groups for edge in group[1:]}
        for place, edge in enumerate(self.edges[1:-1], 1):
            canvas.rule(edge, top - self.group_height if place in inside else top, edge, bottom)

    def draw_total(
        self,
        canvas: PageCanvas,
        top: float,
        label: str,
        figures: Mapping[int, str],
        *,
        span: int,
        align: Literal["left", "centre"] = "left",
    ) -> float:
        """A bold line of totals labelled over the first ``span`` columns; returns the bottom.

        A word stands in the ``centre`` of them, a sentence on the left.
        """
        bottom = top - self.row_height
        middle = top - self.row_height / 2
        room = self.edges[span] - self.edges[0] - 2 * PADDING
        line = shrunk(label, room, BODY_SIZE, BOLD)
        baseline = middle - MIDDLE_TO_BASELINE * line.size
        start = self.edges[0] + PADDING
        if align == "centre":
            start += (room - line.width) / 2
        canvas.text(start, baseline, line.text, line.size, BOLD)
        for place, text in figures.items():
            column = self.columns[place]
            if column.align == "right":
                lines = figure(text, self.rooms[place], BODY_SIZE, BOLD)
            else:
                lines = (shrunk(text, self.rooms[place], BODY_SIZE, BOLD),)
            self._draw_cell(canvas, place, lines, middle, BOLD, column.align)
        for edge in self.edges[span:-1]:
            canvas.rule(edge, top, edge, bottom)
        canvas.rule(self.edges[0], bottom, self.edges[-1], bottom)
        return bottom

    def draw_frame(self, canvas: PageCanvas, top: float, bottom: float) -> None:
        """The heavy line around the whole table."""
        canvas.frame(self.edges[0], top, self.edges[-1], bottom)
