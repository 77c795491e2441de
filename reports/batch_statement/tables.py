"""The tables of a batch statement: what became of each town's part, why money came back."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence

from ledger.base.money import grouped
from ledger.figures.batch_outcomes import Count
from ledger.figures.batch_outcomes import ReasonShare
from ledger.figures.batch_outcomes import TownOutcome
from ledger.model.return_reasons import return_reason
from reports.pdf.amount_in_words import amount_in_words
from reports.pdf.canvas import PageCanvas
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import Frame
from reports.pdf.pagination import paginate
from reports.pdf.table import Column
from reports.pdf.table import Table

# Every town of a county, paid from one fund, still on one page.
ROW_HEIGHT = 5.6 * MM

# 其中已重发 stands behind what it is a part of; the others add up to 应发.
OUTCOMES = ("应发", "已支付", "退回", "其中已重发", "待查", "代发中")
# In place of 代发中 on the statement of a void batch.
VOIDED = "已作废"
TOWN_COLUMNS = (
    Column("序号", 9 * MM),
    Column("代码", 18 * MM),
    Column("镇（街道）", 22 * MM),
    Column("经费来源", 21 * MM),
)
# The labels of totals stand over 序号, 代码, 镇（街道） and 经费来源.
TOTAL_SPAN = len(TOWN_COLUMNS)
# Of these the whole batch's amount is written in words: 应发, 已支付 and 退回.
IN_WORDS = (0, 1, 2)

REASON_COLUMNS = (
    Column("退回原因", 84 * MM, "left"),
    Column("人数", 12 * MM, "right"),
    Column("金额（元）", 28 * MM, "right"),
    Column("处理办法", 147 * MM, "left"),
)


def added(counts: Iterable[Count]) -> Count:
    """The sum of people and of fen."""
    people = amount_fen = 0
    for count in counts:
        people += count.people
        amount_fen += count.amount_fen
    return Count(people, amount_fen)


def outcomes_of(rows: Sequence[TownOutcome]) -> tuple[str, ...]:
    """What the groups of columns are called."""
    is_void = any(row.voided.people for row in rows)
    return (*OUTCOMES[:-1], VOIDED) if is_void else OUTCOMES


def outcome_columns(outcomes: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a town, and of each outcome people and amount."""
    figures = [
        (
            Column("人数", 11 * MM, "right", group=outcome),
            Column("金额（元）", 22.5 * MM, "right", group=outcome),
        )
        for outcome in outcomes
    ]
    return (*TOWN_COLUMNS, *(column for pair in figures for column in pair))


def counts_of(row: TownOutcome) -> tuple[Count, ...]:
    """In the order of :func:`outcomes_of`: of awaited and voided one is nobody."""
    last = added((row.awaited, row.voided))
    return row.due, row.paid, row.returned, row.reissued, row.unknown, last


def totals(rows: Sequence[TownOutcome]) -> tuple[Count, ...]:
    """The sums over the rows, in the order of :func:`outcomes_of`."""
    counts = [counts_of(row) for row in rows]
    return tuple(added(count[place] for count in counts) for place in range(len(OUTCOMES)))


def count_texts(counts: Iterable[Count]) -> list[str]:
    """People and amount of each, one after the other."""
    return [text for count in counts for text in (f"{count.people:,}", grouped(count.amount_fen))]


