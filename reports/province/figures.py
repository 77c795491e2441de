"""The figures of the first page: how many counties count, and what there is of money."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.base.money import grouped
from ledger.province.consolidation import Consolidation
from reports.monthly.summary_page import FRAME
from reports.monthly.summary_page import TEXT
from reports.monthly.summary_page import WIDTH
from reports.pdf.canvas import PageCanvas
from reports.pdf.page_formats import MM
from reports.pdf.table import Column
from reports.pdf.table import Table
from reports.wording.figures import in_wan

ROW_HEIGHT = 6.9 * MM
AMOUNT, WAN = 52 * MM, 40 * MM


class ProvinceFigures:
    """The sums of all counties that count, as a table over the frame's width."""

    def __init__(self, consolidation: Consolidation) -> None:
        columns = (
            Column("项目", WIDTH - AMOUNT - WAN, "left", TEXT),
            Column("元", AMOUNT, "right", TEXT),
            Column("万元", WAN, "right", TEXT),
        )
        self.table = Table(columns, left=FRAME.left, row_height=ROW_HEIGHT)
        self.rows = [self.table.measure(row) for row in money_rows(consolidation)]

    @property
    def height(self) -> float:
        return self.table.header_height + sum(row.height for row in self.rows)

    def draw(self, canvas: PageCanvas, top: float) -> None:
        bottom = self.table.draw_header(canvas, top)
        bottom = self.table.draw_rows(canvas, bottom, self.rows)
        self.table.draw_rules(canvas, top, bottom)
        self.table.draw_frame(canvas, top, bottom)


def counties_text(consolidation: Consolidation) -> str:
    """How many counties there are, and of how many nothing counts."""
    verified = sum(county.is_verified for county in consolidation.counties)
    said = len(consolidation.counties) - verified
    parts = [f"计入汇总 {len(consolidation.counties):,} 个县（账套已核 {verified:,} 个"]
    parts.append(f"，只报汇总数 {said:,} 个）" if said else "）")
    parts.append(f"，未通过 {len(consolidation.failed):,} 个")
    parts.append(f"，未上报 {len(consolidation.missing):,} 个")
    return "".join(parts)


def money_rows(consolidation: Consolidation) -> Iterator[tuple[str, str, str]]:
    """The sums of all counties that count."""
    total = consolidation.total
    rows = (
        ("预算总额", total.budget_fen),
        ("已到位", total.received_fen),
        ("已列支", total.accrued_fen),
        ("已支付", total.paid_fen),
        (f"代发中（{total.in_bank:,} 人）", total.in_bank_fen),
        (f"退回待重发（{total.returned:,} 人）", total.returned_fen),
        (f"银行答复不明（{total.unknown:,} 人）", total.unknown_fen),
        ("待缴个人所得税", total.tax_due_fen),
        ("银行存款", total.bank_fen),
        ("待核款项", total.suspense_fen),
    )
    for label, amount_fen in rows:
        yield label, grouped(amount_fen), in_wan(amount_fen)
