"""The bank reconciliation (银行存款余额调节表) on paper, to be signed."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from ledger.bank.reconciliation import Reconciliation
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.books.provenance import Provenance
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_SEAL
from reports.pdf.canvas import PageCanvas
from reports.pdf.flow import Part
from reports.pdf.flow import draw_parts
from reports.pdf.flow import pages_of
from reports.pdf.fonts import require_glyphs
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.signed_document import Heading
from reports.pdf.signed_document import SignedDocument
from reports.pdf.signed_document import chinese_date
from reports.pdf.text_fitting import BODY_SIZE
from reports.pdf.text_fitting import LEADING
from reports.pdf.text_fitting import wrapped
from reports.reconciliation.table import Sides
from reports.reconciliation.transit_table import TransitTable

TITLE = "银行存款余额调节表"
# Between a table and the words below it.
GAP = 3 * MM


class ReconciliationHeading(Heading, kw_only=True):
    """Of no batch, and so without a seal."""

    bank_name: str

    def lines(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        return (
            (f"编制单位：{self.unit}", f"开户银行：{self.bank_name}", "单位：元"),
            (f"账户户名：{self.unit}", "会计科目：1002 银行存款", f"截止日期：{self.period}"),
        )

    @property
    def document_title(self) -> str:
        return f"{self.title} {self.period}"

    def texts(self) -> list[str]:
        return [*super().texts(), self.bank_name]


class ReconciliationSheet(Record):
    """A reconciliation to be printed; ``state_words`` are the states of batches in Chinese."""

    unit: str
    provenance: Provenance
    record: Reconciliation
    state_words: Mapping[str, str]

    @property
    def heading(self) -> ReconciliationHeading:
        return ReconciliationHeading(
            title=TITLE,
            unit=self.unit,
            batch=NO_BATCH,
            on=self.record.as_of,
            period=chinese_date(self.record.as_of),
            seal=NO_SEAL,
            scope="",
            provenance=self.provenance,
            bank_name=self.record.bank_name,
        )


def write_reconciliation_sheet(
    path: Path, sheet: ReconciliationSheet, *, boxes: Sequence[str]
) -> int:
    """Write the reconciliation as a PDF and return its number of pages.

    Raises :class:`~reports.pdf.fonts.MissingGlyphs` for a text of the settings that the font
    cannot draw; in the bank's words and in entries a mark stands for such a character.
    """
    require_glyphs([*sheet.heading.texts(), *boxes])
    record = sheet.record
    frame = LANDSCAPE
    sides = Sides(frame, record)
    words = _Words(frame, remarks(record))
    transit = TransitTable(frame, record.in_transit, sheet.state_words)
    pages = sides.paginate(words.height)
    transit_pages = transit.paginate(sides.left_over(pages[-1]) - words.height - GAP)

    def draw_sides(canvas: PageCanvas, top: float, page: range) -> float:
        bottom = sides.draw(canvas, top, page)
        return words.draw(canvas, bottom) if page == pages[-1] else bottom

    parts = (
        Part("余额调节", pages, draw_sides),
        Part("代发在途款项", transit_pages, transit.draw),
    )
    document = SignedDocument(path, sheet.heading, frame=frame, boxes=boxes, pages=pages_of(parts))
    draw_parts(document, parts, gap=GAP)
    return document.pages


def remarks(record: Reconciliation) -> list[str]:
    """What the two sides say together, and what a reader has to know of them."""
    lines = [f"调节结果：{verdict(record)}"]
    if record.difference_fen and record.bank_opening_fen != record.books_opening_fen:
        opening = grouped(record.bank_opening_fen or 0)
        lines.append(
            f"第一笔银行流水（{chinese_date(record.first_line)}）之前，银行余额为 {opening} 元，"
            f"账面余额为 {grouped(record.books_opening_fen)} 元，请先核对期初余额。"
        )
    if record.bank_is_computed:
        lines.append("对账单最后几笔未列余额，银行余额按之前的余额和逐笔金额推算。")
    if record.bank_as_of < record.as_of:
        lines.append(
            f"已导入的对账单到{chinese_date(record.bank_as_of)}为止，"
            f"其后至{chinese_date(record.as_of)}的银行收支未经核对。"
        )
    if not record.in_transit:
        lines.append("代发在途款项：无。")
    elif any(batch.held_fen < 0 for batch in record.in_transit):
        lines.append("代发在途款项中的负数，是银行回盘已确认支付、对账单上尚未见扣款的金额。")
    return lines


def verdict(record: Reconciliation) -> str:
    """Whether books and bank agree, in a sentence."""
    if record.difference_fen is None:
        return (
            "对账单未列余额，无法核对。请向银行查询截止日余额；账实相符时应为 "
            f"{grouped(record.expected_bank_fen)} 元。"
        )
    if record.difference_fen == 0:
        return "调节后余额相符。"
    word = "多" if record.difference_fen > 0 else "少"
    amount = grouped(abs(record.difference_fen))
    return f"调节后余额不符，单位比银行{word} {amount} 元，须查明原因。"


class _Words:
    """Lines of text below the sides."""

    def __init__(self, frame: Frame, texts: Sequence[str]) -> None:
        self.left = frame.left
        width_ems = (frame.right - frame.left) / BODY_SIZE
        self.lines = [part for text in texts for part in wrapped(text, width_ems)]
        self.step = LEADING * BODY_SIZE + 1

    @property
    def height(self) -> float:
        return GAP + len(self.lines) * self.step

    def draw(self, canvas: PageCanvas, top: float) -> float:
        """Draw them; returns the bottom."""
        baseline = top - GAP
        for line in self.lines:
            baseline -= self.step
            canvas.text(self.left, baseline + 2, line, BODY_SIZE)
        return baseline
