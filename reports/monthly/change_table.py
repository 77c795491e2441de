"""What changed since last month (本月主要变动): the entries behind the largest changes."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.base.money import grouped
from ledger.figures.monthly_report import MonthlyReport
from ledger.figures.period_changes import BUDGETED
from ledger.figures.period_changes import PAID
from ledger.figures.period_changes import RECEIVED
from ledger.figures.period_changes import Happening
from ledger.model.history import LINE_LINK
from ledger.model.ids import FundCode
from ledger.model.ids import LineCode
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import drawable
from reports.pdf.page_formats import MM
from reports.pdf.table import Column
from reports.pdf.table import Table

ROW_HEIGHT = 5.0 * MM
KINDS = {RECEIVED: "到账", PAID: "支付", BUDGETED: "预算"}
BUDGET_KINDS = {"initial": "年初预算", "supplement": "追加预算", "transfer": "预算调剂"}
BY_HAND = "手工凭证"
# Of a line's id, what names it in the command ``explain`` too.
LINE_DIGITS = 9
QUIET = "本月没有到账、支付和预算变动。"
DAY, KIND, AMOUNT, EVIDENCE = 14 * MM, 9 * MM, 23 * MM, 19 * MM


class ChangeTable:
    """The largest happenings of the month that fit, and what each kind comes to in all."""

    def __init__(self, statement: MonthlyReport, left: float, width: float, height: float) -> None:
        columns = (
            Column("日期", DAY, "right", 8),
            Column("类别", KIND),
            Column("事项", width - DAY - KIND - AMOUNT - EVIDENCE, "left", 8.5),
            Column("金额（元）", AMOUNT, "right", 8.5),
            Column("依据", EVIDENCE, "centre", 8),
        )
        self.table = Table(columns, left=left, row_height=ROW_HEIGHT)
        self.sums = sums_of(statement.happenings)
        names = {(row.fund, row.code): row.name for row in statement.rows}
        rows = [self.table.measure(texts(one, names)) for one in statement.happenings]
        used = self.table.header_height + (len(self.sums) + 1) * ROW_HEIGHT
        fitting = 0
        for row in rows:
            used += row.height
            if used > height:
                break
            fitting += 1
        if len(rows) == fitting + 1 and rows[-1].height <= ROW_HEIGHT:
            # The line that would say that there is one more has its room.
            fitting += 1
        self.rows = rows[:fitting]
        self.left_out = statement.happenings[fitting:]

    def draw(self, canvas: PageCanvas, top: float) -> float:
        """Draw the table; returns its bottom."""
        bottom = self.table.draw_rows(canvas, self.table.draw_header(canvas, top), self.rows)
        if self.left_out:
            amount = grouped(sum(abs(one.amount_fen) for one in self.left_out))
            text = f"另有 {len(self.left_out)} 项较小的变动，金额合计 {amount} 元"
            row = self.table.measure(["", "", text, "", ""])
            bottom = self.table.draw_rows(canvas, bottom, [row])
        self.table.draw_rules(canvas, top, bottom)
        for label, fen in self.sums:
            bottom = self.table.draw_total(canvas, bottom, label, {3: grouped(fen)}, span=3)
        self.table.draw_frame(canvas, top, bottom)
        return bottom


def sums_of(happenings: Sequence[Happening]) -> list[tuple[str, int]]:
    """What each kind comes to, of those kinds of which something happened."""
    return [
        (f"本月{word}合计", sum(one.amount_fen for one in happenings if one.kind == kind))
        for kind, word in KINDS.items()
        if any(one.kind == kind for one in happenings)
    ]


def texts(one: Happening, names: dict[tuple[FundCode, LineCode], str]) -> list[str]:
    """The cells of a happening; ``names`` are those of funds and lines by their codes."""
    day = f"{one.date.month}月{one.date.day}日"
    return [
        day,
        KINDS[one.kind],
        drawable(matter(one, names)),
        grouped(one.amount_fen),
        evidence(one),
    ]


def matter(one: Happening, names: dict[tuple[FundCode, LineCode], str]) -> str:
    """What it was: the entry's words, or the batch's people, and the line of the budget."""
    line = one.line.lstrip("0123456789")
    fund = names.get((one.fund, LineCode("")), one.fund)
    if one.kind == BUDGETED:
        return f"{fund}{line} {BUDGET_KINDS.get(one.note, one.note)}"
    if one.batch:
        return f"{fund}{line}：补助 {one.people:,} 人"
    if one.entry is None:
        return line
    words = " ".join(text for text in (one.entry.payee, one.entry.narration) if text)
    return f"{line}：{words}" if line else words


def evidence(one: Happening) -> str:
    """Where the entry is found: a batch, a line of a statement, or by hand."""
    if one.batch:
        return one.batch
    if one.entry is None:
        return ""
    lines = [link for link in sorted(one.entry.links or ()) if LINE_LINK.fullmatch(link)]
    return lines[0][:LINE_DIGITS] if lines else BY_HAND
