"""Delimited text: which delimiter, which rows."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice

from importers.tables.refusals import TableTooLarge
from importers.tables.refusals import UnclosedQuote
from importers.tables.workbook_limits import CELL_LIMIT
from importers.tables.workbook_limits import ROW_LIMIT
from importers.tables.workbook_limits import check_extent

DELIMITERS = ",\t;|"
SNIFFED_CHARACTERS = 64 * 1024
SNIFFED_ROWS = 40

# More line breaks than anybody types into one cell: an opening quote without its end.
LINE_BREAKS_IN_A_CELL = 10

_QUOTED = re.compile(r'"[^"\r\n]*"')
_FORMULA_TEXT = re.compile(r'="([^"]*)"')


def read_delimited(name: str, text: str) -> list[list[str]]:
    """The cells of a text with content, as a rectangle of strings: element 0 is row 1.

    Raises UnclosedQuote or TableTooLarge.
    """
    return _rectangle(name, _rows(name, text, _delimiter(text)), guarded='="' in text)


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the most cells.

    What stands in quotes does not count: some banks put a TAB behind every text there.
    """
    beginning = _QUOTED.sub('""', text[:SNIFFED_CHARACTERS])

    def cells(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter)
        try:
            return sum(len(row) for row, _number in zip(reader, range(SNIFFED_ROWS), strict=False))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def _rows(name: str, text: str, delimiter: str) -> list[list[str]]:
    """The rows as they are, none of them built before it is known that there are not too many: a
    line break takes a byte of the file and a hundred of the memory.
    """
    if text.count(delimiter) > CELL_LIMIT:
        raise TableTooLarge(name)
    if '"' in text:
        return _quoted_rows(name, text, delimiter)
    breaks = text.count("\n") + text.count("\r") - text.count("\r\n")
    if breaks > ROW_LIMIT:
        raise TableTooLarge(name)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    return [line.split(delimiter) for line in lines]


def _quoted_rows(name: str, text: str, delimiter: str) -> list[list[str]]:
    """Where a line break may be a part of a cell, the rows are counted as they are read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        rows.extend(islice(reader, ROW_LIMIT + 1))
    except csv.Error as error:
        raise UnclosedQuote(name, len(rows) + 1) from error
    if len(rows) > ROW_LIMIT:
        raise TableTooLarge(name)
    if reader.line_num - len(rows) > LINE_BREAKS_IN_A_CELL:
        for number, row in enumerate(rows, 1):
            _refuse_unclosed_quote(name, row, number)
    return rows


def _refuse_unclosed_quote(name: str, row: list[str], number: int) -> None:
    if any(cell.count("\n") + cell.count("\r\r") > LINE_BREAKS_IN_A_CELL for cell in row):
        raise UnclosedQuote(name, number)


def _rectangle(name: str, rows: list[list[str]], *, guarded: bool) -> list[list[str]]:
    """The rows filled up to one width."""
    width = max(map(len, rows))
    check_extent(name, rows=len(rows), columns=width)
    if guarded:
        rows = [list(map(unguarded, row)) for row in rows]
    return [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]


def unguarded(cell: str) -> str:
    """``="6215"``, which keeps Excel from making a number of the text, as 6215."""
    return _FORMULA_TEXT.sub(r"\1", cell) if cell.startswith("=") else cell
