"""What is printed of a month's tax: the summary (代扣汇总表), and a town's slips (代扣明细)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.base.masks import mask_identity
from ledger.base.money import grouped
from ledger.books.provenance import Provenance
from ledger.figures.month_tax import Correction
from ledger.figures.month_tax import MonthTax
from ledger.figures.month_tax import totals_by_town
from ledger.model.accounts import code_of
from ledger.model.accounts import name_of
from ledger.model.ids import NO_BATCH
from ledger.model.ids import NO_SEAL
from ledger.model.ids import TownComponent
from reports.pdf.amount_in_words import amount_in_words
from reports.pdf.canvas import PageCanvas
from reports.pdf.flow import Part
from reports.pdf.flow import draw_parts
from reports.pdf.flow import pages_of
from reports.pdf.fonts import require_glyphs
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import PORTRAIT
from reports.pdf.pagination import paginate
from reports.pdf.signed_document import Heading
from reports.pdf.signed_document import SignedDocument
from reports.pdf.signed_document import chinese_date
from reports.pdf.table import Column
from reports.pdf.table import Table
from reports.tax.workbooks import Declared

SUMMARY_TITLE = "个人所得税代扣汇总表"
SLIP_TITLE = "个人所得税代扣明细"
ROW_HEIGHT = 6.9 * MM
GAP = 4 * MM
_FIGURE = 32 * MM
TOWNS = (
    Column("序号", 12 * MM),
    Column("代码", 26 * MM),
    Column("镇（街道）", 44 * MM, "left"),
    Column("人数", 18 * MM, "right"),
    Column("收入额", 40 * MM, "right"),
    Column("代扣税额", 40 * MM, "right"),
)
CORRECTIONS = (
    Column("序号", 12 * MM),
    Column("人员编号", 26 * MM),
    Column("镇（街道）", 44 * MM, "left"),
    Column("原月份", 18 * MM),
    Column("冲减收入额", 40 * MM, "right"),
    Column("冲减税额", 40 * MM, "right"),
)
PEOPLE = (
    Column("序号", 12 * MM),
    Column("姓名", 34 * MM),
    Column("身份证号", 38 * MM),
    Column("笔数", 12 * MM, "right"),
    Column("收入额", 28 * MM, "right"),
    Column("代扣税额", 28 * MM, "right"),
    Column("税后金额", 28 * MM, "right"),
)


class TaxHeading(Heading, kw_only=True):
    """Of a month, and of no batch."""

    last_day: str

    def lines(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        return (
            (f"扣缴义务人：{self.unit}", f"镇（街道）：{self.scope}", "单位：元"),
            ("所得项目：劳务报酬所得", f"税款所属期：{self.period}", f"期限：{self.last_day}"),
        )

    @property
    def document_title(self) -> str:
        return f"{self.title} {self.scope} {self.period}"


def tax_heading(
    title: str, unit: str, tax: MonthTax, provenance: Provenance, scope: str
) -> TaxHeading:
    return TaxHeading(
        title=title,
        unit=unit,
        batch=NO_BATCH,
        on=tax.month.last,
        period=str(tax.month),
        seal=NO_SEAL,
        scope=scope,
        provenance=provenance,
        last_day=chinese_date(tax.last_day),
    )


def write_summary(path: Path, heading: TaxHeading, tax: MonthTax, boxes: Sequence[str]) -> int:
    """Write the summary as a PDF and return its number of pages: towns, then what is taken back of
    months before.
    """
    totals = totals_by_town(tax.people)
    towns = [
        (
            str(number),
            code_of(town),
            name_of(town),
            f"{people:,}",
            grouped(income),
            grouped(withheld),
        )
        for number, (town, (people, income, withheld)) in enumerate(totals.items(), 1)
    ]
    texts = [summary_words(tax)]
    if tax.elsewhere:
        texts.append(
            f"另有 {tax.elsewhere:,} 人未列入：工资薪金由任职单位申报、按文件不征税或建账前已付。"
        )
    total = {3: f"{len(tax.people):,}", 4: grouped(tax.income_fen), 5: grouped(tax.tax_fen)}
    parts = [_Listed("各镇（街道）", TOWNS, towns, total, span=3, words=texts)]
    if tax.corrections:
        rows = [_correction(number, one) for number, one in enumerate(tax.corrections, 1)]
        income_fen = sum(one.income_fen for one in tax.corrections)
        total = {4: grouped(income_fen), 5: grouped(tax.corrected_fen)}
        parts.append(_Listed("更正以前月份", CORRECTIONS, rows, total, span=4, words=()))
    return _write(path, heading, parts, boxes)


def summary_words(tax: MonthTax) -> str:
    """What is the tax office's, in figures and in words."""
    if tax.due_fen < 0:
        return f"本期代扣不足冲减，应退税额 {grouped(-tax.due_fen)} 元"
    less = f"（冲减以前月份 {grouped(tax.corrected_fen)} 元后）" if tax.corrected_fen else ""
    words = amount_in_words(tax.due_fen)
    return f"应缴税额{less} {grouped(tax.due_fen)} 元，大写：{words}"


