"""Hypothesis strategies that damage results as programs and clerks do.

The bank's true answer to some made-up payments is moved, merged, quoted, retyped and cut, and
written as a workbook, as text or as a web page. What the bank meant is kept beside the file, so
that a test can say whether anybody got the wrong answer.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from html import escape
from typing import TypeAlias

import xlsxwriter
from hypothesis import strategies
from hypothesis.strategies import DrawFn

from ledger.model.ids import PayeeId
from ledger.model.instructions import Instruction
from ledger.model.transitions import State
from tests.support.made_up_payments import payments

PEOPLE = payments(12)
HEADINGS = ["序号", "账号", "户名", "金额", "摘要", "处理结果", "失败原因"]
STATUS = 5
ANSWERS = {
    State.PAID: [("成功", ""), ("交易成功", ""), ("0000-成功", "")],
    State.RETURNED: [("失败", "户名不符"), ("交易失败", "账户已销户"), ("3031-户名不符", "")],
    State.UNKNOWN: [("处理中", ""), ("失败", "系统繁忙"), ("失败", "流水号重复")],
}
DOUBTS = ("处理中", "系统繁忙", "流水号重复")
# Of none of these may anybody conclude that a payment was made, or that it was not.
NO_ANSWERS = ("", "0", "1", "800.00", "两员补助", "见附件", "-", "合计", '"', "#N/A", "是", "0000")
MARKS = ('"{}', '{}"', '""{}', '"{}"x', '{}"{}', "“{}", "'{}", '"{}\n')
PADDINGS = ("{} ", "\u3000{}", "\u200b{}", "{}\ufeff", "\t{}", "\xa0{}", "{}\u2800")


@dataclass
class Page:
    """A result while it is being damaged; ``meant`` is the bank's answer to each payment."""

    rows: list[list[str]]
    meant: dict[PayeeId, State]
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    against: tuple[str, str] = ("", "")

    def says(self, sent: Instruction) -> set[State]:
        """What may be concluded of a payment: a failure whose doubt was lost is a failure."""
        meant = self.meant[sent.payee_id]
        rows = [row for row in self.rows if any(sent.account in cell for cell in row)]
        in_doubt = any(word in cell for row in rows for cell in row for word in DOUBTS)
        lost = meant is State.UNKNOWN and not in_doubt
        heading, failed = self.against
        # So is a column that alone said so.
        told = any(heading in cell for row in self.rows for cell in row) and any(
            failed in cell for row in rows for cell in row
        )
        unseen = {State.PAID} if meant is State.RETURNED and not told else set()
        return {State.UNKNOWN, State.RETURNED if lost else meant, *unseen}


@dataclass(frozen=True)
class DamagedResult:
    """A file as it comes; ``kind`` is xlsx, html, or the separator of a text."""

    kind: str
    page: Page = field(repr=False)

    @property
    def content(self) -> bytes:
        if self.kind == "xlsx":
            return _workbook(self.page)
        if self.kind == "html":
            return _web_page(self.page)
        lines = (self.kind.join(row) for row in self.page.rows)
        return "\r\n".join(lines).encode("gb18030", "replace")


_Damage: TypeAlias = Callable[[DrawFn, Page], None]


def _place(draw: DrawFn, page: Page) -> tuple[int, int]:
    row = draw(strategies.integers(1, len(page.rows) - 1))
    return row, draw(strategies.integers(0, max(0, len(page.rows[row]) - 1)))


def _quote(draw: DrawFn, page: Page) -> None:
    row, column = _place(draw, page)
    mark = draw(strategies.sampled_from(MARKS))
    cells = page.rows[row]
    if column < len(cells):
        text = cells[column]
        cells[column] = mark.format(text[:1], text[1:]) if mark == '{}"{}' else mark.format(text)


def _quote_over_rows(draw: DrawFn, page: Page) -> None:
    """A mark that opens in one row, and one that closes in another."""
    for mark in ('"{}', '{}"'):
        row, column = _place(draw, page)
        if column < len(page.rows[row]):
            page.rows[row][column] = mark.format(page.rows[row][column])


def _thousands(draw: DrawFn, page: Page) -> None:
    """Amounts with separators, which nobody has quoted."""
    for row in page.rows[1:]:
        if len(row) > 3 and row[3].endswith(".00") and row[3][:-3].isdecimal():
            row[3] = f"{int(row[3][:-3]):,}.00"


def _shift(draw: DrawFn, page: Page) -> None:
    row, column = _place(draw, page)
    if draw(strategies.booleans()):
        page.rows[row].insert(column, draw(strategies.sampled_from(["", "x", "纸"])))
    else:
        del page.rows[row][column : column + 1]


def _pad(draw: DrawFn, page: Page) -> None:
    row, column = _place(draw, page)
    if column < len(page.rows[row]):
        padding = draw(strategies.sampled_from(PADDINGS))
        page.rows[row][column] = padding.format(page.rows[row][column])


def _retype(draw: DrawFn, page: Page) -> None:
    """A cell with something in it that is no answer, and no other person's."""
    row, column = _place(draw, page)
    if column < len(page.rows[row]):
        text = page.rows[row][column]
        forms = [text[:-1], text.lower(), text.upper(), *NO_ANSWERS]
        # What is cut from a failure's words must not be a success: 不成功 is not among them.
        page.rows[row][column] = draw(strategies.sampled_from(forms))


