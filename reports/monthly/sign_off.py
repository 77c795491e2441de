"""The box for what leaders decide (领导批示), and below it the boxes to sign in."""

from __future__ import annotations

from collections.abc import Sequence

from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import BOLD
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.text_fitting import paragraph

INSTRUCTION = "领导批示："
SIZE = 13.5
LEADING = 1.25
BOXES_HEIGHT = 18 * MM
LEAST_HEIGHT = BOXES_HEIGHT + 24 * MM
PADDING = 2 * MM


def draw_sign_off(canvas: PageCanvas, frame: Frame, top: float, boxes: Sequence[str]) -> None:
    """Both, from ``top`` to the frame's bottom: nothing can be added between."""
    middle = frame.bottom + (BOXES_HEIGHT if boxes else 0.0)
    canvas.text(frame.left + PADDING, top - PADDING - SIZE, INSTRUCTION, SIZE, BOLD)
    for place, label in enumerate(boxes):
        width = (frame.right - frame.left) / len(boxes)
        left = frame.left + place * width
        baseline = middle - PADDING - SIZE
        for line in paragraph(f"{label}：", (width - 2 * PADDING) / SIZE):
            canvas.text(left + PADDING, baseline, line, SIZE)
            baseline -= LEADING * SIZE
        if place:
            canvas.rule(left, middle, left, frame.bottom)
    if boxes:
        canvas.rule(frame.left, middle, frame.right, middle)
    canvas.frame(frame.left, top, frame.right, frame.bottom)
