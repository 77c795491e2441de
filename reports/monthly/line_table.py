"""The table of the budget's lines: appropriated, received, paid, owed, left; each fund's sum."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base.money import grouped
from ledger.base.records import Record
from ledger.figures.monthly_lines import Row
from ledger.figures.monthly_report import MonthlyReport
from ledger.model.ids import FundCode
from reports.pdf import table
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import drawable
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.table import Column
from reports.pdf.table import Table
from reports.pdf.text_fitting import filled
from reports.wording.figures import NO_SHARE
from reports.wording.figures import percent

ROW_HEIGHT = 6.2 * MM
AMOUNT = 24 * MM
RATE = 15.5 * MM
# The amounts in their order; 合同占用 only where there are contracts that are not yet paid.
AMOUNTS = (
    "年初预算", "调整预算", "到位", "本月支出", "本年累计", "项目累计", "已列支未支付",
)  # fmt: skip
COMMITTED = "合同占用"
REMAINING = "结余"
RATES = ("执行率", "序时进度")
CODE = 15 * MM
NOTE_SIZE = 8.5
NOTE_LEADING = 1.4
# The labels of sums stand over 科目编码 and 科目名称.
SPAN = 2


class Band(Record):
    """A line, or a sum (``label``), measured: ``fund`` is whose part of the table it is."""

    fund: FundCode
    height: float
    row: table.Row | None = None
    label: str = ""
    texts: tuple[str, ...] = ()


class LineTable:
    """A part of the details: the bands of all funds, and below them what the columns mean."""

    def __init__(self, title: str, frame: Frame, statement: MonthlyReport) -> None:
        self.title = title
        self.frame = frame
        self.has_commitments = any(row.committed_fen for row in statement.rows)
        self.time = percent(statement.time_gone)
        self.table = Table(self._columns(), left=frame.left, row_height=ROW_HEIGHT)
        self.bands = [self._band(row) for row in statement.rows]
        room = (frame.right - frame.left) / NOTE_SIZE
        self.notes = [part for note in notes(statement.rows) for part in filled(note, room)]

    def _columns(self) -> list[Column]:
        titles = [*AMOUNTS, *([COMMITTED] if self.has_commitments else []), REMAINING]
        width = self.frame.right - self.frame.left - CODE - 2 * RATE
        amount = min(AMOUNT, (width - 26 * MM) / len(titles))
        return [
            Column("科目编码", CODE),
            Column("科目名称", width - amount * len(titles), "left"),
            *(Column(title, amount, "right", 8.5) for title in titles),
            *(Column(title, RATE, "right", 8.5) for title in RATES),
        ]

    def _band(self, row: Row) -> Band:
        texts = self._texts(row)
        if row.code:
            name = drawable(row.name)
            measured = self.table.measure([row.code, name, *texts])
            return Band(row.fund, measured.height, row=measured)
        label = f"{drawable(row.name)} 小计" if row.fund else "合计"
        return Band(row.fund, ROW_HEIGHT, label=label, texts=tuple(texts))

    def _texts(self, row: Row) -> list[str]:
        amounts = [
            row.initial_fen,
            row.adjusted_fen,
            row.received_fen,
            row.month_fen,
            row.year_fen,
            row.project_fen,
        ]
        amounts += [
            row.unpaid_fen,
            *([row.committed_fen] if self.has_commitments else []),
            row.remaining_fen,
        ]
        figures = ["" if fen is None else grouped(fen) for fen in amounts]
        rate = percent(row.rate)
        return [*figures, rate, NO_SHARE if row.rate is None else self.time]

    @property
    def head_height(self) -> float:
        return self.table.header_height

    @property
    def heights(self) -> Sequence[float]:
        return [band.height for band in self.bands]

    @property
    def tail_height(self) -> float:
        return 2 * MM + len(self.notes) * NOTE_SIZE * NOTE_LEADING

    def draw(self, canvas: PageCanvas, top: float, rows: range) -> float:
        bottom = self.table.draw_header(canvas, top)
        self.table.draw_rules(canvas, top, bottom)
        for band in self.bands[rows.start : rows.stop]:
            above = bottom
            if band.row is not None:
                bottom = self.table.draw_rows(canvas, above, [band.row])
                self.table.draw_rules(canvas, above, bottom)
            else:
                figures = dict(enumerate(band.texts, SPAN))
                bottom = self.table.draw_total(canvas, above, band.label, figures, span=SPAN)
        self.table.draw_frame(canvas, top, bottom)
        if rows.stop == len(self.bands):
            bottom = self._draw_notes(canvas, bottom)
        return bottom

    def _draw_notes(self, canvas: PageCanvas, top: float) -> float:
        baseline = top - 2 * MM
        for line in self.notes:
            baseline -= NOTE_SIZE * NOTE_LEADING
            canvas.text(self.frame.left, baseline + 2, line, NOTE_SIZE)
        return baseline


def notes(rows: Sequence[Row]) -> list[str]:
    """What the columns mean, below the table."""
    return [
        "说明：1. 支出为实际支付数；“已列支未支付”为已计入支出、款项尚未付给收款人的补助"
        "（银行代发中、退回、待查）。到位为经费来源已收到的款项，不分科目。",
        "2. 执行率＝项目累计支出÷调整预算；序时进度＝全年已过天数÷全年天数；分母为零的以“—”表示。"
        f"结余＝调整预算－项目累计－已列支未支付{_less_committed(rows)}。",
        "3. 本表按财务会计口径编制，不含预算会计的平行记账。",
    ]


def _less_committed(rows: Sequence[Row]) -> str:
    return "－合同占用（已签合同尚未支付的部分）" if any(row.committed_fen for row in rows) else ""
