"""How the lists that go to towns are laid out: widths, heights, and how they print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from importers.rosters.sheet_names import width_of

# Excel's number of the paper.
A4 = 9
POINTS_A_LINE = 15


def column_widths(lines: Sequence[Sequence[str]], *, narrowest: int, widest: int) -> list[int]:
    """Of the columns of these lines, in characters."""
    longest = (max(map(width_of, column)) + 2 for column in zip(*lines, strict=True))
    return [min(max(width, narrowest), widest) for width in longest]


def row_height(texts: Sequence[str], widths: Sequence[int]) -> int:
    """Of a row in points: not every program finds it by itself where text is wrapped."""
    wrapped = (-(-width_of(text) // (width - 2)) for text, width in zip(texts, widths, strict=True))
    return POINTS_A_LINE * max(1, *wrapped) + 3


def print_as_list(page: Any, header_row: int) -> None:
    """On A4 across, all columns on one sheet, with the headings on every one."""
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    page.fit_to_pages(1, 0)
    page.repeat_rows(header_row)