def _drop_row(draw: DrawFn, page: Page) -> None:
    if len(page.rows) > 2:
        del page.rows[draw(strategies.integers(0, len(page.rows) - 1))]


def _repeat_row(draw: DrawFn, page: Page) -> None:
    row, _column = _place(draw, page)
    page.rows.insert(draw(strategies.integers(1, len(page.rows))), list(page.rows[row]))


def _shuffle_rows(draw: DrawFn, page: Page) -> None:
    page.rows[1:] = draw(strategies.permutations(page.rows[1:]))


def _shuffle_columns(draw: DrawFn, page: Page) -> None:
    width = max(map(len, page.rows))
    order = draw(strategies.permutations(range(width)))
    filled = [row + [""] * (width - len(row)) for row in page.rows]
    page.rows = [[row[column] for column in order] for row in filled]


def _contradict(draw: DrawFn, page: Page) -> None:
    """A further column that says what the bank meant, beside a status that is always success."""
    heading, failed, unknown, paid = draw(
        strategies.sampled_from(
            [
                ("退汇标志", "是", "", "否"),
                ("支付结果", "失败", "处理中", "成功"),
                # Spelt otherwise than the amount, so that it is known when it is lost.
                ("失败金额", "¥800.00", "", "0.00"),
                ("到账标志", "否", "", "是"),
            ]
        )
    )
    page.against = heading, failed
    width = max(map(len, page.rows))
    accounts = {sent.account: page.meant.get(sent.payee_id) for sent in PEOPLE}
    for number, row in enumerate(page.rows):
        meant = next((accounts[cell] for cell in row if cell in accounts), None)
        row += [""] * (width - len(row))
        said = {None: failed, State.PAID: paid, State.RETURNED: failed}.get(meant, unknown)
        row.append(said if number else heading)
        if number and meant is State.RETURNED and len(row) > STATUS:
            row[STATUS] = "成功" if row[STATUS] in ("失败", "交易失败") else row[STATUS]


def _totals(draw: DrawFn, page: Page) -> None:
    count = str(len(page.rows) - 1)
    line = draw(
        strategies.sampled_from([["总笔数", count], [f"总笔数：{count}"], ["合计", count + "笔"]])
    )
    page.rows.append(line)


def _cut(draw: DrawFn, page: Page) -> None:
    """The end of a row, or of the file."""
    row, column = _place(draw, page)
    del page.rows[row][column:]
    if draw(strategies.booleans()):
        del page.rows[row + 1 :]


def _merge(draw: DrawFn, page: Page) -> None:
    if len(page.rows) < 3:
        return
    first = draw(strategies.integers(1, len(page.rows) - 2))
    last = first + draw(strategies.integers(1, len(page.rows) - 1 - first))
    column = draw(strategies.integers(0, len(HEADINGS) - 1))
    page.merged.append((first, last, column))
    for row in page.rows[first + 1 : last + 1]:
        row[column : column + 1] = [""][: len(row) - column]


def _other_heading(draw: DrawFn, page: Page) -> None:
    column = draw(strategies.integers(0, len(page.rows[0]) - 1))
    page.rows[0][column] = draw(strategies.sampled_from(["", "栏", "备注", "状态", "金额", "账号"]))


# The contradiction comes first: it knows where the status stands.
MOVING: tuple[_Damage, ...] = (
    _shuffle_rows, _shuffle_columns, _drop_row, _repeat_row, _totals, _other_heading,
)  # fmt: skip
CHANGING: tuple[_Damage, ...] = (
    _quote, _quote, _quote_over_rows, _thousands, _shift, _pad, _retype, _retype, _cut,
)  # fmt: skip


@strategies.composite
def damaged_results(draw: DrawFn) -> DamagedResult:
    numbers = draw(
        strategies.lists(strategies.integers(0, 11), min_size=1, max_size=6, unique=True)
    )
    meant: dict[PayeeId, State] = {}
    rows = [list(HEADINGS)]
    for place, number in enumerate(numbers, 1):
        sent = PEOPLE[number]
        state = draw(strategies.sampled_from(sorted(ANSWERS)))
        meant[sent.payee_id] = state
        rows.append(_row(place, sent, *draw(strategies.sampled_from(ANSWERS[state]))))
    page = Page(rows, meant)
    if draw(strategies.booleans()):
        _contradict(draw, page)
    for damage in draw(strategies.lists(strategies.sampled_from(MOVING), max_size=3)):
        damage(draw, page)
    for damage in draw(strategies.lists(strategies.sampled_from(CHANGING), max_size=4)):
        if len(page.rows) > 1:
            damage(draw, page)
    kind = draw(strategies.sampled_from(["xlsx", "html", ",", ",", ",", "\t", "|", "~"]))
    if kind in ("xlsx", "html") and draw(strategies.booleans()):
        _merge(draw, page)
    return DamagedResult(kind, page)


def _row(place: int, sent: Instruction, status: str, reason: str) -> list[str]:
    amount = f"{sent.amount_fen // 100}.00"
    return [str(place), sent.account, sent.bank_name, amount, "两员补助", status, reason]


def _workbook(page: Page) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("回盘")
        for number, row in enumerate(page.rows):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell)
        for first, last, column in page.merged:
            if column < len(page.rows[first]):
                sheet.merge_range(first, column, last, column, page.rows[first][column])
    return content.getvalue()


def _web_page(page: Page) -> bytes:
    lines = (
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in page.rows
    )
    return f"<table>{''.join(lines)}</table>".encode()
