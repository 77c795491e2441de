"""The summary sheet (发放汇总表) of a batch: towns, funds, bank files, to be signed."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.model.ids import FundCode
from ledger.model.instructions import Instruction
from reports.payout.batch_summary import Share
from reports.payout.batch_summary import TownShare
from reports.payout.batch_summary import by_bank_file
from reports.payout.batch_summary import by_fund
from reports.payout.batch_summary import by_town
from reports.payout.batch_summary import reissued
from reports.payout.share_tables import ShareTables
from reports.pdf.amount_in_words import amount_in_words
from reports.pdf.canvas import PageCanvas
from reports.pdf.flow import Part
from reports.pdf.flow import draw_parts
from reports.pdf.flow import pages_of
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import require_glyphs
from reports.pdf.fonts import text_width
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import PORTRAIT
from reports.pdf.page_formats import Frame
from reports.pdf.pagination import paginate
from reports.pdf.signed_document import SIGNATURE_BOXES
from reports.pdf.signed_document import Heading
from reports.pdf.signed_document import SignedDocument
from reports.pdf.table import PADDING
from reports.pdf.table import Column
from reports.pdf.table import Row
from reports.pdf.table import Table
from reports.pdf.text_fitting import BODY_SIZE

NO_BANK_FILE = "未列入银行文件"

TOWN_COLUMNS = (
    Column("序号", 9 * MM),
    Column("代码", 22 * MM),
    Column("镇（街道）", 27 * MM),
)
PEOPLE = Column("人数", 15 * MM, "right")
ROLE_CHARACTER = 4 * MM
# The label 合计 stands over 序号, 代码 and 镇（街道）.
TOTAL_SPAN = 3
# More funds than this, with two roles, do not fit beside each other on an upright page.
PORTRAIT_FUNDS = 3
ROW_HEIGHT = 6.9 * MM
# Every town of a county still on one page when it lies on its side.
LOW_ROW_HEIGHT = 5.9 * MM
GAP = 6 * MM


class SummarySheet(Record, dict=True):
    """A whole batch. ``funds`` gives the names of fund codes, in the order of the rules, ``roles``
    those of the programme.
    """

    heading: Heading
    rows: Sequence[Instruction]
    funds: Mapping[FundCode, str]
    roles: Sequence[str]

    @cached_property
    def columns(self) -> list[Column]:
        """The columns of the table of towns but for the funds: a role that the programme has no
        more stands there as well while somebody of it is paid.
        """
        roles = [
            Column(role, max(PEOPLE.width, len(role) * ROLE_CHARACTER), "right")
            for role in self.all_roles
        ]
        return [*TOWN_COLUMNS, *roles, PEOPLE]

    @cached_property
    def all_roles(self) -> list[str]:
        return list(dict.fromkeys([*self.roles, *(row.role for row in self.rows)]))

    @property
    def amount_fen(self) -> int:
        return sum(row.amount_fen for row in self.rows)

    @cached_property
    def towns(self) -> list[TownShare]:
        return by_town(self.rows)

    @cached_property
    def fund_shares(self) -> dict[FundCode, Share]:
        return by_fund(self.rows, self.funds)

    @cached_property
    def bank_files(self) -> list[Share]:
        return [
            Share(share.name or NO_BANK_FILE, share.people, share.amount_fen)
            for share in by_bank_file(self.rows)
        ]

    @property
    def words(self) -> str:
        """The amount in words, what was taken off and withheld before, and how much of it is paid
        for the second time.
        """
        text = f"金额大写：{amount_in_words(self.amount_fen)}"
        off_fen, tax_fen = self.deduction_fen, self.tax_fen
        if self.is_reduced:
            figures = [f"应发 {grouped(self.amount_fen + tax_fen + off_fen)} 元"]
            figures += [f"扣减 {grouped(off_fen)} 元"] if off_fen else []
            figures += [f"代扣个人所得税 {grouped(tax_fen)} 元"] if tax_fen else []
            text += f"（实发；{'，'.join(figures)}）"
        again = reissued(self.rows)
        if again.people:
            text += f"（其中退回重发 {again.people:,} 人 {grouped(again.amount_fen)} 元）"
        return text

    @cached_property
    def tax_fen(self) -> int:
        """What is withheld of all."""
        return sum(row.tax_fen for row in self.rows)

    @cached_property
    def deduction_fen(self) -> int:
        """What is taken off all."""
        return sum(row.deduction_fen for row in self.rows)

    @property
    def is_reduced(self) -> bool:
        """Whether the bank carries less than what is due."""
        return bool(self.deduction_fen or self.tax_fen)

    @property
    def funds_beside(self) -> list[FundCode]:
        """The funds that have a column: of one alone it would say again what is sent."""
        alone = self.is_reduced and len(self.fund_shares) == 1
        return [] if alone else list(self.fund_shares)

    @property
    def amount_titles(self) -> list[str]:
        """The headings of the amounts: each fund's, and all together."""
        reduced = ["应发合计"]
        reduced += ["扣减"] if self.deduction_fen else []
        reduced += ["代扣税"] if self.tax_fen else []
        whole = [*reduced, "实发合计"] if self.is_reduced else ["金额合计"]
        return [*(self.fund_shares[code].name for code in self.funds_beside), *whole]

    def town_amounts_fen(self, town: TownShare) -> list[int]:
        """A town's amounts below these headings; a fund's is what the bank carries."""
        funds_fen = [town.fund_fen.get(code, 0) for code in self.funds_beside]
        return [*funds_fen, *self._whole(town.amount_fen, town.tax_fen, town.deduction_fen)]

    @property
    def amounts_fen(self) -> list[int]:
        """All towns' together."""
        funds_fen = [self.fund_shares[code].amount_fen for code in self.funds_beside]
        return [*funds_fen, *self._whole(self.amount_fen, self.tax_fen, self.deduction_fen)]

    def _whole(self, net_fen: int, tax_fen: int, off_fen: int) -> list[int]:
        if not self.is_reduced:
            return [net_fen]
        off = [off_fen] if self.deduction_fen else []
        tax = [tax_fen] if self.tax_fen else []
        return [net_fen + tax_fen + off_fen, *off, *tax, net_fen]

    def town_texts(self) -> list[tuple[str, ...]]:
        """The rows of the table of towns as text, fund columns in the order of the funds."""
        return [
            (
                str(number),
                town.code,
                town.name,
                *(f"{town.roles[role]:,}" for role in self.all_roles),
                f"{town.people:,}",
                *map(grouped, self.town_amounts_fen(town)),
            )
            for number, town in enumerate(self.towns, 1)
        ]

    def total_texts(self) -> dict[int, str]:
        """The figures of the table's last line, by column."""
        texts = [
            *(f"{sum(town.roles[role] for town in self.towns):,}" for role in self.all_roles),
            f"{len(self.rows):,}",
            *map(grouped, self.amounts_fen),
        ]
        return dict(enumerate(texts, TOTAL_SPAN))


