"""The foot of a page: what proves it on the left, its number, which books it is from on the right.

Lengths are in points.
"""

from __future__ import annotations

from reports.pdf.fonts import REGULAR
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.page_head import PlacedLine
from reports.pdf.text_fitting import shrunk

FOOT_SIZE = 8.0
# Below the frame.
FOOT_BASELINE = 4.5 * MM
# Between the number and what stands beside it.
GAP = 2 * MM


def lay_out_foot(frame: Frame, *, proof: str, number: str, source: str) -> list[PlacedLine]:
    """The three texts, each on one line, in the order in which they are drawn.

    The number stands in the middle; what has no room beside it gets smaller.
    """
    baseline = frame.bottom - FOOT_BASELINE
    middle = (frame.left + frame.right) / 2
    of_number = shrunk(number, frame.width, FOOT_SIZE)
    room = (frame.right - frame.left - of_number.width) / 2 - GAP
    of_proof = shrunk(proof, room, FOOT_SIZE)
    of_source = shrunk(source, room, FOOT_SIZE)
    return [
        PlacedLine(frame.left, baseline, of_proof, REGULAR),
        PlacedLine(middle - of_number.width / 2, baseline, of_number, REGULAR),
        PlacedLine(frame.right - of_source.width, baseline, of_source, REGULAR),
    ]
