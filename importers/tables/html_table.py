"""Tables of a web page: some banks and government sites export them under the name of an .xls.

The page is only ever cut into tags by the standard library's parser: nothing is fetched, no
script runs, no entity is defined by the page. Work and memory grow with the file's size, and a
table is bounded like a sheet of a workbook, whatever spans its cells due.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from html.parser import HTMLParser

from importers.tables.cells import MergedRange
from importers.tables.delimited_text import unguarded
from importers.tables.refusals import DamagedWorkbook
from importers.tables.refusals import NotATable
from importers.tables.refusals import TableTooLarge
from importers.tables.refusals import XmlTable
from importers.tables.workbook_limits import CELL_LIMIT
from importers.tables.workbook_limits import COLUMN_LIMIT
from importers.tables.workbook_limits import ROW_LIMIT
from ledger.base.language import gettext as _

TABLE_LIMIT = 1000

_XML_WORKBOOK = re.compile(r"<(?:\w+:)?Workbook[\s>]")
_BLANKS = re.compile("[ \t\r\n\f]+")
_SPAN = re.compile(r"\s*([0-9]{1,9})")
_WITHIN_TABLES = ("thead", "tbody", "tfoot", "tr", "td", "th")
_UNSEEN = ("script", "style")
# A cell's text goes on in a new line where one of these begins or ends.
_LINES = ("br", "p", "div", "li", "table")
_NUMBER = re.compile("[0-9]{3}")
FEWEST_HEADINGS = 3
_TO_THE_END = ROW_LIMIT  # rowspan="0"


def read_html(name: str, text: str) -> list[tuple[list[list[str]], list[MergedRange]]]:
    """The cells of each table that holds any text, in the order in which the tables begin, and
    which of them are one cell over several rows.

    A table is a rectangle of strings; of a cell that spans several, the first has the text. A
    table within a cell is a table of its own; headings alone belong to the table that follows.
    Raises NotATable, XmlTable, TableTooLarge, or DamagedWorkbook when the page breaks off within
    a tag or a row.
    """
    page = _Page(name)
    try:
        page.feed(text)
    except AssertionError as error:  # the parser's word for a malformed <![…]>
        raise DamagedWorkbook(name) from error
    # The parser keeps what it could not finish. It is not told that the page ends: it would
    # read the rest of the page anew from each sign that never closes.
    if page.breaks_off or "<" in page.rawdata:
        raise DamagedWorkbook(name)
    if not any(table.rows for table in page.tables):
        if _XML_WORKBOOK.search(text):
            raise XmlTable(name)
        raise NotATable(name, _("a web page without a table"))
    tables = [table for table in page.tables if table.has_text]
    if sum(table.size for table in tables) > CELL_LIMIT:
        raise TableTooLarge(name)
    return [(table.rectangle(), table.merged) for table in _with_headings(tables)]


def _with_headings(tables: Sequence[_Table]) -> list[_Table]:
    """The tables, those of a single row of words put above the next if that is as wide."""
    joined: list[_Table] = []
    for table in tables:
        above = joined[-1] if joined else None
        if above and above.is_headings and not table.is_headings and above.width == table.width:
            joined[-1] = _below(above, table)
        else:
            joined.append(table)
    return joined


def _below(above: _Table, table: _Table) -> _Table:
    down = len(above.rows)
    moved = [((r + down, c), (end + down, last)) for (r, c), (end, last) in table.merged]
    return replace(table, rows=above.rows + table.rows, merged=above.merged + moved)


@dataclass(slots=True)
class _Table:
    """A table as far as it has been read; ``spans`` are the rows that a column is still taken."""

    rows: list[list[str]] = field(default_factory=list)
    row: list[str] | None = None
    cell: list[str] | None = None
    colspan: int = 1
    rowspan: int = 1
    spans: dict[int, int] = field(default_factory=dict)
    merged: list[MergedRange] = field(default_factory=list)
    width: int = 0
    has_text: bool = False

    def begin_row(self) -> None:
        self.row = []

    def begin_cell(self, colspan: int, rowspan: int) -> None:
        self.end_cell()
        if self.row is None:
            self.row = []
        self.cell, self.colspan, self.rowspan = [], colspan, rowspan

    def end_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        text = unguarded(_text(self.cell))
        self.cell = None
        self.has_text = self.has_text or text != ""
        self._fill_spanned(self.row)
        if self.rowspan > 1:
            start = len(self.row)
            # One more than the rows below: the end of this row takes it off again.
            self.spans |= dict.fromkeys(range(start, start + self.colspan), self.rowspan)
            last = (len(self.rows) + self.rowspan - 1, start + self.colspan - 1)
            self.merged.append(((len(self.rows), start), last))
        self.row += [text, *[""] * (self.colspan - 1)]

    def end_row(self) -> int:
        """Finish a row that has begun, and say how many cells it has."""
        self.end_cell()
        if self.row is None:
            return 0
        self._fill_spanned(self.row)
        self.rows.append(self.row)
        cells = len(self.row)
        self.width = max(self.width, cells)
        self.row = None
        if self.spans:
            self.spans = {column: left - 1 for column, left in self.spans.items() if left > 1}
        return cells

    def _fill_spanned(self, row: list[str]) -> None:
        """Empty cells where a cell of a row above reaches down."""
        while len(row) in self.spans:
            row.append("")

    @property
    def size(self) -> int:
        return len(self.rows) * self.width

    @property
    def is_headings(self) -> bool:
        """Whether it is one row with a word in each of several cells."""
        return (
            len(self.rows) == 1
            and self.width >= FEWEST_HEADINGS
            and all(text and not _NUMBER.search(text) for text in self.rows[0])
        )

    def rectangle(self) -> list[list[str]]:
        return [row + [""] * (self.width - len(row)) for row in self.rows]


class _Page(HTMLParser):
    """Follows the tags of a page; tags that banks forget to close are closed by the next one."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.tables: list[_Table] = []
        self.open_tables: list[_Table] = []
        self.cells = 0
        self.unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen = tag
        if tag in _LINES:
            self._add("\n")
        if tag == "table":
            self._begin_table()
        elif tag in _WITHIN_TABLES and not self.open_tables and not self.tables:
            self._begin_table()  # rows alone, as a program cuts them from a page
        if self.open_tables and tag == "tr":
            self._end_row()
            self.open_tables[-1].begin_row()
        elif self.open_tables and tag in ("td", "th"):
            self._begin_cell(dict(attrs))
        self._check_size()

    def handle_endtag(self, tag: str) -> None:
        if tag == self.unseen:
            self.unseen = ""
        if tag in _LINES:
            self._add("\n")
        if not self.open_tables:
            return
        if tag in ("td", "th"):
            self.open_tables[-1].end_cell()
        elif tag in ("tr", "thead", "tbody", "tfoot", "table"):
            self._end_row()
        self._check_size()
        if tag == "table":
            self.open_tables.pop()

    @property
    def breaks_off(self) -> bool:
        """Whether the page ends within a row. Whole rows are whole, as for a browser."""
        return bool(self.open_tables) and self.open_tables[-1].row is not None

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self._add(_BLANKS.sub(" ", data))

    def _begin_table(self) -> None:
        if len(self.tables) == TABLE_LIMIT:
            raise TableTooLarge(self.name)
        table = _Table()
        self.tables.append(table)
        self.open_tables.append(table)

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        colspan = _span(attributes.get("colspan")) or 1
        rowspan = _span(attributes.get("rowspan"))
        if colspan > COLUMN_LIMIT:
            raise TableTooLarge(self.name)
        self.open_tables[-1].begin_cell(colspan, min(rowspan or _TO_THE_END, _TO_THE_END))

    def _end_row(self) -> None:
        self.cells += self.open_tables[-1].end_row()

    def _add(self, text: str) -> None:
        if self.open_tables and self.open_tables[-1].cell is not None:
            self.open_tables[-1].cell.append(text)

    def _check_size(self) -> None:
        if not self.open_tables:
            return
        table = self.open_tables[-1]
        width = max(table.width, len(table.row or ()))
        if self.cells > CELL_LIMIT or len(table.rows) > ROW_LIMIT or width > COLUMN_LIMIT:
            raise TableTooLarge(self.name)


def _span(value: str | None) -> int:
    """How many cells an attribute says; one where it says nothing that can be understood."""
    number = _SPAN.match(value or "")
    return int(number.group(1)) if number else 1


def _text(parts: list[str]) -> str:
    lines = (line.strip(" ") for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
