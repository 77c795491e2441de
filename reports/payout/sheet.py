"""The payout sheet (发放表) of a town: who is paid what into which account, to be signed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.model.instructions import Instruction
from reports.payout.sheet_columns import ACCOUNT
from reports.payout.sheet_columns import COUNTED
from reports.payout.sheet_columns import ROLE
from reports.payout.sheet_columns import SheetColumns
from reports.pdf.amount_in_words import amount_in_words
from reports.pdf.fonts import require_glyphs
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.page_formats import MM
from reports.pdf.pagination import paginate
from reports.pdf.signed_document import SIGNATURE_BOXES
from reports.pdf.signed_document import Heading
from reports.pdf.signed_document import SignedDocument
from reports.pdf.table import Row
from reports.pdf.table import Table

# High enough for a signature by hand; twenty rows a page.
ROW_HEIGHT = 6.9 * MM


class PayoutSheet(Record):
    """One town's part of a batch."""

    heading: Heading
    town_name: str
    rows: Sequence[Instruction]
    columns: SheetColumns

    @property
    def amount_fen(self) -> int:
        """What the bank carries."""
        return sum(row.amount_fen for row in self.rows)


def write_payout_sheet(
    file: Path | BytesIO,
    sheet: PayoutSheet,
    *,
    boxes: Sequence[str] = SIGNATURE_BOXES,
    mask_identities: bool = True,
) -> int:
    """Write the sheet as a PDF and return its number of pages.

    Raises :class:`~reports.pdf.fonts.MissingGlyphs` for a text that the font cannot draw.
    """
    require_glyphs([*sheet.heading.texts(), *boxes, *_texts(sheet.rows)])
    frame = LANDSCAPE
    table = Table(sheet.columns.columns, left=frame.left, row_height=ROW_HEIGHT)
    rows = [
        _measure(table, sheet.columns, number, row, mask_identities)
        for number, row in enumerate(sheet.rows, 1)
    ]
    room = frame.body_height - table.header_height - ROW_HEIGHT
    pages = paginate([row.height for row in rows], room, room - ROW_HEIGHT)
    document = SignedDocument(file, sheet.heading, frame=frame, boxes=boxes, pages=len(pages))
    for page in pages:
        _draw_page(document, table, rows[page.start : page.stop], sheet, page)
    document.save()
    return len(pages)


def _texts(rows: Sequence[Instruction]) -> list[str]:
    return [
        text
        for row in rows
        for text in (row.legal_name, row.bank_name, row.role, row.area_name, row.bank)
    ]


def _measure(
    table: Table, columns: SheetColumns, number: int, row: Instruction, mask_identities: bool
) -> Row:
    texts = columns.texts(number, row, grouped, mask_identities=mask_identities)
    return table.measure((*texts, ""), notes_of(row))


def notes_of(row: Instruction) -> dict[int, str]:
    """What stands in small type, by column: the bank's spelling of a name where it differs, that a
    payment is made again because the bank returned it, and why an amount is not what its quantity
    comes to.
    """
    notes = {}
    if row.reissue:
        notes[ROLE] = "退回重发"
    if row.bank_name != row.legal_name:
        notes[ACCOUNT] = f"户名：{row.bank_name}"
    if row.quantity:
        counted_fen = Decimal(row.quantity) * row.rate_fen
        due_fen = row.gross_fen + row.deduction_fen
        if abs(counted_fen - due_fen) >= 1:
            notes[COUNTED] = "按最低额" if counted_fen < due_fen else "按最高额"
    return notes


def _draw_page(
    document: SignedDocument, table: Table, rows: Sequence[Row], sheet: PayoutSheet, page: range
) -> None:
    canvas = document.begin_page()
    top = document.frame.body_top
    body = table.draw_header(canvas, top)
    bottom = table.draw_rows(canvas, body, rows)
    table.draw_rules(canvas, top, bottom)
    columns, shown = sheet.columns, sheet.rows[page.start : page.stop]
    figures = columns.totals(shown, grouped)
    bottom = table.draw_total(canvas, bottom, f"本页小计：{len(page)} 人", figures, span=COUNTED)
    if page.stop == len(sheet.rows):
        label = f"合计：{len(sheet.rows):,} 人　　大写：{amount_in_words(sheet.amount_fen)}"
        figures = columns.totals(sheet.rows, grouped)
        bottom = table.draw_total(canvas, bottom, label, figures, span=COUNTED)
    table.draw_frame(canvas, top, bottom)
    document.end_page(bottom)