def write_summary_sheet(
    path: Path, summary: SummarySheet, *, boxes: Sequence[str] = SIGNATURE_BOXES
) -> int:
    """Write the summary as a PDF and return its number of pages.

    Raises :class:`~reports.pdf.fonts.MissingGlyphs` for a text that the font cannot draw.
    """
    names = [town.name for town in summary.towns]
    names += [share.name for share in (*summary.fund_shares.values(), *summary.bank_files)]
    require_glyphs([*summary.heading.texts(), *boxes, *names])
    frame = _frame_of(summary)
    row_height = ROW_HEIGHT if frame is PORTRAIT else LOW_ROW_HEIGHT
    towns = Table(_town_columns(summary, frame), left=frame.left, row_height=row_height)
    rows = [towns.measure(texts) for texts in summary.town_texts()]
    heights = [row.height for row in rows]
    room = frame.body_height - towns.header_height
    pages = paginate(heights, room, room - 2 * row_height)
    left_over = room - sum(heights[pages[-1].start :]) - 2 * row_height - GAP
    shares = ShareTables(frame, list(summary.fund_shares.values()), summary.bank_files)
    share_pages = shares.paginate(left_over)

    def draw_towns(canvas: PageCanvas, top: float, page: range) -> float:
        return _draw_towns(canvas, top, towns, rows[page.start : page.stop], summary, page)

    parts = (
        Part("各镇（街道）", pages, draw_towns),
        Part("经费来源和银行文件", share_pages, shares.draw),
    )
    document = SignedDocument(
        path, summary.heading, frame=frame, boxes=boxes, pages=pages_of(parts)
    )
    draw_parts(document, parts, gap=GAP)
    return document.pages


def _frame_of(summary: SummarySheet) -> Frame:
    """Upright, unless so many columns or so large figures would be too small on such a page."""
    figures = len(summary.amount_titles) - 1 + max(0, len(summary.all_roles) - 2)
    if figures > PORTRAIT_FUNDS:
        return LANDSCAPE
    widest = max(text_width(grouped(fen), BOLD) * BODY_SIZE for fen in summary.amounts_fen)
    room = _town_columns(summary, PORTRAIT)[-1].width - 2 * PADDING
    return PORTRAIT if widest <= room else LANDSCAPE


def _town_columns(summary: SummarySheet, frame: Frame) -> list[Column]:
    names = summary.amount_titles
    room = frame.right - frame.left - sum(column.width for column in summary.columns)
    width = room / len(names)
    return [*summary.columns, *(Column(name, width, "right") for name in names)]


def _draw_towns(
    canvas: PageCanvas,
    top: float,
    table: Table,
    rows: Sequence[Row],
    summary: SummarySheet,
    page: range,
) -> float:
    bottom = table.draw_rows(canvas, table.draw_header(canvas, top), rows)
    table.draw_rules(canvas, top, bottom)
    if page.stop == len(summary.towns):
        figures = summary.total_texts()
        bottom = table.draw_total(canvas, bottom, "合计", figures, span=TOTAL_SPAN, align="centre")
        bottom = table.draw_total(canvas, bottom, summary.words, {}, span=len(table.columns))
    table.draw_frame(canvas, top, bottom)
    return bottom
