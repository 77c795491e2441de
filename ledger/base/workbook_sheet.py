"""Sheets of many rows: XlsxWriter's own, which take and write a row of cells at a time.

XlsxWriter checks each cell as it comes and asks it for its kind, its place and its look as it is
written: half of what a workbook of thousands of rows costs. The bytes are the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple
from xlsxwriter.worksheet import CellNumberTuple
from xlsxwriter.worksheet import CellStringTuple
from xlsxwriter.worksheet import Worksheet

# A column counted from 0, a text or a number, and how it looks. An empty text is an empty cell.
Cell = tuple[int, str | int | Decimal, Format]
# Longer texts are asked for their length as Excel counts it.
LONG = 1 << 13


class Sheet(Worksheet):  # type: ignore[misc]
    """A sheet of a workbook. Rows and columns count from 0."""

    def write_cells(self, row: int, cells: Iterable[Cell]) -> None:
        """Some cells of a row. No text is a formula or a link, whatever it begins with."""
        table = self.table[row]
        index_of = self.str_table._get_shared_string_index
        for column, value, style in cells:
            if not isinstance(value, str):
                table[column] = CellNumberTuple(value, style)
            elif not value:
                table[column] = CellBlankTuple(style)
            elif len(value) < LONG:
                table[column] = CellStringTuple(index_of(value), style)
            else:
                self.write_string(row, column, value, style)
        if table:
            self._check_dimensions(row, min(table))
            self._check_dimensions(row, max(table))

    def _write_rows(self) -> None:
        self._calculate_spans()
        columns = [xl_col_to_name(column) for column in range(self.dim_colmax + 1)]
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
            for column in sorted(cells):
                cell = cells[column]
                style = cell.format
                look = looks.get(style)
                if look is None:
                    if not style:  # The row or the column may have one.
                        self._write_cell(row, column, cell)
                        continue
                    look = looks[style] = f' s="{style._get_xf_index()}"'
                start = f'<c r="{columns[column]}{row + 1}"{look}'
                if type(cell) is CellStringTuple:
                    self.fh.write(f'{start} t="s"><v>{cell.string}</v></c>')
                elif type(cell) is CellNumberTuple:
                    self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
                elif type(cell) is CellBlankTuple:
                    self.fh.write(f"{start}/>")
                else:
                    self._write_cell(row, column, cell)
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
