"""The common look of a workbook's sheets: styles, title, head lines, footer, how it prints."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import accumulate

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from ledger.base.money import yuan
from ledger.base.records import Record
from ledger.base.workbook_sheet import Sheet
from ledger.base.workbooks import A4
from ledger.model.seal import grouped_seal
from reports.pdf.provenance import provenance_text
from reports.pdf.qr_seal import qr_picture
from reports.pdf.qr_seal import seal_payload
from reports.pdf.signed_document import Heading

HEADER_ROW = 3
FIRST_ROW = HEADER_ROW + 1
MONEY = "#,##0.00"
COUNT = "#,##0"
TEXT = "@"
ROW_HEIGHT = 21
BOX_HEIGHT = 30
# About 20 mm, as on the printed sheets.
QR_SCALE = {"x_scale": 0.5, "y_scale": 0.5}
# Where the four texts of a head line begin, as shares of the width of all columns.
HEAD_SHARES = (0.0, 0.33, 0.64, 0.8)


class Styles(Record):
    """The formats of a workbook's cells."""

    title: Format
    plain: Format
    header: Format
    left: Format
    centre: Format
    number: Format
    count: Format
    money: Format
    total_text: Format
    total_word: Format
    total_count: Format
    total_money: Format
    box: Format


def make_styles(workbook: Workbook) -> Styles:
    """The formats, defined in the workbook once."""

    def style(**properties: object) -> Format:
        return workbook.add_format({"valign": "vcenter", "num_format": TEXT, **properties})

    count = {"num_format": COUNT, "align": "right"}
    money = {"num_format": MONEY, "align": "right"}
    return Styles(
        title=style(bold=True, font_size=16, align="center"),
        plain=style(shrink=True),
        header=style(bold=True, border=1, align="center", text_wrap=True),
        # Smaller rather than on two lines: rows keep the height that a signature needs.
        left=style(border=1, shrink=True),
        centre=style(border=1, align="center", shrink=True),
        number=style(border=1, num_format="0", align="center"),
        count=style(border=1, **count),
        money=style(border=1, **money),
        total_text=style(border=1, bold=True),
        total_word=style(border=1, bold=True, align="center"),
        total_count=style(border=1, bold=True, **count),
        total_money=style(border=1, bold=True, **money),
        box=style(border=1, shrink=True),
    )


class WorkbookPage:
    """One sheet of a workbook. Rows and columns count from 0."""

    def __init__(self, sheet: Sheet, styles: Styles, widths: Sequence[float]) -> None:
        self.sheet = sheet
        self.styles = styles
        self.widths = tuple(widths)
        sheet.set_default_row(ROW_HEIGHT)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    @property
    def last_column(self) -> int:
        return len(self.widths) - 1

    def set_up(self, heading: Heading, titles: Sequence[str]) -> None:
        """Title, head lines, the table's header; paper, footer and what repeats in print."""
        self._set_up_print(heading)
        self.sheet.set_row(0, 28)
        self.text(0, 0, heading.title, self.styles.title, until=self.last_column)
        seal = f"校验码：{grouped_seal(heading.seal)}"
        source = provenance_text(heading.provenance)
        first, second = heading.lines()
        for row, texts in ((1, (*first, seal)), (2, (*second, source))):
            for (start, end), text in zip(self._groups(HEAD_SHARES), texts, strict=True):
                self.text(row, start, text, self.styles.plain, until=end)
        self.sheet.set_row(HEADER_ROW, 24)
        for column, title in enumerate(titles):
            self.text(HEADER_ROW, column, title, self.styles.header)

    def _set_up_print(self, heading: Heading) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.6, right=0.4, top=0.5, bottom=0.7)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(FIRST_ROW, 0)
        sheet.repeat_rows(0, HEADER_ROW)
        batch = heading.batch.replace("&", "&&")
        seal = grouped_seal(heading.seal)
        source = provenance_text(heading.provenance)
        sheet.set_footer(f"&L校验码：{seal}　{source}&C第 &P 页 共 &N 页&R批次：{batch}")

    def _groups(self, shares: Sequence[float]) -> list[tuple[int, int]]:
        """The first and last column of each text that begins at a share of the whole width."""
        total = sum(self.widths)
        before = [0.0, *accumulate(self.widths)]
        starts = [0]
        for place, share in enumerate(shares[1:], 1):
            wanted = next(c for c, used in enumerate(before) if used >= share * total)
            latest = len(self.widths) - len(shares) + place
            starts.append(min(max(wanted, starts[-1] + 1), latest))
        ends = [start - 1 for start in starts[1:]] + [self.last_column]
        return list(zip(starts, ends, strict=True))

    def text(
        self, row: int, column: int, text: str, style: Format, *, until: int | None = None
    ) -> None:
        """A text, over the columns up to ``until``. Never a formula or a link."""
        if until is not None and until > column:
            self.sheet.merge_range(row, column, row, until, "", style)
        if text:
            self.sheet.write_string(row, column, text, style)
        else:
            self.sheet.write_blank(row, column, None, style)

    def count(self, row: int, column: int, number: int, style: Format) -> None:
        self.sheet.write_number(row, column, number, style)

    def money(self, row: int, column: int, amount_fen: int, style: Format) -> None:
        """An amount in yuan, as a number. A Decimal: a float would not be exact."""
        self.sheet.write_number(row, column, yuan(amount_fen), style)

    def sign(self, row: int, boxes: Sequence[str]) -> None:
        """The boxes to sign in, of about the same width."""
        self.sheet.set_row(row, BOX_HEIGHT)
        shares = [place / len(boxes) for place in range(len(boxes))]
        for (start, end), label in zip(self._groups(shares), boxes, strict=True):
            self.text(row, start, f"{label}：", self.styles.box, until=end)

    def draw_qr(self, row: int, heading: Heading) -> None:
        """The QR code of the sheet's batch, town and seal, below everything else."""
        payload = seal_payload(heading.batch, heading.town_code, heading.seal)
        picture = BytesIO(qr_picture(payload))
        options = {"image_data": picture, "object_position": 3, "description": payload}
        self.sheet.insert_image(row, 0, "seal.png", {**options, **QR_SCALE})
