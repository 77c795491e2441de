"""Writes sheets as .xlsx, .xls or .csv, the same bytes for the same sheets."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter
import xlwt

from samples.sheets import Kind
from samples.sheets import Sheet

SAVED = datetime(2020, 11, 6, 9, 30)
# In characters of the default font.
WIDTHS = {
    "number": 6,
    "name": 12,
    "sex": 6,
    "age": 6,
    "role": 12,
    "town": 12,
    "area_name": 24,
    "phone": 14,
    "bank": 30,
    "bank_name": 12,
    "amount": 10,
    "note": 12,
}
ORDINARY_WIDTH = 22
_BORDERED = (Kind.HEADING, Kind.PERSON, Kind.TOTAL)


def write_roster(path: Path, sheets: Sequence[Sheet], *, encoding: str = "") -> None:
    """Write by the suffix of ``path``; a .csv holds the first sheet, in ``encoding``."""
    if path.suffix == ".csv":
        _write_csv(path, sheets[0], encoding)
    elif path.suffix == ".xls":
        _write_xls(path, sheets)
    else:
        _write_xlsx(path, sheets)


def _write_csv(path: Path, sheet: Sheet, encoding: str) -> None:
    """As Excel saves it: every line as wide as the widest."""
    width = len(sheet.fields)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        for line in sheet.lines:
            writer.writerow([*line.cells, *[""] * (width - len(line.cells))])


def _write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": SAVED})
        text = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "num_format": "@"}
        formats = {
            kind: workbook.add_format(
                text
                | ({"border": 1} if kind in _BORDERED else {})
                | ({"bold": True, "align": "center"} if kind in (Kind.TITLE, Kind.HEADING) else {})
                | ({"font_size": 18} if kind is Kind.TITLE else {})
                | ({"text_wrap": True} if kind is Kind.HEADING else {})
            )
            for kind in Kind
        }
        number = workbook.add_format(text | {"border": 1, "num_format": "General"})
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name)
            if sheet.hidden:
                page.hide()
            for place, field in enumerate(sheet.fields):
                page.set_column(place, place, WIDTHS.get(field, ORDINARY_WIDTH))
            for merge in sheet.merges:
                page.merge_range(*merge, "", formats[sheet.lines[merge[0]].kind])
            for line_number, line in enumerate(sheet.lines):
                for place, cell in enumerate(line.cells):
                    if not isinstance(cell, str):
                        page.write_number(line_number, place, cell, number)
                    elif cell:
                        page.write_string(line_number, place, cell, formats[line.kind])
                    elif line.kind in _BORDERED and not _is_merged(sheet, line_number):
                        page.write_blank(line_number, place, None, formats[line.kind])


def _is_merged(sheet: Sheet, line_number: int) -> bool:
    return any(first <= line_number <= last for first, _, last, _ in sheet.merges)


def _write_xls(path: Path, sheets: Sequence[Sheet]) -> None:
    workbook = xlwt.Workbook(encoding="utf-8")
    styles = {kind: _xls_style(kind) for kind in Kind}
    number = xlwt.easyxf("font: name 宋体", num_format_str="General")
    for sheet in sheets:
        page = workbook.add_sheet(sheet.name)
        for place, field in enumerate(sheet.fields):
            page.col(place).width = 256 * WIDTHS.get(field, ORDINARY_WIDTH)
        merged = set()
        for first, left, last, right in sheet.merges:
            line = sheet.lines[first]
            page.write_merge(first, last, left, right, line.cells[left], styles[line.kind])
            merged.add((first, left))
        for line_number, line in enumerate(sheet.lines):
            for place, cell in enumerate(line.cells):
                if cell != "" and (line_number, place) not in merged:
                    style = styles[line.kind] if isinstance(cell, str) else number
                    page.write(line_number, place, cell, style)
    workbook.save(str(path))


def _xls_style(kind: Kind) -> xlwt.XFStyle:
    """Styles are made once a file: Excel refuses more than 4,000."""
    style = "font: name 宋体"
    if kind in (Kind.TITLE, Kind.HEADING):
        style += ", bold on; align: horiz centre"
    if kind in _BORDERED:
        style += "; borders: left thin, right thin, top thin, bottom thin"
    return xlwt.easyxf(style, num_format_str="@")
