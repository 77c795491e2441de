"""The list of what needs a decision: numbered items in a column, smaller before they overflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import drawable
from reports.pdf.page_formats import MM
from reports.pdf.text_fitting import paragraph
from reports.wording.open_matters import NOTHING
from reports.wording.open_matters import Item

# Points: the first size at which everything fits is taken.
SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
LEADING = 1.45
ITEM_GAP = 1.5 * MM
INDENT = 5.5 * MM


class SetItem(NamedTuple):
    """An item in lines that fit the column."""

    title: tuple[str, ...]
    detail: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        return (len(self.title) + len(self.detail)) * self.size * LEADING + ITEM_GAP


class OpenMatterList:
    """Items in a column of ``width`` points and at most ``height``.

    What does not fit at the smallest size is left over (:attr:`rest`) for a page of its own;
    ``least`` items are taken even if they do not fit.
    """

    def __init__(
        self, items: Sequence[Item], width: float, height: float, *, least: int = 0
    ) -> None:
        room = width - INDENT
        for size in SIZES:
            self.items = [_set(item, room, size) for item in items]
            if sum(item.height for item in self.items) <= height:
                break
        used = 0.0
        fitting = 0
        for item in self.items:
            used += item.height
            if used > height:
                break
            fitting += 1
        fitting = max(fitting, least)
        self.rest = list(items[fitting:])
        self.items = self.items[:fitting]

    def draw(self, canvas: PageCanvas, left: float, top: float, first: int = 1) -> float:
        """Draw the items, numbered from ``first``; returns their bottom."""
        if not self.items:
            size = SIZES[0]
            canvas.text(left, top - size * LEADING, NOTHING, size)
            return top - size * LEADING - ITEM_GAP
        for number, item in enumerate(self.items, first):
            baseline = top - item.size * (LEADING + 1) / 2
            canvas.text(left, baseline, f"{number}.", item.size, BOLD)
            for font, lines in ((BOLD, item.title), (REGULAR, item.detail)):
                for line in lines:
                    canvas.text(left + INDENT, baseline, line, item.size, font)
                    baseline -= item.size * LEADING
            top -= item.height
        return top


def _set(item: Item, room: float, size: float) -> SetItem:
    title = paragraph(drawable(item.title), room / size, BOLD)
    detail = paragraph(drawable(item.detail), room / size, REGULAR)
    return SetItem(tuple(title), tuple(detail), size)
