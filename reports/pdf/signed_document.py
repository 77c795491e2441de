"""The common look of what is signed: A4, title, head lines, signature boxes, page number, seal.

Drawn on ReportLab's canvas directly: its tables cost six times as much. Coordinates are
points from the lower left corner.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from ledger.base.records import Record
from ledger.books.provenance import Provenance
from ledger.model.ids import NO_TOWN
from ledger.model.ids import BatchId
from ledger.model.ids import Seal
from ledger.model.ids import TownCode
from ledger.model.seal import grouped_seal
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import register_fonts
from reports.pdf.page_foot import lay_out_foot
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import SIGNATURE_GAP
from reports.pdf.page_formats import SIGNATURE_HEIGHT
from reports.pdf.page_formats import Frame
from reports.pdf.page_head import PlacedLine
from reports.pdf.page_head import draw_lines
from reports.pdf.page_head import lay_out_head
from reports.pdf.page_head import lay_out_title
from reports.pdf.provenance import provenance_text
from reports.pdf.qr_seal import define_qr
from reports.pdf.qr_seal import seal_payload
from reports.pdf.table import MIDDLE_TO_BASELINE
from reports.pdf.text_fitting import LEADING
from reports.pdf.text_fitting import fitted_within
from reports.pdf.text_fitting import lines_height

# Page streams as they are compressed, not wrapped into ASCII: a fifth smaller, and quicker.
rl_config.useA85 = 0

SIGNATURE_BOXES = ("制表", "复核", "负责人", "领款单位")

QR_SIDE = 20 * MM
QR_FORM = "seal"
# Of a signature box, at most so much is its label.
LABEL_SHARE = 0.5
LABEL_LINES = 2


class Heading(Record):
    """What every page says of itself: three texts on each of two lines below the title.

    ``town_code`` is empty on a document of the whole batch. ``seal`` is 16 hex digits, empty on a
    document that is of no batch: then there is no QR code either. ``provenance`` says which books
    the paper is from.
    """

    title: str
    unit: str
    batch: BatchId
    on: datetime.date
    period: str
    seal: Seal
    scope: str
    provenance: Provenance
    town_code: TownCode = NO_TOWN

    def lines(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        return (
            (f"编制单位：{self.unit}", f"镇（街道）：{self.scope}", "单位：元"),
            (
                f"发放批次：{self.batch}",
                f"补助期间：{self.period}",
                f"日期：{chinese_date(self.on)}",
            ),
        )

    @property
    def document_title(self) -> str:
        """The title with what tells this document from the batch's others."""
        scope = f" {self.scope}" if self.town_code else ""
        return f"{self.title}{scope} {self.batch}"

    @property
    def foot(self) -> str:
        """What stands on the left below every page: what the paper is proven by."""
        return f"校验码：{grouped_seal(self.seal)}" if self.seal else ""

    def texts(self) -> list[str]:
        """Every text that is not the program's own."""
        return [self.title, self.unit, self.batch, self.period, self.scope]


def chinese_date(day: datetime.date) -> str:
    """``2020年11月10日``. Not by strftime: its Chinese depends on the system's locale."""
    return f"{day.year}年{day.month}月{day.day}日"


