"""The payments from before the books that could not be taken, as a workbook to correct."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from importers.corrections.workbook_layout import column_widths
from importers.corrections.workbook_layout import excel_sheet_names
from importers.corrections.workbook_layout import row_height
from importers.paid_before.payments_file import WHO
from importers.paid_before.payments_file import PaymentRow
from importers.paid_before.payments_file import PaymentTable
from importers.paid_before.problems import PaymentProblem
from importers.tables.cell_text import is_number
from importers.tables.cell_text import plain_text
from ledger.base.workbooks import Target
from ledger.base.workbooks import print_as_list
from ledger.base.workbooks import workbook_file

TITLE = "建账前已付 退回修改 {count} 人"
HOW_TO = "请按最后一列的原因改正标红的单元格，改好后导入本文件；不要改动表头，不用补齐其他行。"
SOURCE, REASON = "来源", "退回原因"
TITLE_ROW, HOW_TO_ROW, HEADER_ROW = 0, 1, 2


def write_rejected_payments(
    target: Target,
    file: str,
    rejected: Sequence[tuple[PaymentTable, PaymentRow]],
    problems: Sequence[PaymentProblem],
) -> None:
    """Write the rows that go back, each with its ``problems``; the same arguments, the same bytes.

    Raises OSError when the file cannot be written.
    """
    tables = list({table.sheet: table for table, _row in rejected}.values())
    names = excel_sheet_names([table.sheet for table in tables])
    with workbook_file(target) as workbook:
        formats = _formats(workbook)
        for table, name in zip(tables, names, strict=True):
            rows = [row for own, row in rejected if own.sheet == table.sheet]
            _write_table(workbook.add_worksheet(name), formats, file, table, rows, problems)


def _formats(workbook: Any) -> dict[str, Any]:
    cell = {"font_name": "宋体", "font_size": 11, "border": 1, "valign": "vcenter"}
    cell |= {"num_format": "@", "text_wrap": True}
    looks = {
        "title": {"font_name": "宋体", "font_size": 16, "bold": True},
        "how_to": {"font_name": "宋体", "font_size": 11, "font_color": "#C00000"},
        "heading": cell | {"bold": True, "align": "center", "bg_color": "#D9E1F2"},
        "right": cell,
        "wrong": cell | {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    }
    return {name: workbook.add_format(look) for name, look in looks.items()}


def _write_table(
    page: Any,
    formats: dict[str, Any],
    file: str,
    table: PaymentTable,
    rows: Sequence[PaymentRow],
    problems: Sequence[PaymentProblem],
) -> None:
    own_titles = ("", SOURCE, REASON)
    places = [place for place, title in enumerate(table.titles) if title not in own_titles]
    lines = [[*(plain_text(table.titles[place]) for place in places), SOURCE, REASON]]
    wrong: set[tuple[int, int]] = set()
    for row in rows:
        own = [one for one in problems if (one.sheet, one.row) == (row.sheet, row.row)]
        reasons = "\n".join(one.message(chinese=True) for one in own)
        columns = {column for one in own for column in table.headings.all_of(one.field)}
        wrong |= {(len(lines), number) for number, at in enumerate(places) if at in columns}
        lines.append(
            [*(_text(table, row, place) for place in places), f"{file} {row.place}", reasons]
        )
    page.write_string(TITLE_ROW, 0, TITLE.format(count=len(rows)), formats["title"])
    page.write_string(HOW_TO_ROW, 0, HOW_TO, formats["how_to"])
    widths = column_widths(lines, narrowest=8, widest=50)
    for number, line in enumerate(lines):
        for place, text in enumerate(line):
            look = "wrong" if (number, place) in wrong else "right" if number else "heading"
            page.write_string(HEADER_ROW + number, place, text, formats[look])
        page.set_row(HEADER_ROW + number, row_height(line, widths))
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    page.freeze_panes(HEADER_ROW + 1, 0)
    print_as_list(page, HEADER_ROW)


def _text(table: PaymentTable, row: PaymentRow, place: int) -> str:
    """A cell as text; digits that were lost stay visibly lost, and a day has no time of day."""
    cell = row.cells[place]
    if is_number(cell) and any(place in table.headings.all_of(name) for name in WHO):
        return f"{cell:.5E}"
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    return plain_text(cell)
