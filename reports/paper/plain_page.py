"""The look of documents that are of no batch: as what is signed, but without seal and QR code.

Coordinates are points from the lower left corner.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from reports.paper.cells import BODY_SIZE
from reports.paper.cells import shrunk
from reports.paper.fonts import BOLD
from reports.paper.fonts import REGULAR
from reports.paper.fonts import register_fonts
from reports.paper.formats import MM
from reports.paper.formats import SIGNATURE_GAP
from reports.paper.formats import SIGNATURE_HEIGHT
from reports.paper.formats import Frame
from reports.paper.ink import Ink

# Page streams as they are compressed, not wrapped into ASCII: a fifth smaller, and quicker.
rl_config.useA85 = 0

TITLE_SIZE = 17.0
FOOT_SIZE = 8.0

HeadLine = tuple[str, str, str]


@dataclass(frozen=True)
class PlainHeading:
    """What every page says of itself: the title, and three texts on each of two lines below it.

    ``on`` is the day as of which the document speaks; the file is dated with it.
    """

    title: str
    unit: str
    on: datetime.date
    subject: str
    lines: tuple[HeadLine, HeadLine]

    def texts(self) -> list[str]:
        """Every text that is not the program's own."""
        return [self.title, self.unit, self.subject, *self.lines[0], *self.lines[1]]


class PlainDocument:
    """A PDF whose pages all carry title, head lines, signature boxes and page number.

    The same input gives the same bytes: the document is dated with its day, not by a clock.
    """

    def __init__(
        self, path: Path, heading: PlainHeading, *, frame: Frame, boxes: Sequence[str], pages: int
    ) -> None:
        register_fonts()
        self.heading = heading
        self.frame = frame
        self.boxes = tuple(boxes)
        self.pages = pages
        self.page_number = 0
        self.canvas = Canvas(
            str(path),
            pagesize=(frame.width, frame.height),
            pageCompression=1,
            invariant=1,
            initialFontName=REGULAR,
            lang="zh-CN",
        )
        self._describe()
        self._ink = Ink(self.canvas)

    def _describe(self) -> None:
        heading = self.heading
        self.canvas.setTitle(f"{heading.title} {heading.subject}")
        self.canvas.setAuthor(heading.unit)
        self.canvas.setSubject(heading.subject)
        self.canvas.setCreator("census-ledger")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        day = heading.on
        created = f"D:{day.year:04d}{day.month:02d}{day.day:02d}000000+08'00'"
        self.canvas.setDateFormatter(lambda *_clock: created)

    def begin_page(self) -> Ink:
        """A new page with its title and head lines."""
        self.page_number += 1
        frame = self.frame
        ink = self._ink
        width = frame.right - frame.left
        title = shrunk(self.heading.title, width, TITLE_SIZE, BOLD)
        start = frame.left + (width - title.width) / 2
        ink.text(start, frame.top - 7.5 * MM, title.text, title.size, BOLD)
        for row, texts in enumerate(self.heading.lines):
            self._draw_head_line(ink, frame.body_top + (7.2 - 5 * row) * MM, texts)
        return ink

    def _draw_head_line(self, ink: Ink, baseline: float, texts: HeadLine) -> None:
        left, right = self.frame.left, self.frame.right
        starts = [left + share * (right - left) for share in self.frame.head_columns]
        for text, start, end in zip(texts, starts, [*starts[1:], right + 2 * MM], strict=True):
            line = shrunk(text, end - start - 2 * MM, BODY_SIZE)
            ink.text(start, baseline, line.text, line.size)

    def end_page(self, table_bottom: float) -> None:
        """Signature boxes close under the table, so that nothing can be added between."""
        frame = self.frame
        ink = self._ink
        self._draw_boxes(ink, table_bottom - SIGNATURE_GAP)
        number = shrunk(f"第 {self.page_number} 页 共 {self.pages} 页", frame.width, FOOT_SIZE)
        start = (frame.left + frame.right - number.width) / 2
        ink.text(start, frame.bottom - 4.5 * MM, number.text, number.size)
        ink.finish_page()
        self.canvas.showPage()

    def _draw_boxes(self, ink: Ink, top: float) -> None:
        frame = self.frame
        width = (frame.right - frame.left) / len(self.boxes)
        bottom = top - SIGNATURE_HEIGHT
        for place, label in enumerate(self.boxes):
            left = frame.left + place * width
            line = shrunk(f"{label}：", width * 0.6, BODY_SIZE)
            ink.text(left + 1.5 * MM, top - SIGNATURE_HEIGHT / 2 - 3, line.text, line.size)
            if place:
                ink.rule(left, top, left, bottom)
        ink.frame(frame.left, top, frame.right, bottom)

    def save(self) -> None:
        self.canvas.save()
