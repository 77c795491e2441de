"""The two sides of a reconciliation, the office's and the bank's, one beside the other.

Their lines of sums are level with one another, and between them stand the items of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from ledger.bank.reconciliation import BankItem
from ledger.bank.reconciliation import Reconciliation
from ledger.bank.reconciliation import UnitItem
from ledger.bank.reconciliation import sum_fen
from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.base.records import replace
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import drawable
from reports.pdf.fonts import text_width
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.pagination import paginate
from reports.pdf.signed_document import chinese_date
from reports.pdf.table import MIDDLE_TO_BASELINE
from reports.pdf.table import Column
from reports.pdf.table import Row
from reports.pdf.table import Table
from reports.pdf.text_fitting import BODY_SIZE

ROW_HEIGHT = 6.4 * MM
WIDTHS = (20 * MM, 27 * MM, 57.5 * MM, 31 * MM)
UNIT_TITLES = ("日期", "银行流水", "对方、摘要", "金额（元）")
BANK_TITLES = ("日期", "记账位置", "摘要", "金额（元）")
# The labels of sums stand over all columns but the amount's.
SPAN = len(WIDTHS) - 1
NO_CELLS = ("",) * len(WIDTHS)
UNKNOWN = "未列余额"


class Sum(Record):
    """A line of a sum on one side: its label and the amount as it is printed."""

    label: str = ""
    figure: str = ""


class Band(Record):
    """What stands on one height: two sums, or an item of either side (``items``).

    ``section`` is the label of the sums that the items belong to, of both sides.
    """

    height: float
    sums: tuple[Sum, Sum] | None = None
    items: tuple[Row, Row] | None = None
    section: tuple[str, str] = ("", "")


class Sides:
    """The two tables of a reconciliation, band by band, over pages with repeated heads."""

    def __init__(self, frame: Frame, record: Reconciliation) -> None:
        self.frame = frame
        middle = frame.left + sum(WIDTHS)
        self.tables = (_table(UNIT_TITLES, frame.left), _table(BANK_TITLES, middle))
        received = (
            f"加：银行已收、单位未收（{len(record.bank_received)} 笔）",
            f"加：单位已收、银行未收（{len(record.unit_received)} 笔）",
        )
        paid = (
            f"减：银行已付、单位未付（{len(record.bank_paid)} 笔）",
            f"减：单位已付、银行未付（{len(record.unit_paid)} 笔）",
        )
        self.bands = [
            *_balances(record),
            *self._section(received, record.bank_received, record.unit_received),
            *self._section(paid, record.bank_paid, record.unit_paid),
            _sums(
                Sum("调节后余额", grouped(record.adjusted_books_fen)),
                Sum("调节后余额", figure_of(record.adjusted_bank_fen)),
            ),
        ]

    def _section(
        self,
        labels: tuple[str, str],
        of_bank: Sequence[BankItem],
        of_unit: Sequence[UnitItem],
    ) -> list[Band]:
        """A line of sums and the items below it; where a side has fewer its cells stay empty."""
        sums = [grouped(sum_fen(of_bank)), grouped(sum_fen(of_unit))]
        bands = [_sums(*(Sum(*pair) for pair in zip(labels, sums, strict=True)))]
        left = [self.tables[0].measure(bank_item_texts(item)) for item in of_bank]
        right = [self.tables[1].measure(unit_item_texts(item)) for item in of_unit]
        blank = self.tables[0].measure(NO_CELLS)
        for pair in zip_longest(left, right, fillvalue=blank):
            height = max(row.height for row in pair)
            rows = (replace(pair[0], height=height), replace(pair[1], height=height))
            bands.append(Band(height, items=rows, section=labels))
        return bands

    @property
    def header_height(self) -> float:
        return ROW_HEIGHT + self.tables[0].header_height

    @property
    def _room(self) -> float:
        """For bands on a page, below its heads and the label of a section that goes on."""
        return self.frame.body_height - self.header_height - ROW_HEIGHT

    def paginate(self, foot: float) -> list[range]:
        """The bands of each page, with ``foot`` points left free on the last."""
        return paginate([band.height for band in self.bands], self._room, self._room - foot)

    def left_over(self, page: range) -> float:
        """The points left below ``page``."""
        used = sum(band.height for band in self.bands[page.start : page.stop])
        return self._room + (0 if self._goes_on(page) else ROW_HEIGHT) - used

    def _goes_on(self, page: range) -> bool:
        """Whether the page begins within a section."""
        return self.bands[page.start].items is not None

    def draw(self, canvas: PageCanvas, top: float, page: range) -> float:
        """Draw these bands; returns the bottom."""
        bands = list(self.bands[page.start : page.stop])
        if self._goes_on(page):
            bands.insert(0, _continued(bands[0]))
        bottom = self._draw_heads(canvas, top)
        for band in bands:
            bottom = self._draw_band(canvas, bottom, band)
        for table in self.tables:
            table.draw_frame(canvas, top, bottom)
        return bottom

    def _draw_heads(self, canvas: PageCanvas, top: float) -> float:
        below = top - ROW_HEIGHT
        bottom = below
        for table, title in zip(self.tables, ("单位（账面）", "银行（对账单）"), strict=True):
            left, right = table.edges[0], table.edges[-1]
            start = (left + right - text_width(title, BOLD) * BODY_SIZE) / 2
            baseline = top - ROW_HEIGHT / 2 - MIDDLE_TO_BASELINE * BODY_SIZE
            canvas.text(start, baseline, title, BODY_SIZE, BOLD)
            canvas.rule(left, below, right, below)
            bottom = table.draw_header(canvas, below)
            table.draw_rules(canvas, below, bottom)
        return bottom

    def _draw_band(self, canvas: PageCanvas, top: float, band: Band) -> float:
        bottom = top
        for place, table in enumerate(self.tables):
            if band.sums is not None:
                one = band.sums[place]
                bottom = table.draw_total(canvas, top, one.label, {SPAN: one.figure}, span=SPAN)
            elif band.items is not None:
                bottom = table.draw_rows(canvas, top, [band.items[place]])
                table.draw_rules(canvas, top, bottom)
        return bottom


def _table(titles: Sequence[str], left: float) -> Table:
    day, where, text, amount = titles
    columns = (
        Column(day, WIDTHS[0]),
        Column(where, WIDTHS[1]),
        Column(text, WIDTHS[2], "left"),
        Column(amount, WIDTHS[3], "right"),
    )
    return Table(columns, left=left, row_height=ROW_HEIGHT)


def _sums(unit: Sum, bank: Sum) -> Band:
    return Band(ROW_HEIGHT, sums=(unit, bank))


def _continued(band: Band) -> Band:
    """The label above an item that begins a page, on the sides that still have items."""
    assert band.items is not None
    unit, bank = (
        Sum(f"{label}（续）" if any(row.cells) else "")
        for label, row in zip(band.section, band.items, strict=True)
    )
    return _sums(unit, bank)


def _balances(record: Reconciliation) -> list[Band]:
    """Where both sides begin; what nobody has explained comes off the office's."""
    bank = "银行对账单余额"
    if record.bank_as_of < record.as_of:
        bank += f"（截至{chinese_date(record.bank_as_of)}）"
    bands = [
        _sums(
            Sum("银行存款账面余额（1002）", grouped(record.books_fen)),
            Sum(bank, figure_of(record.bank_fen)),
        )
    ]
    if record.unexplained:
        took = "加" if record.suspense_fen > 0 else "减"
        net = "净支出" if record.suspense_fen > 0 else "净收入"
        label = f"{took}：其中待核的银行流水（99待核），{net}"
        bands += [
            _sums(Sum(label, grouped(abs(record.suspense_fen))), Sum()),
            _sums(Sum("单位已确认余额", grouped(record.confirmed_fen)), Sum()),
        ]
    return bands


def figure_of(amount_fen: int | None) -> str:
    """An amount, or that the statements do not say it."""
    return UNKNOWN if amount_fen is None else grouped(amount_fen)


def bank_item_texts(item: BankItem) -> list[str]:
    """A statement line that the office has not accounted for."""
    text = " ".join(part for part in (item.counterparty, item.text) if part)
    if item.by_hand is not None:
        text += f"（单位手工记账日期 {item.by_hand}）"
    return [item.date.isoformat(), item.line, drawable(text), grouped(item.amount_fen)]


def unit_item_texts(item: UnitItem) -> list[str]:
    """An entry by hand that the bank does not show yet."""
    place = f"{item.file.rpartition('/')[2]}:{item.line}"
    return [item.date.isoformat(), drawable(place), drawable(item.text), grouped(item.amount_fen)]
