"""The first page, for whoever has a telephone: what there is, what to decide, where to sign.

A4 shown 400 pixels wide has two thirds of a pixel a point: at :data:`TEXT` points a character is
nine pixels high, and nothing on these pages is smaller. What is to be decided goes on upon pages
that look alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from typing import Protocol

from reports.monthly.open_matter_list import OpenMatterList
from reports.monthly.sign_off import LEAST_HEIGHT as SIGN_OFF_HEIGHT
from reports.monthly.sign_off import draw_sign_off
from reports.pdf.canvas import PageCanvas
from reports.pdf.colours import NAVY
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import text_width
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.page_head import PlacedLine
from reports.pdf.provenance import provenance_text
from reports.pdf.signed_document import SignedDocument
from reports.pdf.text_fitting import Line
from reports.pdf.text_fitting import paragraph
from reports.pdf.text_fitting import shrunk
from reports.wording.open_matters import Item

SUMMARY, MATTERS = "一、总体情况", "二、需要决策的事项"
TEXT = 13.5
LEADING = 1.4
TITLE_SIZE = 22.0
SECTION_SIZE = 15.0
SECTION_HEIGHT = 9 * MM
# The foot has two lines below the frame.
FRAME = Frame(210 * MM, 297 * MM, 19 * MM, 199 * MM, 284 * MM, 22 * MM, (0, 0.5, 0.8))
WIDTH = FRAME.right - FRAME.left
GAP = 4 * MM


class Figures(Protocol):
    """What there is, as wide as the frame; of a ``height`` in points that is known beforehand."""

    @property
    def height(self) -> float: ...

    def draw(self, canvas: PageCanvas, top: float) -> object: ...


class SummaryPages:
    """Everything measured before the first page is drawn. What does not fit goes on behind."""

    def __init__(
        self,
        figures: Figures,
        items: Sequence[Item],
        boxes: Sequence[str],
        *,
        title: str,
        head: Sequence[str],
    ) -> None:
        self.boxes = boxes
        self.head = [*title_lines(title), *head_lines(head)]
        self.top = self.head[-1].baseline - 3 * MM
        self.figures = figures
        self.matters_top = self.top - SECTION_HEIGHT - figures.height - GAP
        room = self.matters_top - SECTION_HEIGHT - SIGN_OFF_HEIGHT - GAP - FRAME.bottom
        self.matters = [OpenMatterList(items, WIDTH, room)]
        whole = self.top - SECTION_HEIGHT - FRAME.bottom
        while rest := self.matters[-1].rest:
            self.matters.append(OpenMatterList(rest, WIDTH, whole, least=1))

    @property
    def pages(self) -> int:
        return len(self.matters)

    def draw(self, document: SignedDocument) -> None:
        number = 1
        for place, matters in enumerate(self.matters):
            canvas = document.begin_page(FRAME, self.head)
            if place == 0:
                top = self._draw_first(document, canvas)
            else:
                top = draw_part(document, canvas, self.top, f"{MATTERS}（续）", named=False)
            bottom = matters.draw(canvas, FRAME.left, top, number)
            number += len(matters.items)
            if place == 0:
                draw_sign_off(canvas, FRAME, bottom - GAP, self.boxes)
            document.end_page(FRAME.bottom, signed=False, foot=foot_lines(document))

    def _draw_first(self, document: SignedDocument, canvas: PageCanvas) -> float:
        """What stands above the matters; returns where they begin."""
        top = draw_part(document, canvas, self.top, SUMMARY)
        self.figures.draw(canvas, top)
        return draw_part(document, canvas, self.matters_top, MATTERS)


def draw_part(
    document: SignedDocument, canvas: PageCanvas, top: float, title: str, *, named: bool = True
) -> float:
    """The title of a part, with an entry in the outline; returns where its body begins."""
    baseline = top - SECTION_HEIGHT + 2.8 * MM
    canvas.text(document.frame.left, baseline, title, SECTION_SIZE, BOLD, NAVY)
    if named:
        document.bookmark(title, top)
    return top - SECTION_HEIGHT


def title_lines(title: str) -> Iterator[PlacedLine]:
    """The title in the middle of the first page."""
    line = shrunk(title, WIDTH, TITLE_SIZE, BOLD)
    yield PlacedLine(FRAME.left + (WIDTH - line.width) / 2, FRAME.top - TITLE_SIZE, line, BOLD)


def head_lines(texts: Sequence[str]) -> Iterator[PlacedLine]:
    """Lines below it, from left to right."""
    baseline = FRAME.top - TITLE_SIZE - 5 * MM
    for text in texts:
        for part in paragraph(text, WIDTH / TEXT):
            baseline -= TEXT * LEADING
            yield PlacedLine(FRAME.left, baseline, _line(part), REGULAR)


def _line(text: str) -> Line:
    return Line(text, TEXT, text_width(text) * TEXT)


def foot_lines(document: SignedDocument) -> list[PlacedLine]:
    """What proves the page and its number; below them, which books it is from."""
    baseline = FRAME.bottom - 5.5 * MM
    number = _line(document.number)
    source = _line(provenance_text(document.heading.provenance))
    return [
        PlacedLine(FRAME.left, baseline, _line(document.heading.foot), REGULAR),
        PlacedLine(FRAME.right - number.width, baseline, number, REGULAR),
        PlacedLine(FRAME.left, baseline - TEXT * LEADING, source, REGULAR),
    ]
