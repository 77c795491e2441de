"""The parts of a statement: their numbered titles, which also make its outline."""

from __future__ import annotations

from reports.pdf.canvas import PageCanvas
from reports.pdf.colours import NAVY
from reports.pdf.fonts import BOLD
from reports.pdf.page_formats import MM
from reports.pdf.signed_document import SignedDocument

TITLE_SIZE = 10.5
SECTION_HEIGHT = 7.5 * MM
# Between two parts one below the other, and side by side.
GAP = 4 * MM


def draw_title(
    document: SignedDocument,
    canvas: PageCanvas,
    left: float,
    top: float,
    title: str,
    *,
    goes_on: bool = False,
) -> float:
    """The title of a part with its entry in the outline; returns where the part's body begins.

    ``goes_on``: the part was begun on a page before, and is in the outline already.
    """
    baseline = top - SECTION_HEIGHT + 2.2 * MM
    canvas.text(left, baseline, f"{title}（续）" if goes_on else title, TITLE_SIZE, BOLD, NAVY)
    if not goes_on:
        document.bookmark(title, top)
    return top - SECTION_HEIGHT
