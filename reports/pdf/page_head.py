"""Title and head lines, laid out once for all pages of a document. Lengths are in points."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import text_width
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.text_fitting import BODY_SIZE
from reports.pdf.text_fitting import FLOOR_SIZE
from reports.pdf.text_fitting import LEADING
from reports.pdf.text_fitting import Line
from reports.pdf.text_fitting import fitted_within

TITLE_SIZE = 17.0
# Below this a title takes two lines.
TITLE_FLOOR = 13.0
MOST_LINES = 2
# From the top of the frame down to the baseline of a title, and to the middle of two baselines.
TITLE_BASELINE = 7.5 * MM
TITLE_MIDDLE = 6.15 * MM
TITLE_LEADING = 1.2
# From where tables begin up to the baselines of the head lines.
HEAD_BASELINES = (7.2 * MM, 2.2 * MM)
# The same for texts on two lines: of the lowest line, and from each to the one above it.
LOWEST_BASELINE = 1.6 * MM
LINE_STEP = LEADING * FLOOR_SIZE
# Between a text of a head line and the next.
GAP = 2 * MM


class PlacedLine(NamedTuple):
    """A line of text and where it stands."""

    x: float
    baseline: float
    line: Line
    font: str


def draw_lines(canvas: PageCanvas, lines: Iterable[PlacedLine]) -> None:
    """The lines in their order."""
    for font, some in groupby(lines, key=attrgetter("font")):
        canvas.texts([(x, baseline, one.text, one.size) for x, baseline, one, _font in some], font)


def lay_out_title(frame: Frame, title: str, clear: float) -> list[PlacedLine]:
    """The title in the middle of the page, which must not reach beyond ``clear`` on the right."""
    middle = (frame.left + frame.right) / 2
    lines = fitted_within(
        title,
        2 * (clear - middle),
        most=MOST_LINES,
        size=TITLE_SIZE,
        floor=TITLE_FLOOR,
        font=BOLD,
    )
    baseline = frame.top - TITLE_BASELINE
    step = TITLE_LEADING * max((line.size for line in lines), default=0.0)
    if len(lines) > 1:
        baseline = frame.top - TITLE_MIDDLE + (len(lines) - 1) / 2 * step
    return [
        PlacedLine(middle - line.width / 2, baseline - place * step, line, BOLD)
        for place, line in enumerate(lines)
    ]


def lay_out_head(
    frame: Frame, rows: Sequence[tuple[str, str, str]], right: float
) -> list[PlacedLine]:
    """The two head lines, of three texts each, between the frame's left and ``right``.

    Columns begin at the frame's shares while the texts have room there, else where the texts
    want them. Texts that are too long for the line all get smaller together; where even the
    smallest size is too large, they take two lines.
    """
    edges, size = _columns(frame, rows, right - frame.left)
    cells = [
        [
            fitted_within(text, end - start - GAP, most=MOST_LINES, size=size)
            for text, start, end in zip(row, edges, edges[1:], strict=False)
        ]
        for row in rows
    ]
    placed = []
    for row, baseline in zip(cells, _baselines(frame, cells), strict=True):
        for lines, start in zip(row, edges, strict=False):
            placed += [
                PlacedLine(frame.left + start, baseline - place * LINE_STEP, line, REGULAR)
                for place, line in enumerate(lines)
            ]
    return placed


def _columns(
    frame: Frame, rows: Sequence[tuple[str, str, str]], width: float
) -> tuple[list[float], float]:
    """The edges of the columns from 0 to the width with the last gap, and the texts' size."""
    usual = [share * width for share in frame.head_columns] + [width + GAP]
    ems = [max(text_width(row[column]) for row in rows) for column in range(3)]
    wanted = [em * BODY_SIZE + GAP for em in ems]
    if all(want <= b - a for want, a, b in zip(wanted, usual, usual[1:], strict=False)):
        return usual, BODY_SIZE
    room = width - 2 * GAP
    size = min(BODY_SIZE, max(FLOOR_SIZE, int(room / sum(ems) * 10) / 10))
    widths = _shared([em * size for em in ems], room)
    spare = (room - sum(widths)) / len(widths)
    edges = [0.0]
    for column in widths:
        edges.append(edges[-1] + column + spare + GAP)
    return edges, size


def _shared(wanted: Sequence[float], room: float) -> list[float]:
    """The widths that are wanted; where there is no room for all, the wide ones give way."""
    if sum(wanted) <= room:
        return list(wanted)
    modest = [width for width in wanted if width <= room / len(wanted)]
    factor = (room - sum(modest)) / (sum(wanted) - sum(modest))
    return [width if width in modest else width * factor for width in wanted]


def _baselines(frame: Frame, cells: Sequence[Sequence[tuple[Line, ...]]]) -> list[float]:
    """The baseline of the first line of each row, from the upper to the lower."""
    heights = [max(len(lines) for lines in row) for row in cells]
    if max(heights) <= 1:
        return [frame.body_top + up for up in HEAD_BASELINES]
    baselines = []
    up = frame.body_top + LOWEST_BASELINE
    for height in reversed(heights):
        up += (height - 1) * LINE_STEP
        baselines.append(up)
        up += LINE_STEP
    return baselines[::-1]
