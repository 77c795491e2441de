"""Delimited text with quotation marks: which of them hold a cell, and which are signs of a text.

A mark that somebody typed must not make a cell of the cells behind it, nor of the rows below. So
marks that hold a cell as a program writes it are followed, unless what they hold looks like rows.
A mark that does not close as it should is a sign, where the row without it is as wide as the
others; whatever else there may be is refused, with its row.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from itertools import islice

from importers.tables.refusals import TableTooLarge
from importers.tables.refusals import UnclosedQuote
from importers.tables.workbook_limits import ROW_LIMIT

# More line breaks than anybody types into one cell: an opening quote without its end.
LINE_BREAKS_IN_A_CELL = 10
# A row with fewer cells cannot be told from a text with a separator in it.
FEWEST_CELLS = 3

_LINES_FOR_WIDTH = 400
# How many lines are looked through, for each line that there is, for the ends of marks.
_LOOKED_THROUGH = 20
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BREAK = re.compile(r"\r\n|\r|\n")
_DIGIT = re.compile("[0-9]")
_THOUSANDS = re.compile(r"[^0-9,]*[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?[^0-9,]*")


def quoted_rows(name: str, text: str, delimiter: str) -> list[list[str]]:
    """The rows of a text with quotation marks in it, counted as they are read.

    Raises UnclosedQuote or TableTooLarge.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(islice(reader, ROW_LIMIT + 1))
    except csv.Error:
        return _Lines(name, text, delimiter).rows()
    if len(rows) > ROW_LIMIT:
        raise TableTooLarge(name)
    width = _usual(map(len, rows))
    if reader.line_num > len(rows):
        for number, row in enumerate(rows, 1):
            if any("\n" in cell or "\r" in cell for cell in row):
                _refuse_rows_in_a_cell(name, row, number, width, delimiter)
    for number, row in enumerate(rows, 1):
        if len(row) < width:
            _refuse_cells_in_a_cell(name, row, number, width, delimiter)
    return rows


def _usual(widths: Iterator[int]) -> int:
    """The width that most rows have, 0 where none has several cells."""
    counted = Counter(width for width in widths if width > 1)
    return max(counted, key=lambda width: (counted[width], width), default=0)


def _refuse_rows_in_a_cell(
    name: str, row: Sequence[str], number: int, width: int, delimiter: str
) -> None:
    """Refuse a cell of several lines that would be rows if its marks were none."""
    for column, cell in enumerate(row):
        first, *below = _BREAK.split(cell)
        if not below:
            continue
        widths = [line.count(delimiter) + 1 for line in below]
        whole = [column + 1 + first.count(delimiter), *widths]
        whole[-1] += len(row) - column - 1
        fits = width >= FEWEST_CELLS and all(one == width for one in whole)
        like_a_row = max(FEWEST_CELLS, (width + 1) // 2)
        # guard: no-row-within-a-cell
        if (
            len(below) > LINE_BREAKS_IN_A_CELL
            or fits
            or any(
                one >= like_a_row and _DIGIT.search(line)
                for one, line in zip(widths, below, strict=True)
            )
        ):
            raise UnclosedQuote(name, number)


def _refuse_cells_in_a_cell(
    name: str, row: Sequence[str], number: int, width: int, delimiter: str
) -> None:
    """Refuse a row that has as many cells as the others only if its marks are none.

    An amount in quotes, 1,000.00, is one cell of a shorter row, which a total often is.
    """
    holding = [cell for cell in row if delimiter in cell]
    cells = len(row) + sum(cell.count(delimiter) for cell in holding)
    if width > FEWEST_CELLS and cells == width and not all(map(_THOUSANDS.fullmatch, holding)):
        raise UnclosedQuote(name, number)  # guard: no-cells-within-a-cell


class _Lines:
    """A text that is not quoted as programs do it, line by line."""

    def __init__(self, name: str, text: str, delimiter: str) -> None:
        self.name = name
        self.delimiter = delimiter
        if text.count("\n") + text.count("\r") - text.count("\r\n") > ROW_LIMIT:
            raise TableTooLarge(name)
        self.lines = _LINE.findall(text)
        self.to_look_through = _LOOKED_THROUGH * (len(self.lines) + LINE_BREAKS_IN_A_CELL)
        self.width = _usual(map(self._width_of, self.lines[:_LINES_FOR_WIDTH]))

    def rows(self) -> list[list[str]]:
        rows: list[list[str]] = []
        at = 0
        while at < len(self.lines):
            row, lines = self._row(at, len(rows) + 1)
            rows.append(row)
            at += lines
        return rows

    def _row(self, at: int, number: int) -> tuple[list[str], int]:
        """The row that begins with a line, and how many lines it takes."""
        line = self.lines[at]
        plain = _BREAK.sub("", line).split(self.delimiter)
        if '"' not in line:
            return plain, 1
        lines = (self.lines[place] for place in range(at, len(self.lines)))
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        try:
            row = next(reader)
        except csv.Error as error:
            self._count(reader.line_num, number)
            return self._literal(plain, number, error), 1
        self._count(reader.line_num, number)
        if reader.line_num > 1:
            _refuse_rows_in_a_cell(self.name, row, number, self.width, self.delimiter)
        if len(row) < self.width:
            _refuse_cells_in_a_cell(self.name, row, number, self.width, self.delimiter)
        return row, reader.line_num

    def _literal(self, plain: list[str], number: int, error: csv.Error) -> list[str]:
        """A line whose marks do not close as they should: they are signs where that is certain."""
        loose = next(csv.reader([self.delimiter.join(plain) + "\n"], delimiter=self.delimiter))
        closed = not loose[-1].endswith("\n")
        if closed and len(loose) == len(plain):
            return loose
        if len(plain) == 1 or (len(plain) == self.width and self.width >= FEWEST_CELLS):
            return list(map(_without_marks, plain))
        if closed and len(loose) == self.width:
            return loose
        raise UnclosedQuote(self.name, number) from error  # guard: quotes-close

    def _count(self, lines: int, number: int) -> None:
        self.to_look_through -= lines
        if self.to_look_through < 0:
            raise UnclosedQuote(self.name, number)

    def _width_of(self, line: str) -> int:
        """How many cells a line has by itself, 0 where its marks do not close in it."""
        if '"' not in line:
            return line.count(self.delimiter) + 1
        try:
            return len(next(csv.reader([line], delimiter=self.delimiter, strict=True)))
        except csv.Error:
            return 0


def _without_marks(cell: str) -> str:
    return cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
