"""Delimited text: which encoding, which delimiter, which rows."""

from __future__ import annotations

import codecs
import csv
import io
import re

from importers.tables.cell_text import PRIVATE_TO_STANDARD
from importers.tables.refusals import EmptyFile
from importers.tables.refusals import HtmlTable
from importers.tables.refusals import NotATable
from importers.tables.refusals import TableTooLarge
from importers.tables.refusals import UnclosedQuote
from importers.tables.workbook_limits import check_extent
from ledger.language import gettext as _

TEXT_LIMIT_BYTES = 64 * 1024 * 1024
DELIMITERS = ",\t;|"
SNIFFED_CHARACTERS = 64 * 1024
SNIFFED_ROWS = 40

# More line breaks than anybody types into one cell: an opening quote without its end.
LINE_BREAKS_IN_A_CELL = 10

_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|table|\?xml)", re.IGNORECASE)
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_FORMULA_TEXT = re.compile(r'="([^"]*)"')


def read_delimited(name: str, content: bytes) -> list[list[str]]:
    """The cells of a text file, as a rectangle of strings: element 0 is row 1.

    Raises EmptyFile, NotATable, HtmlTable, UnclosedQuote or TableTooLarge.
    """
    if len(content) > TEXT_LIMIT_BYTES:
        raise TableTooLarge(name)
    text = _decode(name, content)
    if not text.strip():
        raise EmptyFile(name)
    if _MARKUP.match(text):
        raise HtmlTable(name)
    return _rectangle(name, _rows(name, text, _delimiter(text)))


def _decode(name: str, content: bytes) -> str:
    """The text, by its byte order mark, else as UTF-8, else as GB18030."""
    unknown = _("neither UTF-8 nor GB18030 text")
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return _checked(name, content.decode("utf-16"))
        try:
            return _checked(name, content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return _checked(name, content.decode("gb18030").translate(PRIVATE_TO_STANDARD))
    except UnicodeDecodeError as error:
        raise NotATable(name, unknown) from error


def _checked(name: str, text: str) -> str:
    text = text.rstrip("\x1a")  # the end-of-file mark of DOS programs
    if _CONTROL_CHARACTERS.search(text):
        raise NotATable(name, _("a file of a binary kind"))
    return text


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the most cells."""
    beginning = text[:SNIFFED_CHARACTERS]

    def cells(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter)
        try:
            return sum(len(row) for row, _number in zip(reader, range(SNIFFED_ROWS), strict=False))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=cells)


def _rows(name: str, text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if reader.line_num - len(rows) > LINE_BREAKS_IN_A_CELL:
                _refuse_unclosed_quote(name, row, len(rows))
    except csv.Error as error:
        raise UnclosedQuote(name, len(rows) + 1) from error
    return rows


def _refuse_unclosed_quote(name: str, row: list[str], number: int) -> None:
    if any(cell.count("\n") + cell.count("\r\r") > LINE_BREAKS_IN_A_CELL for cell in row):
        raise UnclosedQuote(name, number)


def _rectangle(name: str, rows: list[list[str]]) -> list[list[str]]:
    """The rows filled up to one width; ``="6215"``, which keeps text as text, unwrapped."""
    width = max(map(len, rows))
    check_extent(name, rows=len(rows), columns=width)
    return [
        [_FORMULA_TEXT.sub(r"\1", cell) if cell.startswith("=") else cell for cell in row]
        + [""] * (width - len(row))
        for row in rows
    ]
