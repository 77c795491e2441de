"""The workbook of a batch: the summary, then a sheet for each town, for whoever counts again.

The columns are those of the printed sheets and one more for the notes, which the printed sheets
put in small type below another text. Rows are written from top to bottom and cells from left to
right, so that XlsxWriter's ``constant_memory`` stays possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal
from itertools import count
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from ledger.base.money import yuan
from ledger.base.workbooks import workbook_file
from ledger.model.instructions import Instruction
from reports.payout.sheet import PayoutSheet
from reports.payout.sheet import notes_of
from reports.payout.sheet_columns import COUNTED
from reports.payout.sheet_columns import SheetColumns
from reports.payout.sheet_columns import total_quantity
from reports.payout.summary_sheet import SummarySheet
from reports.payout.workbook_page import FIRST_ROW
from reports.payout.workbook_page import Styles
from reports.payout.workbook_page import WorkbookPage
from reports.payout.workbook_page import make_styles
from reports.payout.workbook_summary import summary_widths
from reports.payout.workbook_summary import write_summary
from reports.pdf.amount_in_words import amount_in_words
from reports.pdf.signed_document import SIGNATURE_BOXES

SUMMARY_NAME = "汇总"
NOTES = "备注"
# In characters of the normal font, as spreadsheets count: as few as figures and numbers need, since
# all of them are printed on the width of a page. Longer texts get smaller.
BEFORE, COUNTS, OFF = (5, 10, 20, 11), (8, 9), 10
# The place, the bank and the account; a place that is written by hand leaves the bank its room.
PLACED, BY_HAND = (22, 25, 22), (10, 34, 22)
GROSS_WIDTH, BEHIND = 13, (10, 13, 14, 12)
# What a spreadsheet program accepts as the name of a sheet.
NAME_LIMIT = 31
NAME_REFUSES = re.compile(r"[\[\]:*?/\\']")


def write_payout_workbook(
    path: Path,
    *,
    summary: SummarySheet,
    sheets: Sequence[PayoutSheet],
    boxes: Sequence[str] = SIGNATURE_BOXES,
    mask_identities: bool = True,
) -> None:
    """Write the summary and, in the order of ``sheets``, the towns.

    The same input gives the same bytes: the workbook is dated with its batch.
    """
    heading = summary.heading
    title = f"{heading.title} {heading.batch}"
    with workbook_file(path, created=heading.on, title=title, author=heading.unit) as workbook:
        workbook.set_custom_property("batch", heading.batch)
        workbook.set_custom_property("seal", heading.seal)
        styles = make_styles(workbook)
        first = workbook.add_worksheet(SUMMARY_NAME)
        write_summary(WorkbookPage(first, styles, summary_widths(summary)), summary, boxes)
        # What is signed is on one page.
        first.fit_to_pages(1, 1)
        names = sheet_names([sheet.town_name for sheet in sheets])
        for name, sheet in zip(names, sheets, strict=True):
            page = WorkbookPage(workbook.add_worksheet(name), styles, _widths(sheet.columns))
            _write_town(page, sheet, boxes, mask_identities)


def write_town_workbook(
    path: Path, sheet: PayoutSheet, *, boxes: Sequence[str], mask_identities: bool
) -> None:
    """Write the sheet of one town alone, for that town: it sees nobody else's numbers."""
    heading = sheet.heading
    title = heading.document_title
    with workbook_file(path, created=heading.on, title=title, author=heading.unit) as workbook:
        workbook.set_custom_property("batch", heading.batch)
        workbook.set_custom_property("seal", heading.seal)
        (name,) = sheet_names([sheet.town_name])
        page = WorkbookPage(
            workbook.add_worksheet(name), make_styles(workbook), _widths(sheet.columns)
        )
        _write_town(page, sheet, boxes, mask_identities)


def sheet_names(town_names: Sequence[str]) -> list[str]:
    """Names that a workbook takes: no refused characters, at most 31, each once."""
    names: list[str] = []
    for town_name in town_names:
        name = NAME_REFUSES.sub(" ", town_name).strip()[:NAME_LIMIT] or "镇"
        number = 2
        unique = name
        while unique in (SUMMARY_NAME, *names):
            unique = f"{name[: NAME_LIMIT - 4]} {number}"
            number += 1
        names.append(unique)
    return names


def titles_of(columns: SheetColumns) -> tuple[str, ...]:
    """The columns of the printed sheet, and the notes."""
    return (*columns.titles, NOTES)


def _widths(columns: SheetColumns) -> tuple[int, ...]:
    counts = COUNTS if columns.counts else ()
    where = PLACED if columns.is_placed else BY_HAND
    return (*BEFORE, *where, *counts, GROSS_WIDTH, *([OFF] if columns.takes_off else []), *BEHIND)


def _write_town(
    page: WorkbookPage, sheet: PayoutSheet, boxes: Sequence[str], mask_identities: bool
) -> None:
    columns = sheet.columns
    titles = titles_of(columns)
    page.set_up(sheet.heading, titles)
    looks = _looks(columns, page.styles)
    for number, row in enumerate(sheet.rows, 1):
        values = _values(columns, number, row, mask_identities)
        cells = zip(count(), values, looks, strict=False)
        page.sheet.write_cells(FIRST_ROW + number - 1, cells)
    last = FIRST_ROW + len(sheet.rows)
    label = f"合计：{len(sheet.rows)} 人　　大写：{amount_in_words(sheet.amount_fen)}"
    page.text(last, 0, label, page.styles.total_text, until=COUNTED - 1)
    if columns.counts:
        page.text(last, COUNTED, total_quantity(sheet.rows), page.styles.total_word)
        page.text(last, COUNTED + 1, "", page.styles.total_text)
    for column, amount_fen in _amounts(columns, sheet.rows):
        page.money(last, column, amount_fen, page.styles.total_money)
    for column in range(columns.signature, len(titles)):
        page.text(last, column, "", page.styles.total_text)
    page.sign(last + 2, boxes)
    page.draw_qr(last + 4, sheet.heading)
    # The green corners that warn of numbers stored as text, which they have to be.
    corner = xl_rowcol_to_cell(last, len(titles) - 1)
    page.sheet.ignore_errors({"number_stored_as_text": f"A1:{corner}"})


def _looks(columns: SheetColumns, styles: Styles) -> tuple[Format, ...]:
    """How the cells of a row look, column by column."""
    centre, left = styles.centre, styles.left
    return (
        *(styles.number, centre, centre, centre, left, left, centre),
        *((centre, styles.money) if columns.counts else ()),
        *(styles.money for _amount in columns.amount_places),
        *(centre, left),
    )


def _values(
    columns: SheetColumns, number: int, row: Instruction, mask_identities: bool
) -> Iterator[str | int | Decimal]:
    """The cells of a row: amounts are numbers, and what is counted is a text."""
    yield number
    yield from columns.who_and_where(row, mask_identities=mask_identities)
    if columns.counts:
        yield row.quantity
        yield yuan(row.rate_fen) if row.quantity else ""
    yield from map(yuan, columns.row_amounts_fen(row))
    yield ""
    yield "；".join(notes_of(row).values())


def _amounts(columns: SheetColumns, rows: Sequence[Instruction]) -> Iterator[tuple[int, int]]:
    return zip(columns.amount_places, columns.amounts_fen(rows), strict=True)
