"""The parts of a document one below the other, over as many pages as they take."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence

from ledger.base.records import Record
from reports.pdf.canvas import PageCanvas
from reports.pdf.signed_document import SignedDocument


class Part(Record):
    """A table with its title in the outline, which is not printed.

    ``pages`` are the rows on each page, the first of them on the page where the part before ends:
    no rows there if it begins on a page of its own. ``draw`` puts rows below a height, in points,
    and returns their bottom.
    """

    title: str
    pages: Sequence[range]
    draw: Callable[[PageCanvas, float, range], float]


def pages_of(parts: Sequence[Part]) -> int:
    """How many pages they take."""
    return 1 + sum(len(part.pages) - 1 for part in parts)


def draw_parts(document: SignedDocument, parts: Sequence[Part], *, gap: float) -> None:
    """Draw them and save the document; between two on the same page ``gap`` points are free.

    The first part is drawn even if it has no rows. A document of several parts has an outline.
    """
    top = document.frame.body_top
    drawn = [part for part in parts if part is parts[0] or any(part.pages)]
    canvas = document.begin_page()
    bottom = top
    for part in drawn:
        is_begun = False
        for place, rows in enumerate(part.pages):
            if place:
                document.end_page(bottom)
                canvas = document.begin_page()
            if not rows and part is not parts[0]:
                continue
            start = top if place or part is parts[0] else bottom - gap
            if not is_begun and len(drawn) > 1:
                document.bookmark(part.title, start)
            is_begun = True
            bottom = part.draw(canvas, start, rows)
    document.end_page(bottom)
    document.save()
