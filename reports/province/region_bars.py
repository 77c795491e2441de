"""How far regions are: budget, money received and money paid as bars, and the numbers beside."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ledger.province.consolidation import Consolidation
from ledger.province.consolidation import Sums
from ledger.province.consolidation import sums_of
from reports.pdf.canvas import PageCanvas
from reports.pdf.colours import BLUE
from reports.pdf.colours import NAVY
from reports.pdf.colours import PALE
from reports.pdf.colours import Colour
from reports.pdf.fonts import drawable
from reports.pdf.fonts import text_width
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import PORTRAIT
from reports.pdf.table import Column
from reports.pdf.table import Table
from reports.wording.figures import in_wan
from reports.wording.figures import percent

ROW_HEIGHT = 7.4 * MM
NAME, WAN, SHARE = 30 * MM, 22 * MM, 15 * MM
PADDING = 1.5 * MM
BAR_HEIGHT = 1.7 * MM
BAR_COLUMN = 1
LEGEND_HEIGHT = 6 * MM
LEGEND_SIZE = 8.5
BARS: tuple[tuple[str, Colour], ...] = (("预算", PALE), ("已到位", BLUE), ("已支付", NAVY))


class RegionBars:
    """A part of the details: a row a prefecture, or a county where all are of one prefecture."""

    frame = PORTRAIT
    tail_height = ROW_HEIGHT

    def __init__(self, title: str, consolidation: Consolidation) -> None:
        self.title = title
        self.regions = [
            (drawable(name or code), sums)
            for (code, name), sums in consolidation.prefectures.items()
        ]
        if len(self.regions) < 2:
            self.regions = [
                (drawable(county.figures.county_name), sums_of([county]))
                for county in consolidation.counties
            ]
        self.total = consolidation.total
        bar = self.frame.right - self.frame.left - NAME - 3 * WAN - SHARE
        columns = (
            Column("地区", NAME, "left"),
            Column("进度", bar, "left"),
            *(Column(f"{word}（万元）", WAN, "right") for word, _colour in BARS),
            Column("执行率", SHARE, "right"),
        )
        self.table = Table(columns, left=self.frame.left, row_height=ROW_HEIGHT)
        self.rows = [self.table.measure([name, "", *_texts(s)]) for name, s in self.regions]
        self.most_fen = max((max(_amounts(sums)) for _name, sums in self.regions), default=0)

    @property
    def head_height(self) -> float:
        return LEGEND_HEIGHT + self.table.header_height

    @property
    def heights(self) -> Sequence[float]:
        return [row.height for row in self.rows]

    def draw(self, canvas: PageCanvas, top: float, rows: range) -> float:
        top = self._draw_legend(canvas, top)
        bottom = self.table.draw_header(canvas, top)
        for place in rows:
            row = self.rows[place]
            self._draw_bars(canvas, bottom - row.height / 2, self.regions[place][1])
            bottom = self.table.draw_rows(canvas, bottom, [row])
        self.table.draw_rules(canvas, top, bottom)
        if rows.stop == len(self.rows):
            figures = dict(enumerate(_texts(self.total), BAR_COLUMN + 1))
            bottom = self.table.draw_total(canvas, bottom, "合计", figures, span=BAR_COLUMN + 1)
        self.table.draw_frame(canvas, top, bottom)
        return bottom

    def _draw_legend(self, canvas: PageCanvas, top: float) -> float:
        x, baseline = self.table.edges[0], top - 4 * MM
        for word, colour in BARS:
            canvas.bar(x, baseline + 6.5, x + 6 * MM, baseline - 0.5, colour)
            canvas.text(x + 7 * MM, baseline, word, LEGEND_SIZE)
            x += 11 * MM + text_width(word) * LEGEND_SIZE
        return top - LEGEND_HEIGHT

    def _draw_bars(self, canvas: PageCanvas, middle: float, sums: Sums) -> None:
        left = self.table.edges[BAR_COLUMN] + PADDING
        room = self.table.edges[BAR_COLUMN + 1] - PADDING - left
        top = middle + 1.5 * BAR_HEIGHT
        for (_word, colour), amount_fen in zip(BARS, _amounts(sums), strict=True):
            if amount_fen > 0:
                width = room * amount_fen / self.most_fen
                canvas.bar(left, top, left + width, top - BAR_HEIGHT + 0.6, colour)
            top -= BAR_HEIGHT


def _amounts(sums: Sums) -> tuple[int, int, int]:
    return sums.budget_fen, sums.received_fen, sums.paid_fen


def _texts(sums: Sums) -> list[str]:
    return [*map(in_wan, _amounts(sums)), rate_text(sums)]


def rate_text(sums: Sums) -> str:
    """Paid of the budget."""
    budget_fen = sums.budget_fen
    return percent(Decimal(sums.paid_fen) / budget_fen if budget_fen else None)
