"""Workbooks of many rows: XlsxWriter's own, which take and write a row of cells at a time.

XlsxWriter checks each cell as it comes, asks it for its kind, its place and its look as it is
written, and looks in every text for what XML and Excel hide: most of what a workbook of thousands
of rows costs. The bytes are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple
from xlsxwriter.worksheet import CellNumberTuple
from xlsxwriter.worksheet import CellStringTuple
from xlsxwriter.worksheet import Worksheet

# A column counted from 0, a text or a number, and how it looks. An empty text is an empty cell.
Cell = tuple[int, str | int | Decimal, Format]
# Longer texts are asked for their length as Excel counts it.
LONG = 1 << 13
# What is not written as it is: marks of XML, control characters and what looks like one that Excel
# has hidden, blanks at either end.
NOT_PLAIN = re.compile('[\x00-\x1f"&<>\ufffe\uffff]|_x|^\\s|\\s\\Z')
KINDS = (CellStringTuple, CellNumberTuple, CellBlankTuple)


class Sheet(Worksheet):  # type: ignore[misc]
    """A sheet of a workbook. Rows and columns count from 0."""

    def write_cells(self, row: int, cells: Iterable[Cell]) -> None:
        """Some cells of a row. No text is a formula or a link, whatever it begins with."""
        table = self.table[row]
        index_of = self.str_table._get_shared_string_index
        make = tuple.__new__  # A named tuple's own takes twice as long.
        for column, value, style in cells:
            if not isinstance(value, str):
                table[column] = make(CellNumberTuple, (value, style))
            elif not value:
                table[column] = make(CellBlankTuple, (style,))
            elif len(value) < LONG:
                table[column] = make(CellStringTuple, (index_of(value), style))
            else:
                self.write_string(row, column, value, style)
        if table:
            self._check_dimensions(row, min(table))
            self._check_dimensions(row, max(table))

    def _write_rows(self) -> None:
        self._calculate_spans()
        columns = [f'<c r="{xl_col_to_name(column)}' for column in range(self.dim_colmax + 1)]
        looks: dict[Format, str] = {}
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells = self.table.get(row)
            info = self.row_info.get(row)
            span = self.row_spans.get(row // 16)
            if not cells:
                if info is not None or row in self.comments:
                    self._write_empty_row(row, span, info)
                continue
            self._write_row(row, span, info)
            number = str(row + 1)
            written: list[str] = []
            for column in sorted(cells):
                cell = cells[column]
                kind, style = type(cell), cell[-1]
                if kind not in KINDS or not style:  # The row or the column may have a style.
                    self.fh.write("".join(written))
                    written.clear()
                    self._write_cell(row, column, cell)
                    continue
                look = looks.get(style)
                if look is None:
                    look = looks[style] = f'" s="{style._get_xf_index()}"'
                if kind is CellStringTuple:
                    written.append(f'{columns[column]}{number}{look} t="s"><v>{cell[0]}</v></c>')
                elif kind is CellNumberTuple:
                    written.append(f"{columns[column]}{number}{look}><v>{cell[0]:.16G}</v></c>")
                else:
                    written.append(f"{columns[column]}{number}{look}/>")
            self.fh.write("".join(written))
            self._xml_end_tag("row")

    def _calculate_spans(self) -> None:
        """The first and the last column of each sixteen rows, counted from 1."""
        columns: dict[int, set[int]] = {}
        for rows in (self.table, self.comments):
            for row, cells in rows.items():
                if cells:
                    columns.setdefault(row // 16, set()).update((min(cells), max(cells)))
        self.row_spans = {
            block: f"{min(found) + 1}:{max(found) + 1}" for block, found in columns.items()
        }


class _Strings(SharedStrings):  # type: ignore[misc]
    """The texts of a workbook, of which nearly all are plain."""

    def _write_sst_strings(self) -> None:
        for string in self.string_table.string_array:
            if string.isalnum() or not NOT_PLAIN.search(string):
                self.fh.write(f"<si><t>{string}</t></si>")
            else:
                self._write_si(string)


class _Packager(Packager):  # type: ignore[misc]
    def _write_shared_strings_file(self) -> None:
        strings = _Strings()
        strings.string_table = self.workbook.str_table
        if strings.string_table.count:
            strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            strings._assemble_xml_file()


class Workbook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook of such sheets."""

    worksheet_class = Sheet

    def _get_packager(self) -> Packager:
        return _Packager()
