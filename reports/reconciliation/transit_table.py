"""Subsidies on their way (代发在途), batch by batch: what the office is asked about at the bank."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence

from ledger.bank.reconciliation import InTransit
from ledger.base.money import grouped
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import BOLD
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.pagination import paginate
from reports.pdf.table import Column
from reports.pdf.table import Table
from reports.pdf.text_fitting import BODY_SIZE

ROW_HEIGHT = 6.4 * MM
TITLE_HEIGHT = 7 * MM
TITLE = "附：代发在途款项（按发放批次，供核对，不参与调节）"
COLUMNS = (
    Column("发放批次", 40 * MM),
    Column("编制日期", 35 * MM),
    Column("批次状态", 60 * MM),
    Column("银行已扣款，尚未确认支付也未退款（元）", 68 * MM, "right"),
    Column("银行尚未扣款（元）", 68 * MM, "right"),
)
# 合计 stands over 发放批次, 编制日期 and 批次状态.
TOTAL_SPAN = 3


class TransitTable:
    """A row a batch, and their sums; ``state_words`` are the states of batches in Chinese."""

    def __init__(
        self, frame: Frame, batches: Sequence[InTransit], state_words: Mapping[str, str]
    ) -> None:
        self.frame = frame
        self.batches = batches
        self.table = Table(COLUMNS, left=frame.left, row_height=ROW_HEIGHT)
        self.rows = [self.table.measure(batch_texts(batch, state_words)) for batch in batches]

    def paginate(self, left_over: float) -> list[range]:
        """The rows on the page where ``left_over`` points are left, then on further pages.

        The table begins on a new page (the first range is empty) unless it fits whole.
        """
        heights = [row.height for row in self.rows]
        used = TITLE_HEIGHT + self.table.header_height + ROW_HEIGHT
        if not heights or sum(heights) + used <= left_over:
            return [range(len(heights))]
        room = self.frame.body_height - TITLE_HEIGHT - self.table.header_height
        return [range(0), *paginate(heights, room, room - ROW_HEIGHT)]

    def draw(self, canvas: PageCanvas, top: float, page: range) -> float:
        """Draw these rows under their title; returns the bottom."""
        table = self.table
        title = TITLE if page.start == 0 else f"{TITLE}（续）"
        canvas.text(self.frame.left, top - TITLE_HEIGHT + 2 * MM, title, BODY_SIZE, BOLD)
        top -= TITLE_HEIGHT
        bottom = table.draw_rows(
            canvas, table.draw_header(canvas, top), self.rows[page.start : page.stop]
        )
        table.draw_rules(canvas, top, bottom)
        if page.stop == len(self.rows):
            held = grouped(sum(batch.held_fen for batch in self.batches))
            promised = grouped(sum(batch.promised_fen for batch in self.batches))
            figures = dict(enumerate((held, promised), TOTAL_SPAN))
            bottom = table.draw_total(
                canvas, bottom, "合计", figures, span=TOTAL_SPAN, align="centre"
            )
        table.draw_frame(canvas, top, bottom)
        return bottom


def batch_texts(batch: InTransit, state_words: Mapping[str, str]) -> list[str]:
    """The cells of a batch."""
    return [
        batch.batch,
        batch.date.isoformat(),
        state_words[batch.state],
        grouped(batch.held_fen),
        grouped(batch.promised_fen),
    ]
