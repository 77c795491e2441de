"""The workbook of a batch: the summary, then a sheet for each town, for whoever counts again.

The columns are those of the printed sheets and one more for the notes, which the printed sheets
put in small type below another text. Rows are written from top to bottom and cells from left to
right, so that XlsxWriter's ``constant_memory`` stays possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path

from ledger.base.masks import mask_identity
from ledger.base.workbooks import workbook_file
from ledger.model.instructions import Instruction
from reports.payout.sheet import COLUMNS
from reports.payout.sheet import GROSS
from reports.payout.sheet import NET
from reports.payout.sheet import WITHHELD
from reports.payout.sheet import PayoutSheet
from reports.payout.sheet import figures_fen
from reports.payout.sheet import notes_of
from reports.payout.summary_sheet import SummarySheet
from reports.payout.workbook_page import FIRST_ROW
from reports.payout.workbook_page import WorkbookPage
from reports.payout.workbook_page import make_styles
from reports.payout.workbook_summary import summary_widths
from reports.payout.workbook_summary import write_summary
from reports.pdf.amount_in_words import amount_in_words
from reports.pdf.signed_document import SIGNATURE_BOXES

SUMMARY_NAME = "汇总"
TITLES = (*(column.title for column in COLUMNS), "备注")
NOTES = len(COLUMNS)
# In characters of the normal font, as spreadsheets count: as few as figures and numbers need, since
# all of them are printed on the width of a page. Longer texts get smaller.
WIDTHS = (5, 10, 20, 11, 22, 25, 22, 13, 10, 13, 14, 12)
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
            page = WorkbookPage(workbook.add_worksheet(name), styles, WIDTHS)
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
        page = WorkbookPage(workbook.add_worksheet(name), make_styles(workbook), WIDTHS)
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


def _write_town(
    page: WorkbookPage, sheet: PayoutSheet, boxes: Sequence[str], mask_identities: bool
) -> None:
    page.set_up(sheet.heading, TITLES)
    for number, row in enumerate(sheet.rows, 1):
        _write_row(page, FIRST_ROW + number - 1, number, row, mask_identities)
    last = FIRST_ROW + len(sheet.rows)
    label = f"合计：{len(sheet.rows)} 人　　大写：{amount_in_words(sheet.amount_fen)}"
    page.text(last, 0, label, page.styles.total_text, until=GROSS - 1)
    for column, amount_fen in _amounts(sheet.rows):
        page.money(last, column, amount_fen, page.styles.total_money)
    for column in range(NET + 1, len(TITLES)):
        page.text(last, column, "", page.styles.total_text)
    page.sign(last + 2, boxes)
    page.draw_qr(last + 4, sheet.heading)
    # The green corners that warn of numbers stored as text, which they have to be.
    page.sheet.ignore_errors({"number_stored_as_text": f"A1:L{last + 1}"})


def _write_row(
    page: WorkbookPage, place: int, number: int, row: Instruction, mask_identities: bool
) -> None:
    styles = page.styles
    page.count(place, 0, number, styles.number)
    identity = mask_identity(row.identity) if mask_identities else row.identity
    page.text(place, 1, row.legal_name, styles.centre)
    page.text(place, 2, identity, styles.centre)
    page.text(place, 3, row.role, styles.centre)
    page.text(place, 4, row.area_name, styles.left)
    page.text(place, 5, row.bank, styles.left)
    page.text(place, 6, row.account, styles.centre)
    for column, amount_fen in _amounts([row]):
        page.money(place, column, amount_fen, styles.money)
    page.text(place, NET + 1, "", styles.centre)
    page.text(place, NOTES, "；".join(notes_of(row).values()), styles.left)


def _amounts(rows: Sequence[Instruction]) -> Iterator[tuple[int, int]]:
    return zip((GROSS, WITHHELD, NET), figures_fen(rows), strict=True)
