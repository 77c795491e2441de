"""The first page: how many counties, what there is, what to decide, where to sign."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence

from ledger.base.money import grouped
from ledger.province.consolidation import Consolidation
from ledger.province.matters import Matter
from reports.monthly.open_matter_list import OpenMatterList
from reports.monthly.sign_off import LEAST_HEIGHT as SIGN_OFF_HEIGHT
from reports.monthly.sign_off import draw_sign_off
from reports.monthly.summary_page import FRAME
from reports.monthly.summary_page import GAP
from reports.monthly.summary_page import SECTION_HEIGHT
from reports.monthly.summary_page import TEXT
from reports.monthly.summary_page import WIDTH
from reports.monthly.summary_page import draw_part
from reports.monthly.summary_page import foot_lines
from reports.monthly.summary_page import head_lines
from reports.monthly.summary_page import title_lines
from reports.pdf.canvas import PageCanvas
from reports.pdf.page_formats import MM
from reports.pdf.signed_document import SignedDocument
from reports.pdf.table import Column
from reports.pdf.table import Row
from reports.pdf.table import Table
from reports.wording.figures import in_wan
from reports.wording.province_matters import province_items

SUMMARY, MATTERS = "一、总体情况", "二、需要决策的事项"
ROW_HEIGHT = 6.9 * MM
AMOUNT, WAN = 52 * MM, 40 * MM


class FrontPages:
    """Everything measured before the first page is drawn. What does not fit goes on behind."""

    def __init__(
        self,
        consolidation: Consolidation,
        found: Sequence[Matter],
        boxes: Sequence[str],
        title: str,
        head: Sequence[str],
    ) -> None:
        self.boxes = boxes
        self.head = [*title_lines(title), *head_lines([*head, counties_text(consolidation)])]
        self.top = self.head[-1].baseline - 3 * MM
        columns = (
            Column("项目", WIDTH - AMOUNT - WAN, "left", TEXT),
            Column("元", AMOUNT, "right", TEXT),
            Column("万元", WAN, "right", TEXT),
        )
        self.table = Table(columns, left=FRAME.left, row_height=ROW_HEIGHT)
        self.rows = [self.table.measure(row) for row in money_rows(consolidation)]
        height = self.table.header_height + sum(row.height for row in self.rows)
        self.matters_top = self.top - SECTION_HEIGHT - height - GAP
        room = self.matters_top - SECTION_HEIGHT - SIGN_OFF_HEIGHT - GAP - FRAME.bottom
        self.matters = [OpenMatterList(province_items(found), WIDTH, room)]
        whole = self.top - SECTION_HEIGHT - FRAME.bottom
        while rest := self.matters[-1].rest:
            self.matters.append(OpenMatterList(rest, WIDTH, whole, least=1))

    @property
    def pages(self) -> int:
        return len(self.matters)

    def draw(self, document: SignedDocument) -> None:
        number = 1
        for place, matters in enumerate(self.matters):
            canvas = document.begin_page(FRAME, self.head)
            if place == 0:
                self._draw_money(canvas, draw_part(document, canvas, self.top, SUMMARY))
                top = draw_part(document, canvas, self.matters_top, MATTERS)
            else:
                top = draw_part(document, canvas, self.top, f"{MATTERS}（续）", named=False)
            bottom = matters.draw(canvas, FRAME.left, top, number)
            number += len(matters.items)
            if place == 0:
                draw_sign_off(canvas, FRAME, bottom - GAP, self.boxes)
            document.end_page(FRAME.bottom, signed=False, foot=foot_lines(document))

    def _draw_money(self, canvas: PageCanvas, top: float) -> None:
        rows: list[Row] = self.rows
        bottom = self.table.draw_header(canvas, top)
        bottom = self.table.draw_rows(canvas, bottom, rows)
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
