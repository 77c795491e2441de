"""Which rows of a table go onto which page."""

from __future__ import annotations

from collections.abc import Sequence

# Heights are sums of points: without a hair of tolerance a full page would lose its last row.
HAIR = 0.01


def paginate(heights: Sequence[float], room: float, last_room: float) -> list[range]:
    """The rows of each page: ``room`` points for them, ``last_room`` on the last.

    There is always a last page, even of no rows. A row higher than a page has one to itself.
    """
    pages = []
    start = 0
    used = 0.0
    for place, height in enumerate(heights):
        if place > start and used + height > room + HAIR:
            pages.append(range(start, place))
            start, used = place, 0.0
        used += height
    end = len(heights)
    if used > last_room + HAIR and end - start > 1:
        # The totals need more room than is left: the last row goes with them onto a new page.
        pages.append(range(start, end - 1))
        start = end - 1
    pages.append(range(start, end))
    return pages