class OutcomeTable:
    """A row a town and fund; the totals of each fund, of all, and those in words at the end."""

    def __init__(self, frame: Frame, rows: Sequence[TownOutcome]) -> None:
        self.frame = frame
        self.count = len(rows)
        self.outcomes = outcomes_of(rows)
        columns = outcome_columns(self.outcomes)
        self.table = Table(columns, left=frame.left, row_height=ROW_HEIGHT)
        self.rows = [self.table.measure(texts) for texts in _outcome_texts(rows)]
        self.totals = _fund_totals(rows)
        whole = totals(rows)
        self.totals.append(("合计", whole))
        self.words = [
            f"{OUTCOMES[place]}合计大写：{amount_in_words(whole[place].amount_fen)}"
            for place in IN_WORDS
        ]

    def paginate(self) -> list[range]:
        """The rows of each page; the totals stand on the last."""
        room = self.frame.body_height - self.table.header_height
        return paginate([row.height for row in self.rows], room, room - self._totals_height)

    def left_over(self, page: range) -> float:
        """The points left below the totals when ``page`` is the last."""
        room = self.frame.body_height - self.table.header_height - self._totals_height
        return room - sum(row.height for row in self.rows[page.start : page.stop])

    @property
    def _totals_height(self) -> float:
        return (len(self.totals) + len(self.words)) * ROW_HEIGHT

    def draw(self, canvas: PageCanvas, top: float, page: range) -> float:
        """Draw these rows; returns the bottom."""
        table = self.table
        bottom = table.draw_rows(
            canvas, table.draw_header(canvas, top), self.rows[page.start : page.stop]
        )
        table.draw_rules(canvas, top, bottom)
        if page.stop == self.count:
            for label, counts in self.totals:
                figures = dict(enumerate(count_texts(counts), TOTAL_SPAN))
                bottom = table.draw_total(
                    canvas, bottom, label, figures, span=TOTAL_SPAN, align="centre"
                )
            for words in self.words:
                bottom = table.draw_total(canvas, bottom, words, {}, span=len(table.columns))
        table.draw_frame(canvas, top, bottom)
        return bottom


def _outcome_texts(rows: Sequence[TownOutcome]) -> list[list[str]]:
    return [
        [
            str(number),
            row.town_code,
            row.town_name,
            row.fund_name,
            *count_texts(counts_of(row)),
        ]
        for number, row in enumerate(rows, 1)
    ]


def _fund_totals(rows: Sequence[TownOutcome]) -> list[tuple[str, tuple[Count, ...]]]:
    """The sums of each fund in the order of the codes; none when a single fund pays."""
    funds: dict[str, list[TownOutcome]] = {}
    for row in sorted(rows, key=lambda row: row.fund_code):
        funds.setdefault(row.fund_code, []).append(row)
    if len(funds) < 2:
        return []
    return [(f"{part[0].fund_name}小计", totals(part)) for part in funds.values()]


class ReasonTable:
    """Why payments came back, and what corrects it; of no rows when none did."""

    def __init__(self, frame: Frame, reasons: Sequence[ReasonShare]) -> None:
        self.frame = frame
        self.reasons = [share for share in reasons if share.count.people]
        self.table = Table(REASON_COLUMNS, left=frame.left, row_height=ROW_HEIGHT)
        self.rows = [self.table.measure(reason_texts(share)) for share in self.reasons]

    def paginate(self, left_over: float) -> list[range]:
        """The rows on the page where ``left_over`` points are left, then on further pages.

        The table begins on a new page (the first range is empty) unless it fits whole.
        """
        heights = [row.height for row in self.rows]
        used = self.table.header_height + ROW_HEIGHT
        if not heights or sum(heights) + used <= left_over:
            return [range(len(heights))]
        room = self.frame.body_height - self.table.header_height
        return [range(0), *paginate(heights, room, room - ROW_HEIGHT)]

    def draw(self, canvas: PageCanvas, top: float, page: range) -> float:
        """Draw these rows; returns the bottom."""
        table = self.table
        bottom = table.draw_rows(
            canvas, table.draw_header(canvas, top), self.rows[page.start : page.stop]
        )
        table.draw_rules(canvas, top, bottom)
        if page.stop == len(self.rows):
            texts = count_texts([added(share.count for share in self.reasons)])
            figures = dict(enumerate(texts, 1))
            bottom = table.draw_total(canvas, bottom, "退回合计", figures, span=1, align="centre")
        table.draw_frame(canvas, top, bottom)
        return bottom


def reason_texts(share: ReasonShare) -> tuple[str, str, str, str]:
    """A row of the table of reasons."""
    reason = return_reason(share.code)
    people, amount = count_texts([share.count])
    return reason.meaning_text(chinese=True), people, amount, reason.remedy_text(chinese=True)
