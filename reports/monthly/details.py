"""The details behind the first page: parts below one another, over as many pages as they take."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple
from typing import Protocol

from reports.pdf.canvas import PageCanvas
from reports.pdf.colours import NAVY
from reports.pdf.fonts import BOLD
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.pagination import HAIR
from reports.pdf.signed_document import SignedDocument

TITLE_SIZE = 10.5
TITLE_HEIGHT = 7.5 * MM
# Between a part and the next.
GAP = 4 * MM
# So many rows of a part, or all of them, begin where the part begins.
LEAST_ROWS = 3


class Part(Protocol):
    """Rows under a head that comes again on each page; after the last row stands a tail.

    Heights are in points. ``draw`` puts rows below ``top``, the tail too if they are the last,
    and returns their bottom.
    """

    title: str
    frame: Frame

    @property
    def head_height(self) -> float: ...

    @property
    def heights(self) -> Sequence[float]: ...

    @property
    def tail_height(self) -> float: ...

    def draw(self, canvas: PageCanvas, top: float, rows: range) -> float: ...


class Piece(NamedTuple):
    """Rows of a part on one page, below ``top``; ``named`` where the part begins."""

    part: Part
    rows: range
    top: float
    named: bool


def laid_out(parts: Sequence[Part]) -> list[list[Piece]]:
    """The pieces of each page."""
    pages: list[list[Piece]] = []
    bottom = 0.0
    for part in parts:
        frame = part.frame
        if (
            pages
            and pages[-1][-1].part.frame == frame
            and bottom - GAP - frame.bottom > _least(part)
        ):
            top = bottom - GAP
        else:
            pages.append([])
            top = frame.body_top
        for piece in _pieces(part, top):
            if not piece.named:
                pages.append([])
            pages[-1].append(piece)
            bottom = piece.top - _height(piece)
    return pages


def _least(part: Part) -> float:
    """The room without which a part begins on another page."""
    rows = part.heights[:LEAST_ROWS]
    tail = part.tail_height if len(rows) == len(part.heights) else 0.0
    return TITLE_HEIGHT + part.head_height + sum(rows) + tail


def _pieces(part: Part, top: float) -> Iterator[Piece]:
    """The rows of a part page by page; the last row goes with the tail onto a new page."""
    heights, bottom = part.heights, part.frame.bottom
    start, named = 0, True
    room = top - bottom - TITLE_HEIGHT - part.head_height
    for place, height in enumerate(heights):
        is_last = place + 1 == len(heights)
        wanted = height + (part.tail_height if is_last else 0.0)
        if wanted > room + HAIR and place > start:
            yield Piece(part, range(start, place), top, named)
            start, named, top = place, False, part.frame.body_top
            room = top - bottom - TITLE_HEIGHT - part.head_height
        room -= height
    yield Piece(part, range(start, len(heights)), top, named)


def _height(piece: Piece) -> float:
    part, rows = piece.part, piece.rows
    tail = part.tail_height if rows.stop == len(part.heights) else 0.0
    return TITLE_HEIGHT + part.head_height + sum(part.heights[rows.start : rows.stop]) + tail


def draw_details(document: SignedDocument, pages: Sequence[Sequence[Piece]]) -> None:
    """Draw all pages."""
    for pieces in pages:
        canvas = document.begin_page(pieces[0].part.frame)
        for piece in pieces:
            title = piece.part.title if piece.named else f"{piece.part.title}（续）"
            baseline = piece.top - TITLE_HEIGHT + 2.2 * MM
            canvas.text(document.frame.left, baseline, title, TITLE_SIZE, BOLD, NAVY)
            if piece.named:
                document.bookmark(title, piece.top)
            piece.part.draw(canvas, piece.top - TITLE_HEIGHT, piece.rows)
        document.end_page(document.frame.bottom, signed=False)
