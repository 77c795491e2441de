"""Delimited text: which delimiter, which rows."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from importers.tables.quoted_text import quoted_rows
from importers.tables.refusals import TableTooLarge
from importers.tables.shifted_cells import has_cut_amounts
from importers.tables.shifted_cells import refuse_shifted
from importers.tables.workbook_limits import CELL_LIMIT
from importers.tables.workbook_limits import ROW_LIMIT
from importers.tables.workbook_limits import check_extent

# Those of programs, and those of printed lists and of programs that have texts with commas.
DELIMITERS = ",\t;|"
# What has the name of a separator in every set of characters, and is in no text.
UNIT_SEPARATOR = "\x1f"
OTHER_DELIMITERS = f"~^│┃║¦｜；，{UNIT_SEPARATOR}"
# Columns are drawn with these on both sides, and lines between the rows with the others.
FRAMES = "│┃║¦｜|"
SNIFFED_CHARACTERS = 64 * 1024
SNIFFED_ROWS = 40
FEWEST_CELLS = 3
_SEVERAL_SIGNS = re.compile(r"[|@#~^&!$%+:;]{2,4}")

_QUOTED = re.compile(r'"[^"\r\n]*"')
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_FRAME = re.compile("[\u2500-\u257f+=|_\\s-]*[\u2500-\u257f=_-]{2}[\u2500-\u257f+=|_\\s-]*")


def read_delimited(name: str, text: str) -> list[list[str]]:
    """The cells of a text with content, as a rectangle of strings: element 0 is row 1.

    Raises UnclosedQuote, WiderThanHeadings or TableTooLarge.
    """
    text = _with_single_signs(text)
    delimiter = _delimiter(text)
    rows = _rows(name, text, delimiter)
    if delimiter in FRAMES:
        rows = _without_frame(rows)
    refuse_shifted(name, rows, has_cut=delimiter == "," and has_cut_amounts(text))
    return _rectangle(name, rows, guarded='="' in text)


def _with_single_signs(text: str) -> str:
    """The text with one sign for a separator of several, as ``|+|`` or ``||``: none of these signs
    stands alone in its first rows, and no text is in quotes.
    """
    beginning = text[:SNIFFED_CHARACTERS]
    if '"' in text:
        return text
    lines = beginning.splitlines()[:SNIFFED_ROWS]
    for separator in sorted(set(_SEVERAL_SIGNS.findall(beginning)), key=len, reverse=True):
        alone = beginning.replace(separator, "")
        if _is_regular(lines, separator) and not any(sign in alone for sign in separator):
            return text.replace(separator, UNIT_SEPARATOR)
    return text


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the most cells.

    What stands in quotes does not count: some banks put a TAB behind every text there. An unusual
    one has to make rows of one width, as a comma in sentences does not.
    """
    beginning = _QUOTED.sub('""', text[:SNIFFED_CHARACTERS])

    def cells(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter)
        try:
            return sum(len(row) for row, _number in zip(reader, range(SNIFFED_ROWS), strict=False))
        except csv.Error:
            return 0

    usual = max(DELIMITERS, key=cells)
    lines = beginning.splitlines()[:SNIFFED_ROWS]
    others = [sign for sign in OTHER_DELIMITERS if sign in beginning and _is_regular(lines, sign)]
    return max([usual, *others], key=cells)


def _is_regular(lines: Sequence[str], delimiter: str) -> bool:
    """Whether most lines that the sign cuts at all are cut into as many cells."""
    counted = Counter(line.count(delimiter) + 1 for line in lines if delimiter in line)
    if not counted:  # it stands further down
        return False
    width, number = counted.most_common(1)[0]
    return width >= FEWEST_CELLS and number > 1 and number * 2 > counted.total()


def _rows(name: str, text: str, delimiter: str) -> list[list[str]]:
    """The rows as they are, none of them built before it is known that there are not too many: a
    line break takes a byte of the file and a hundred of the memory.
    """
    if text.count(delimiter) > CELL_LIMIT:
        raise TableTooLarge(name)
    if '"' in text:
        return quoted_rows(name, text, delimiter)
    breaks = text.count("\n") + text.count("\r") - text.count("\r\n")
    if breaks > ROW_LIMIT:
        raise TableTooLarge(name)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    return [line.split(delimiter) for line in lines]


def _without_frame(rows: list[list[str]]) -> list[list[str]]:
    """The rows of a printed list without what is drawn around them; no row changes its number."""
    filled = [row for row in rows if any(row)]
    framed = sum(len(row) > FEWEST_CELLS and not row[0].strip() for row in filled)
    if framed * 2 <= sum(len(row) > FEWEST_CELLS for row in filled):
        return rows
    return [
        [""]
        if all(not cell or _FRAME.fullmatch(cell) for cell in row)
        else [cell.strip() for cell in (row[1:-1] if len(row) > FEWEST_CELLS else row)]
        for row in rows
    ]


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