class SignedDocument:
    """A PDF whose pages all carry title, head lines, signature boxes, page number and seal.

    The same input gives the same bytes: the document is dated with its batch, not by a clock.
    """

    def __init__(
        self,
        file: Path | BytesIO,
        heading: Heading,
        *,
        frame: Frame,
        boxes: Sequence[str],
        pages: int,
    ) -> None:
        register_fonts()
        self.heading = heading
        self.frame = frame
        self.boxes = tuple(boxes)
        self.pages = pages
        self.page_number = 0
        self.parts = 0
        self.canvas = Canvas(
            file if isinstance(file, BytesIO) else str(file),
            pagesize=(frame.width, frame.height),
            pageCompression=1,
            invariant=1,
            initialFontName=REGULAR,
            lang="zh-CN",
        )
        self._describe()
        if heading.seal:
            payload = seal_payload(heading.batch, heading.town_code, heading.seal)
            define_qr(self.canvas, QR_FORM, payload, QR_SIDE)
        self._page_canvas = PageCanvas(self.canvas)
        self._source = provenance_text(heading.provenance)
        self._heads: dict[Frame, list[PlacedLine]] = {}

    def _head(self) -> list[PlacedLine]:
        """The title and head lines of pages like this one."""
        frame, heading = self.frame, self.heading
        if frame not in self._heads:
            clear = frame.right - (QR_SIDE if heading.seal else 0)
            self._heads[frame] = [
                *lay_out_title(frame, heading.title, clear),
                *lay_out_head(frame, heading.lines(), clear - 2 * MM),
            ]
        return self._heads[frame]

    def _describe(self) -> None:
        heading = self.heading
        self.canvas.setTitle(heading.document_title)
        self.canvas.setAuthor(heading.unit)
        self.canvas.setSubject(f"{heading.batch} {heading.period}".strip())
        self.canvas.setKeywords(heading.seal)
        self.canvas.setCreator("census-ledger")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        day = heading.on
        created = f"D:{day.year:04d}{day.month:02d}{day.day:02d}000000+08'00'"
        self.canvas.setDateFormatter(lambda *_clock: created)

    def begin_page(
        self, frame: Frame | None = None, head: Sequence[PlacedLine] | None = None
    ) -> PageCanvas:
        """A new page with its title, head lines and QR code.

        ``frame`` is another for this page and those after it, ``head`` one of its own.
        """
        self.page_number += 1
        if frame is not None and frame != self.frame:
            self.frame = frame
            self.canvas.setPageSize((frame.width, frame.height))
        canvas = self._page_canvas
        draw_lines(canvas, self._head() if head is None else head)
        if self.heading.seal:
            self._draw_qr()
        return canvas

    def _draw_qr(self) -> None:
        frame = self.frame
        self.canvas.saveState()
        # The quiet zone may stand in the margin, the code itself ends with the table.
        self.canvas.translate(frame.right - QR_SIDE + 1.9 * MM, frame.body_top + 0.2 * MM)
        self.canvas.doForm(QR_FORM)
        self.canvas.restoreState()

    def bookmark(self, title: str, top: float) -> None:
        """An entry of the document's outline: a part that begins at ``top`` on this page."""
        self.parts += 1
        key = f"part-{self.parts}"
        self.canvas.bookmarkHorizontal(key, 0, top)
        self.canvas.addOutlineEntry(title, key)

    @property
    def number(self) -> str:
        """Which page this is, and of how many."""
        return f"第 {self.page_number} 页 共 {self.pages} 页"

    def end_page(
        self,
        table_bottom: float,
        *,
        signed: bool = True,
        foot: Sequence[PlacedLine] | None = None,
    ) -> None:
        """Signature boxes close under the table, so that nothing can be added between.

        A page that is not ``signed`` has none; ``foot`` is one of its own.
        """
        canvas = self._page_canvas
        if signed:
            self._draw_boxes(canvas, table_bottom - SIGNATURE_GAP)
        if foot is None:
            foot = lay_out_foot(
                self.frame,
                proof=self.heading.foot,
                number=self.number,
                source=self._source,
            )
        draw_lines(canvas, foot)
        canvas.finish_page()
        self.canvas.showPage()

    def _draw_boxes(self, canvas: PageCanvas, top: float) -> None:
        frame = self.frame
        if not self.boxes:
            return
        width = (frame.right - frame.left) / len(self.boxes)
        bottom = top - SIGNATURE_HEIGHT
        for place, label in enumerate(self.boxes):
            left = frame.left + place * width
            room = width * LABEL_SHARE
            lines = fitted_within(f"{label}：", room, most=LABEL_LINES)
            middle = (top + bottom + lines_height(lines)) / 2
            for line in lines:
                middle -= LEADING * line.size / 2
                baseline = middle - MIDDLE_TO_BASELINE * line.size
                canvas.text(left + 1.5 * MM, baseline, line.text, line.size)
                middle -= LEADING * line.size / 2
            if place:
                canvas.rule(left, top, left, bottom)
        canvas.frame(frame.left, top, frame.right, bottom)

    def save(self) -> None:
        self.canvas.save()
