"""Ruled tables on a page: columns, rows as high as their text needs, lines of totals."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.paper.cells import BODY_SIZE
from reports.paper.cells import FLOOR_SIZE
from reports.paper.cells import LEADING
from reports.paper.cells import NOTE_SIZE
from reports.paper.cells import Line
from reports.paper.cells import fitted
from reports.paper.cells import lines_height
from reports.paper.cells import shrunk
from reports.paper.fonts import BOLD
from reports.paper.fonts import REGULAR
from reports.paper.formats import MM
from reports.paper.ink import Ink

# Between a text and the rules left and right of it.
PADDING = 1.0 * MM
# Above and below several lines together: squeezed into a usual row, or in one that had to grow.
TIGHT_PADDING = 0.7 * MM
LOOSE_PADDING = 1.6 * MM
# From a line's middle down to its baseline, as a share of its size.
MIDDLE_TO_BASELINE = 0.37

NO_NOTES: Mapping[int, str] = {}


@dataclass(frozen=True)
class Column:
    """A column's title, its width in points, where its text stands and its size in points."""

    title: str
    width: float
    align: Literal["left", "centre", "right"] = "centre"
    size: float = BODY_SIZE


@dataclass(frozen=True, slots=True)
class Row:
    """A row measured and ready to be drawn: the lines of each cell, the height in points."""

    cells: tuple[tuple[Line, ...], ...]
    height: float


class Table:
    """A ruled table whose left edge is at ``left``; every row is at least ``row_height`` high."""

    def __init__(self, columns: Sequence[Column], *, left: float, row_height: float) -> None:
        self.columns = tuple(columns)
        self.row_height = row_height
        self.edges = [left]
        for column in columns:
            self.edges.append(self.edges[-1] + column.width)
        self.rooms = [column.width - 2 * PADDING for column in columns]
        self.header = self._measure_header()

    @property
    def header_height(self) -> float:
        return self.header.height

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
            fitted(text, room, column.size, 0.0 if column.align == "right" else FLOOR_SIZE)
            for text, room, column in zip(texts, self.rooms, self.columns, strict=True)
        ]
        for place, note in notes.items():
            cells[place] += fitted(note, self.rooms[place], NOTE_SIZE, NOTE_SIZE)
        return Row(tuple(cells), self._height(cells))

    def _height(self, cells: Sequence[tuple[Line, ...]]) -> float:
        highest = max((lines_height(lines) for lines in cells if len(lines) > 1), default=0.0)
        if highest + TIGHT_PADDING <= self.row_height:
            return self.row_height
        return highest + LOOSE_PADDING

    def draw_header(self, ink: Ink, top: float) -> float:
        """The titles of the columns; returns the bottom."""
        return self._draw_row(ink, top, self.header, BOLD, ["centre"] * len(self.columns))

    def draw_rows(self, ink: Ink, top: float, rows: Sequence[Row]) -> float:
        """The rows; returns their bottom."""
        aligns = [column.align for column in self.columns]
        for row in rows:
            top = self._draw_row(ink, top, row, REGULAR, aligns)
        return top

    def _draw_row(self, ink: Ink, top: float, row: Row, font: str, aligns: Sequence[str]) -> float:
        middle = top - row.height / 2
        for place, lines in enumerate(row.cells):
            if len(lines) == 1:
                line = lines[0]
                baseline = middle - MIDDLE_TO_BASELINE * line.size
                ink.text(
                    self._start(place, line, aligns[place]), baseline, line.text, line.size, font
                )
            elif lines:
                self._draw_lines(ink, place, lines, middle, font, aligns[place])
        bottom = top - row.height
        ink.rule(self.edges[0], bottom, self.edges[-1], bottom)
        return bottom

    def _draw_lines(
        self, ink: Ink, place: int, lines: tuple[Line, ...], middle: float, font: str, align: str
    ) -> None:
        top = middle + lines_height(lines) / 2
        for line in lines:
            baseline = top - LEADING * line.size / 2 - MIDDLE_TO_BASELINE * line.size
            ink.text(self._start(place, line, align), baseline, line.text, line.size, font)
            top -= LEADING * line.size

    def _start(self, place: int, line: Line, align: str) -> float:
        if align == "right":
            return self.edges[place + 1] - PADDING - line.width
        if align == "centre":
            return (self.edges[place] + self.edges[place + 1] - line.width) / 2
        return self.edges[place] + PADDING

    def draw_rules(self, ink: Ink, top: float, bottom: float) -> None:
        """The vertical lines between the columns."""
        for edge in self.edges[1:-1]:
            ink.rule(edge, top, edge, bottom)

    def draw_total(
        self, ink: Ink, top: float, label: str, figures: Mapping[int, str], *, span: int
    ) -> float:
        """A bold line of totals labelled over the first ``span`` columns; returns the bottom."""
        bottom = top - self.row_height
        middle = top - self.row_height / 2
        room = self.edges[span] - self.edges[0] - 2 * PADDING
        line = shrunk(label, room, BODY_SIZE, BOLD)
        baseline = middle - MIDDLE_TO_BASELINE * line.size
        ink.text(self.edges[0] + PADDING, baseline, line.text, line.size, BOLD)
        for place, figure in figures.items():
            line = shrunk(figure, self.rooms[place], BODY_SIZE, BOLD)
            baseline = middle - MIDDLE_TO_BASELINE * line.size
            x = self._start(place, line, self.columns[place].align)
            ink.text(x, baseline, line.text, line.size, BOLD)
        for edge in self.edges[span:-1]:
            ink.rule(edge, top, edge, bottom)
        ink.rule(self.edges[0], bottom, self.edges[-1], bottom)
        return bottom

    def draw_frame(self, ink: Ink, top: float, bottom: float) -> None:
        """The heavy line around the whole table."""
        ink.frame(self.edges[0], top, self.edges[-1], bottom)
