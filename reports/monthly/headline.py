"""The headline figures: what there is, what came, what was paid, what is left, and how far on."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from ledger.base.money import grouped
from ledger.figures.monthly_report import MonthlyReport
from reports.pdf.canvas import PageCanvas
from reports.pdf.colours import FAINT
from reports.pdf.colours import NAVY
from reports.pdf.colours import QUIET
from reports.pdf.colours import Colour
from reports.pdf.fonts import BOLD
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.text_fitting import shrunk
from reports.wording.figures import in_wan
from reports.wording.figures import percent

HEIGHT = 23 * MM
PADDING = 2.5 * MM
LABEL_SIZE = 9.0
FIGURE_SIZE = 14.0
SMALL_SIZE = 8.5
# From the top of the strip down to baselines.
LABEL_DOWN = 6 * MM
FIGURE_DOWN = 13.5 * MM
SMALL_DOWN = 19.5 * MM
# The last cell, with its two bars, is so much wider than the others.
RATES_SHARE = 1.25
BAR_HEIGHT = 1.6 * MM


class Figure(NamedTuple):
    """A sum in fen, what it is, and a remark below it."""

    label: str
    amount_fen: int
    remark: str = ""


def headline_figures(statement: MonthlyReport) -> list[Figure]:
    """The figures in their order."""
    total = statement.total
    received_fen = total.received_fen or 0
    figures = [
        Figure("预算总额", total.adjusted_fen),
        Figure("已到位", received_fen),
        Figure("已支付", total.project_fen),
        Figure("已列支未支付", total.unpaid_fen),
        Figure("结余", total.remaining_fen),
    ]
    if total.committed_fen:
        remark = (
            f"{in_wan(total.remaining_fen)} 万元，另合同占用 {in_wan(total.committed_fen)} 万元"
        )
        figures[-1] = figures[-1]._replace(remark=remark)
    return figures


def draw_headline(canvas: PageCanvas, frame: Frame, top: float, statement: MonthlyReport) -> float:
    """A strip over the whole width; returns its bottom."""
    figures = headline_figures(statement)
    width = (frame.right - frame.left) / (len(figures) + RATES_SHARE)
    bottom = top - HEIGHT
    left = frame.left
    for figure in figures:
        _draw_figure(canvas, left, top, width, figure)
        left += width
        canvas.rule(left, top, left, bottom)
    _draw_rates(canvas, left, top, frame.right - left, statement)
    canvas.frame(frame.left, top, frame.right, bottom)
    return bottom


def _draw_figure(canvas: PageCanvas, left: float, top: float, width: float, figure: Figure) -> None:
    room = width - 2 * PADDING
    left += PADDING
    canvas.text(left, top - LABEL_DOWN, f"{figure.label}（元）", LABEL_SIZE, colour=QUIET)
    amount = shrunk(grouped(figure.amount_fen), room, FIGURE_SIZE, BOLD)
    canvas.text(left, top - FIGURE_DOWN, amount.text, amount.size, BOLD)
    small = shrunk(figure.remark or f"{in_wan(figure.amount_fen)} 万元", room, SMALL_SIZE)
    canvas.text(left, top - SMALL_DOWN, small.text, small.size)


def _draw_rates(
    canvas: PageCanvas, left: float, top: float, width: float, statement: MonthlyReport
) -> None:
    """Paid of the budget beside the part of the year that is over, each as a bar too."""
    rates = (
        ("执行率", statement.total.rate, NAVY),
        ("序时进度", statement.time_gone, QUIET),
    )
    left += PADDING
    width -= 2 * PADDING
    for place, (label, rate, colour) in enumerate(rates):
        baseline = top - LABEL_DOWN - place * 10 * MM
        canvas.text(left, baseline, label, LABEL_SIZE, colour=QUIET)
        value = shrunk(percent(rate), width / 2, FIGURE_SIZE - 2, BOLD)
        canvas.text(left + width - value.width, baseline, value.text, value.size, BOLD)
        draw_share(canvas, left, baseline - 2 * MM, width, rate or Decimal(0), colour)


def draw_share(
    canvas: PageCanvas, left: float, top: float, width: float, share: Decimal, colour: Colour
) -> None:
    """A bar that is filled by the share; what is above the whole is not drawn."""
    filled = width * float(min(max(share, Decimal(0)), Decimal(1)))
    canvas.bar(left, top, left + width, top - BAR_HEIGHT, FAINT)
    canvas.bar(left, top, left + filled, top - BAR_HEIGHT, colour)
