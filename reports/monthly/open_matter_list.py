"""The list of what needs a decision: numbered items below one another, in one size."""

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

SIZE = 13.5
LEADING = 1.4
ITEM_GAP = 1.5 * MM
INDENT = 8 * MM


class SetItem(NamedTuple):
    """An item in lines that fit the column."""

    title: tuple[str, ...]
    detail: tuple[str, ...]

    @property
    def height(self) -> float:
        return (len(self.title) + len(self.detail)) * SIZE * LEADING + ITEM_GAP


class OpenMatterList:
    """Items in a column of ``width`` points and at most ``height``.

    What does not fit is left over (:attr:`rest`) for a page of its own; ``least`` items are taken
    even if they do not fit.
    """

    def __init__(
        self, items: Sequence[Item], width: float, height: float, *, least: int = 0
    ) -> None:
        set_items = [_set(item, width - INDENT) for item in items]
        used = 0.0
        fitting = 0
        for item in set_items:
            used += item.height
            if used > height:
                break
            fitting += 1
        fitting = max(fitting, least)
        self.rest = list(items[fitting:])
        self.items = set_items[:fitting]

    def draw(self, canvas: PageCanvas, left: float, top: float, first: int = 1) -> float:
        """Draw the items, numbered from ``first``; returns their bottom."""
        if not self.items and not self.rest:
            canvas.text(left, top - SIZE, NOTHING, SIZE)
            return top - SIZE * LEADING - ITEM_GAP
        for number, item in enumerate(self.items, first):
            baseline = top - SIZE
            canvas.text(left, baseline, f"{number}.", SIZE, BOLD)
            for font, lines in ((BOLD, item.title), (REGULAR, item.detail)):
                for line in lines:
                    canvas.text(left + INDENT, baseline, line, SIZE, font)
                    baseline -= SIZE * LEADING
            top -= item.height
        return top


def _set(item: Item, room: float) -> SetItem:
    title = paragraph(drawable(item.title), room / SIZE, BOLD)
    detail = paragraph(drawable(item.detail), room / SIZE, REGULAR)
    return SetItem(tuple(title), tuple(detail))
