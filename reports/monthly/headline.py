"""The headline: from the budget to what is left of it, the bank account, and how far on."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from ledger.base.money import grouped
from ledger.figures.monthly_report import MonthlyReport
from reports.pdf.canvas import PageCanvas
from reports.pdf.colours import BLACK
from reports.pdf.colours import FAINT
from reports.pdf.colours import NAVY
from reports.pdf.colours import QUIET
from reports.pdf.colours import Colour
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import text_width
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.text_fitting import shrunk
from reports.wording.figures import in_wan
from reports.wording.figures import percent

SIZE = 13.5
ROW_HEIGHT = 6.9 * MM
HEAD_HEIGHT = 6.9 * MM
RATES_HEIGHT = 15 * MM
PADDING = 2 * MM
INDENT = 5 * MM
# Shares of the width at which the two amounts end.
YUAN_ENDS, WAN_ENDS = 0.78, 1.0
BAR_HEIGHT = 2.2 * MM
# From the middle of a row down to its baseline, as a share of the size.
DOWN = 0.37


class Figure(NamedTuple):
    """A sum in fen and what it is; a part of the one above it stands to the right."""

    label: str
    amount_fen: int
    is_part: bool = False


def headline_figures(statement: MonthlyReport) -> list[Figure]:
    """The figures in their order: each but the parts follows from those above it."""
    total, balance, money = statement.total, statement.balance, statement.money
    figures = [
        Figure("预算总额", total.adjusted_fen),
        Figure("其中：已到位", total.received_fen or 0, is_part=True),
        Figure("减：已支付", total.project_fen),
        Figure("减：已列支未支付", total.unpaid_fen),
    ]
    if total.committed_fen:
        figures.append(Figure("减：合同占用", total.committed_fen))
    taxes = [Figure("其中：待缴个人所得税", money.tax_due_fen, is_part=True)]
    return [
        *figures,
        Figure("结余（预算指标）", total.remaining_fen),
        Figure("其中：尚未到位", balance.undrawn_fen, is_part=True),
        Figure("其中：已到位可用", balance.spendable_fen, is_part=True),
        Figure("银行存款余额", money.bank_fen),
        Figure("其中：利息收入累计", money.interest_fen, is_part=True),
        Figure("其中：本月利息", money.month_interest_fen, is_part=True),
        Figure("其中：代发待扣款", money.promised_fen, is_part=True),
        *(taxes if money.tax_due_fen else []),
    ]


class Headline:
    """A table of the figures and a strip of the rates over the frame's width."""

    def __init__(self, frame: Frame, statement: MonthlyReport) -> None:
        self.frame = frame
        self.figures = headline_figures(statement)
        self.rates = (
            ("执行率", statement.total.rate, NAVY),
            ("序时进度", statement.time_gone, QUIET),
        )

    @property
    def height(self) -> float:
        return HEAD_HEIGHT + len(self.figures) * ROW_HEIGHT + RATES_HEIGHT

    def draw(self, canvas: PageCanvas, top: float) -> float:
        """Draw everything; returns its bottom."""
        frame = self.frame
        bottom = self._draw_row(canvas, top, ("项目", "元", "万元"), REGULAR, QUIET)
        for figure in self.figures:
            if not figure.is_part:
                canvas.rule(frame.left, bottom, frame.right, bottom)
            texts = (figure.label, grouped(figure.amount_fen), in_wan(figure.amount_fen))
            font = REGULAR if figure.is_part else BOLD
            indent = INDENT if figure.is_part else 0.0
            bottom = self._draw_row(canvas, bottom, texts, font, BLACK, indent)
        canvas.frame(frame.left, top, frame.right, bottom)
        return self._draw_rates(canvas, bottom)

    def _draw_row(
        self,
        canvas: PageCanvas,
        top: float,
        texts: tuple[str, str, str],
        font: str,
        colour: Colour,
        indent: float = 0.0,
    ) -> float:
        frame = self.frame
        baseline = top - ROW_HEIGHT / 2 - DOWN * SIZE
        label, *amounts = texts
        canvas.text(frame.left + PADDING + indent, baseline, label, SIZE, font, colour)
        for text, ends in zip(amounts, (YUAN_ENDS, WAN_ENDS), strict=True):
            right = frame.left + ends * (frame.right - frame.left) - PADDING
            width = text_width(text, font) * SIZE
            canvas.text(right - width, baseline, text, SIZE, font, colour)
        return top - ROW_HEIGHT

    def _draw_rates(self, canvas: PageCanvas, top: float) -> float:
        """Paid of the budget beside the part of the year that is over, each as a bar too."""
        frame = self.frame
        width = (frame.right - frame.left - 2 * PADDING) / 2
        baseline = top - 7 * MM
        for place, (label, rate, colour) in enumerate(self.rates):
            left = frame.left + place * (width + 2 * PADDING)
            canvas.text(left, baseline, label, SIZE, colour=QUIET)
            value = shrunk(percent(rate), width / 2, SIZE + 1.5, BOLD)
            canvas.text(left + width - value.width, baseline, value.text, value.size, BOLD)
            draw_share(canvas, left, baseline - 2.5 * MM, width, rate or Decimal(0), colour)
        return top - RATES_HEIGHT


def draw_share(
    canvas: PageCanvas, left: float, top: float, width: float, share: Decimal, colour: Colour
) -> None:
    """A bar that is filled by the share; what is above the whole is not drawn."""
    filled = width * float(min(max(share, Decimal(0)), Decimal(1)))
    canvas.bar(left, top, left + width, top - BAR_HEIGHT, FAINT)
    canvas.bar(left, top, left + filled, top - BAR_HEIGHT, colour)
