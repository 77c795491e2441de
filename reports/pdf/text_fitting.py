"""Text in a cell: as large as fits, then smaller, then on several lines, never cut off."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from reports.pdf.fonts import BOLD
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import text_width
from reports.pdf.line_breaking import keeps_together
from reports.pdf.line_breaking import may_break

# Sizes in points. Below the floor a name is hard to read on a photocopy.
BODY_SIZE = 9.0
FLOOR_SIZE = 7.0
NOTE_SIZE = 6.0
LEADING = 1.15

# A name of the west breaks after the dot between its parts.
BREAK_AFTER = "·"
# Characters of a paragraph's last line.
LEAST_LAST = 4
# By which a text that must not take more lines gets smaller than its floor, in points.
STEP = 0.5
SMALLEST = 3.0


class Line(NamedTuple):
    """One line of text: its size and its width are in points."""

    text: str
    size: float
    width: float


def shrunk(text: str, width: float, size: float, font: str = REGULAR) -> Line:
    """The text on one line at ``size`` points, or at the size at which it fits ``width``."""
    ems = text_width(text, font)
    if ems * size > width:
        # Rounded down to a tenth, so that a page has few sizes.
        size = int(width / ems * 10) / 10
    return Line(text, size, ems * size)


@lru_cache(maxsize=1 << 14)
def fitted(
    text: str, width: float, size: float = BODY_SIZE, floor: float = FLOOR_SIZE, font: str = REGULAR
) -> tuple[Line, ...]:
    """The lines that hold the whole text in ``width`` points: none for an empty text.

    One line down to ``floor`` points, then as many lines as it takes at that size.
    """
    if not text:
        return ()
    line = shrunk(text, width, size, font)
    if line.size >= floor:
        return (line,)
    return tuple(
        Line(part, floor, text_width(part, font) * floor)
        for part in wrapped(text, width / floor, font)
    )


def fitted_within(
    text: str,
    width: float,
    *,
    most: int,
    size: float = BODY_SIZE,
    floor: float = FLOOR_SIZE,
    font: str = REGULAR,
) -> tuple[Line, ...]:
    """Like :func:`fitted`, in at most so many lines: where there is no room for more of them."""
    lines = fitted(text, width, size, floor, font)
    while len(lines) > most and floor > SMALLEST:
        floor -= STEP
        lines = fitted(text, width, size, floor, font)
    return lines


@lru_cache(maxsize=1 << 14)
def figure(
    text: str, width: float, size: float = BODY_SIZE, font: str = REGULAR
) -> tuple[Line, ...]:
    """A figure that stands on the right of ``width`` points: smaller if need be, never broken.

    The width of its line is such that points stand below one another, whatever the font and the
    size: yuan end where they do at ``size`` points, and fen begin there.
    """
    if not text:
        return ()
    if text[-3:-2] != ".":
        return (shrunk(text, width, size, font),)
    yuan_ems = text_width(text[:-3], font)
    # Of bold type in every line, as in totals: none reaches beyond its room.
    fen_width = text_width(text[-3:], BOLD) * size  # guard: points-aligned
    if yuan_ems * size > width - fen_width:
        size = int((width - fen_width) / yuan_ems * 10) / 10
    return (Line(text, size, yuan_ems * size + fen_width),)


def wrapped(text: str, width_ems: float, font: str = REGULAR) -> list[str]:
    """The text in as few parts of at most ``width_ems`` as it takes, of about equal length.

    A part has one character at least, however narrow the cell.
    """
    if not text:
        return []
    fewest = filled(text, width_ems, font)
    even = text_width(text, font) / len(fewest)
    while even < width_ems:
        parts = filled(text, even, font)
        if len(parts) == len(fewest):
            return parts
        even += 0.5
    return fewest


def filled(text: str, width_ems: float, font: str = REGULAR) -> list[str]:
    """The text in parts, each as full as it gets."""
    parts = []
    while text:
        end = _characters_that_fit(text, width_ems, font)
        if end < len(text):
            end = _good_break(text, end)
        parts.append(text[:end])
        text = text[end:]
    return parts


def paragraph(text: str, width_ems: float, font: str = REGULAR) -> list[str]:
    """The text in full lines, the last of which is not a character or two alone."""
    lines = filled(text, width_ems, font)
    narrower = width_ems
    while len(lines) > 1 and len(lines[-1]) < LEAST_LAST:
        narrower -= 0.5
        tighter = filled(text, narrower, font)
        if len(tighter) > len(lines):
            break
        lines = tighter
    return lines


def _characters_that_fit(text: str, width_ems: float, font: str) -> int:
    used = 0.0
    for count, character in enumerate(text):
        used += text_width(character, font)
        if used > width_ems and count:
            return count
    return len(text)


def _good_break(text: str, end: int) -> int:
    """A better place to break than ``end``: between words while the line is half full.

    Earlier where a number or word goes on at ``end`` that has room on a line of its own.
    """
    dot = text.rfind(BREAK_AFTER, 0, end) + 1
    if dot > end // 2 and may_break(text, dot):
        return dot
    for place in range(end, 0, -1):
        if place <= end // 2 and _word_end(text, end) - place > end:  # guard: number-not-torn
            break
        if may_break(text, place) and not keeps_together(text, place):
            return place
    for place in range(end, 0, -1):
        if may_break(text, place):
            return place
    return end


def _word_end(text: str, place: int) -> int:
    """Where what is together at ``place`` ends."""
    while place < len(text) and keeps_together(text, place):
        place += 1
    return place


def lines_height(lines: tuple[Line, ...]) -> float:
    """The height in points of lines set below one another."""
    return sum(line.size for line in lines) * LEADING