def _correction(number: int, one: Correction) -> tuple[str, ...]:
    amounts = (grouped(one.income_fen), grouped(one.tax_fen))
    return (str(number), one.payee, name_of(one.town), str(one.month), *amounts)


def write_slip(
    path: Path, heading: TaxHeading, people: Sequence[Declared], boxes: Sequence[str]
) -> int:
    """Write a town's slips as a PDF and return its number of pages. Numbers are masked."""
    rows = [
        (
            str(number),
            one.payee.legal_name,
            mask_identity(one.payee.identity),
            str(one.person.payments),
            grouped(one.person.income_fen),
            grouped(one.person.tax_fen),
            grouped(one.person.income_fen - one.person.tax_fen),
        )
        for number, one in enumerate(people, 1)
    ]
    income_fen = sum(one.person.income_fen for one in people)
    tax_fen = sum(one.person.tax_fen for one in people)
    total = dict(enumerate(map(grouped, (income_fen, tax_fen, income_fen - tax_fen)), 4))
    require_glyphs([one.payee.legal_name for one in people])
    listed = _Listed(heading.scope, PEOPLE, rows, total, span=4, words=())
    return _write(path, heading, [listed], boxes)


def town_scope(town: TownComponent) -> str:
    return f"{name_of(town)}（{code_of(town)}）"


def _write(path: Path, heading: TaxHeading, tables: Sequence[_Listed], boxes: Sequence[str]) -> int:
    require_glyphs([*heading.texts(), *boxes])
    parts = []
    left_over = PORTRAIT.body_height
    for table in tables:
        pages, left_over = table.paginate(left_over)
        parts.append(Part(table.title, pages, table.draw))
    document = SignedDocument(path, heading, frame=PORTRAIT, boxes=boxes, pages=pages_of(parts))
    draw_parts(document, parts, gap=GAP)
    return document.pages


class _Listed:
    """A table over pages with a total, and words below it, at its end."""

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        total: dict[int, str],
        *,
        span: int,
        words: Sequence[str],
    ) -> None:
        self.title, self.total, self.span, self.words = title, total, span, words
        self.table = Table(columns, left=PORTRAIT.left, row_height=ROW_HEIGHT)
        self.rows = [self.table.measure(texts) for texts in rows]

    def paginate(self, left_over: float) -> tuple[list[range], float]:
        """The rows on each page, the first of them where so many points are left; and how many
        points are left after the last.
        """
        heights = [row.height for row in self.rows]
        end = ROW_HEIGHT * (1 + len(self.words))
        room = PORTRAIT.body_height - self.table.header_height
        whole = self.table.header_height + sum(heights) + end + GAP
        if whole <= left_over:
            return [range(len(heights))], left_over - whole
        pages = paginate(heights, room, room - end)
        used = sum(heights[pages[-1].start :]) + end + GAP + self.table.header_height
        begun = [range(0)] if left_over < PORTRAIT.body_height else []
        return [*begun, *pages], PORTRAIT.body_height - used

    def draw(self, canvas: PageCanvas, top: float, page: range) -> float:
        """Draw these rows; returns the bottom."""
        rows = self.rows[page.start : page.stop]
        bottom = self.table.draw_rows(canvas, self.table.draw_header(canvas, top), rows)
        self.table.draw_rules(canvas, top, bottom)
        if page.stop == len(self.rows):
            bottom = self.table.draw_total(
                canvas, bottom, "合计", self.total, span=self.span, align="centre"
            )
            for text in self.words:
                span = len(self.table.columns)
                bottom = self.table.draw_total(canvas, bottom, text, {}, span=span)
        self.table.draw_frame(canvas, top, bottom)
        return bottom
