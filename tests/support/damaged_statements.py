"""Hypothesis strategies that damage statements as banks' programs and clerks do.

A made-up statement of one of some layouts loses, moves, merges, quotes, retypes and gains cells and
rows, and is written as a workbook or as text. Beside the file stands what is true, so that a test
can say of every line that was read whether it happened.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from io import BytesIO
from typing import TypeAlias

import xlsxwriter
from hypothesis import strategies
from hypothesis.strategies import DrawFn

from ledger.base.money import grouped
from ledger.base.money import plain

OPENING_FEN = 50_000_00
# No two are alike, and no sum of some of them is another.
AMOUNTS = (1_000_001, -200_010, -30_100, 4_007_000, -100_003, 50_000, -7_020, -2_000_500)
DAYS = (2, 2, 3, 5, 5, 5, 9, 11)
WHO = ("滕州市财政局", "张守田", "李秋菊", "滕州荆河宾馆")
WHY = ("拨款", "印刷费", "差旅费", "会议费")
LAYOUTS = {
    "pair": ["交易日期", "收入金额", "支出金额", "余额", "对方户名", "摘要"],
    "bare": ["日期", "摘要", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号"],
    "flag": ["交易日期", "借贷标志", "交易金额", "余额", "对方户名", "摘要"],
    "signed": ["交易时间", "对方户名", "金额", "余额", "附言"],
}
OTHER_WORDS = {
    "余额": "当前结余", "交易日期": "记账日", "收入金额": "收入/Credit", "支出金额": "支出(元)",
    "摘要": "用途", "对方户名": "收付款人名称", "借贷标志": "收支标志", "金额": "发生额\n（元）",
}  # fmt: skip
FURTHER_ROWS: tuple[list[str], ...] = (
    ["本页合计", "10,000.00", "2,000.00"],
    ["合计", "", "", ""],
    ["打印日期：2020-11-30", "柜员：0632"],
    ["注：以上数据仅供参考。"],
    [],
    ["", "　", " "],
    ["第2页"],
)
CALLED = ("合计", "小计", "月计", "承前页", "日结")


@dataclass(frozen=True)
class Happened:
    """A line of the truth."""

    day: datetime.date
    fen: int
    balance_fen: int


def truth() -> list[Happened]:
    balance, found = OPENING_FEN, []
    for day, fen in zip(DAYS, AMOUNTS, strict=True):
        balance += fen
        found.append(Happened(datetime.date(2020, 11, day), fen, balance))
    return found


@dataclass
class Page:
    """The rows while they are damaged; ``origin`` is the line of the truth that each row has.

    ``merged`` are (first row, last row) of merged days, from 0. ``balanced`` while balances stand
    under their heading; ``changed`` once a value is another one, and not only spelled otherwise.
    """

    headings: list[str]
    rows: list[list[str]]
    origin: list[int | None]
    titles: list[list[str]]
    balanced: bool
    merged: list[tuple[int, int]] = field(default_factory=list)
    changed: bool = False
    dropped: set[int] = field(default_factory=set)

    def column(self, heading: str) -> int | None:
        return self.headings.index(heading) if heading in self.headings else None


@dataclass(frozen=True)
class Damaged:
    """A file as it is sent: ``kind`` is xlsx or the encoding of a text."""

    kind: str
    page: Page

    @property
    def name(self) -> str:
        return "流水.xlsx" if self.kind == "xlsx" else "流水.csv"

    @property
    def cells(self) -> list[list[str]]:
        return [*self.page.titles, self.page.headings, *self.page.rows]

    @cached_property
    def content(self) -> bytes:
        if self.kind == "xlsx":
            return _workbook(self)
        # Commas in an amount are not quoted: some programs forget it.
        return "".join(",".join(row) + "\r\n" for row in self.cells).encode(self.kind)

    @property
    def written(self) -> list[int]:
        """The lines of the truth that have a row."""
        return [line for line in self.page.origin if line is not None]


_Damage: TypeAlias = Callable[[DrawFn, Page], None]


def _row_of(happened: Happened, headings: list[str], number: int) -> list[str]:
    came, went = max(happened.fen, 0), max(-happened.fen, 0)
    said = {
        "交易日期": str(happened.day), "日期": f"{happened.day:%Y%m%d}",
        "交易时间": str(happened.day),
        "收入金额": plain(came) if came else "", "支出金额": plain(went) if went else "",
        "借方发生额": plain(went) if went else "", "贷方发生额": plain(came) if came else "",
        "借贷标志": "贷" if came else "借", "交易金额": plain(came or went),
        "金额": plain(happened.fen), "余额": plain(happened.balance_fen),
        "对方户名": WHO[number % len(WHO)], "摘要": WHY[number % len(WHY)],
        "附言": WHY[number % len(WHY)], "对方账号": f"62173846140{number:05d}",
    }  # fmt: skip
    return [said[heading] for heading in headings]


def _filled_row(draw: DrawFn, page: Page) -> int:
    return draw(strategies.integers(0, len(page.rows) - 1))


def _cell(draw: DrawFn, page: Page) -> tuple[int, int]:
    row = _filled_row(draw, page)
    page.rows[row] = page.rows[row] or [""]
    return row, draw(strategies.integers(0, len(page.rows[row]) - 1))


def _drop_cell(draw: DrawFn, page: Page) -> None:
    """One of a row: of a row without day and amount nobody can say that it was a line."""
    row, column = _cell(draw, page)
    if row not in page.dropped:
        page.dropped.add(row)
        page.rows[row][column] = ""


def _drop_row(draw: DrawFn, page: Page) -> None:
    if len(page.rows) > 1:
        row = _filled_row(draw, page)
        del page.rows[row], page.origin[row]


def _repeat_row(draw: DrawFn, page: Page) -> None:
    row = _filled_row(draw, page)
    place = draw(strategies.integers(row, len(page.rows)))
    page.rows.insert(place, list(page.rows[row]))
    page.origin.insert(place, page.origin[row])


def _shuffle_rows(draw: DrawFn, page: Page) -> None:
    order = draw(strategies.permutations(range(len(page.rows))))
    page.rows, page.origin = [page.rows[at] for at in order], [page.origin[at] for at in order]


def _turn_rows(_draw: DrawFn, page: Page) -> None:
    page.rows, page.origin = page.rows[::-1], page.origin[::-1]


def _shuffle_columns(draw: DrawFn, page: Page) -> None:
    width = len(page.headings)
    order = draw(strategies.permutations(range(width)))
    page.headings = [page.headings[at] for at in order]
    for number, row in enumerate(page.rows):
        filled = row + [""] * (width - len(row))
        page.rows[number] = [filled[at] for at in order] + filled[width:]


def _further_row(draw: DrawFn, page: Page) -> None:
    further = draw(strategies.sampled_from([*FURTHER_ROWS, page.headings]))
    place = draw(strategies.integers(0, len(page.rows)))
    page.rows.insert(place, list(further))
    page.origin.insert(place, None)


def _call_a_total(draw: DrawFn, page: Page) -> None:
    """A real line whose summary is the word of a total."""
    row = _filled_row(draw, page)
    for heading in ("摘要", "附言", "用途"):
        column = page.column(heading)
        if column is not None and column < len(page.rows[row]):
            page.rows[row][column] = draw(strategies.sampled_from(CALLED))


def _insert_cell(draw: DrawFn, page: Page) -> None:
    row, column = _cell(draw, page)
    page.rows[row].insert(column, draw(strategies.sampled_from(["", "网银"])))


def _delete_cell(draw: DrawFn, page: Page) -> None:
    row, column = _cell(draw, page)
    if row not in page.dropped:
        page.dropped.add(row)
        del page.rows[row][column]


def _swap_cells(draw: DrawFn, page: Page) -> None:
    """Two cells of a column change places, as when a column is sorted by itself."""
    (row, column), other = _cell(draw, page), _filled_row(draw, page)
    if column < len(page.rows[other]) and page.rows[row][column] != page.rows[other][column]:
        page.rows[row][column], page.rows[other][column] = (
            page.rows[other][column], page.rows[row][column],
        )  # fmt: skip
        page.changed = True


def _spell(draw: DrawFn, page: Page) -> None:
    """The same value in another spelling."""
    row, column = _cell(draw, page)
    text = page.rows[row][column]
    forms = [
        f" {text} ",
        f"{text}\t",
        text.translate({0x30 + one: 0xFF10 + one for one in range(10)}),
    ]
    if "." in text and text.replace(".", "").replace("-", "").isdigit():
        fen = int(text.replace(".", ""))
        forms += [grouped(fen), f"¥{text}" if fen > 0 else text, f"{text}元", f"{text}00"]
    page.rows[row][column] = draw(strategies.sampled_from(forms))


def _retype(draw: DrawFn, page: Page) -> None:
    """Another value, or none."""
    row, column = _cell(draw, page)
    text = page.rows[row][column]
    forms = [
        text[:-1],
        text[1:],
        f"{text}0",
        text.replace("1", "7"),
        "合计",
        "#N/A",
        "失败",
        "0.00",
    ]
    page.rows[row][column] = draw(strategies.sampled_from(forms))
    page.changed = page.changed or page.rows[row][column] != text


def _quote(draw: DrawFn, page: Page) -> None:
    row, column = _cell(draw, page)
    text = page.rows[row][column]
    page.rows[row][column] = draw(strategies.sampled_from([f'"{text}', f'{text}"', f'"{text}"']))


def _merge_days(draw: DrawFn, page: Page) -> None:
    """The day of some lines is one cell over them, if they are all of that day."""
    day = next((at for at, word in enumerate(page.headings) if word[:2] in ("交易", "日期")), None)
    if day is None or page.merged or "交易金额" in page.headings[day]:
        return
    first = _filled_row(draw, page)
    cells = [row[day] if day < len(row) else "" for row in page.rows]
    last = first
    while last + 1 < len(cells) and cells[last + 1] == cells[first] != "":
        last += 1
    if last > first:
        page.merged.append((first, last))
        for row in range(first + 1, last + 1):
            page.rows[row][day] = ""


def _other_heading(draw: DrawFn, page: Page) -> None:
    known, other = draw(strategies.sampled_from(sorted(OTHER_WORDS.items())))
    page.headings = [other if heading == known else heading for heading in page.headings]


def _drop_heading(draw: DrawFn, page: Page) -> None:
    column = draw(strategies.integers(0, len(page.headings) - 1))
    if page.headings[column] in ("余额", "当前结余"):
        page.balanced = False
        page.headings[column] = ""
    else:
        page.headings[column] = draw(strategies.sampled_from(["", "渠道"]))


# What moves rows comes first: what is merged afterwards stays where it is.
MOVING: tuple[_Damage, ...] = (
    _drop_row, _repeat_row, _shuffle_rows, _turn_rows, _shuffle_columns, _further_row, _further_row,
    _other_heading, _drop_heading,
)  # fmt: skip
CHANGING: tuple[_Damage, ...] = (
    _drop_cell, _insert_cell, _delete_cell, _swap_cells, _spell, _spell, _retype, _quote,
    _call_a_total, _merge_days,
)  # fmt: skip


@strategies.composite
def damaged_statements(draw: DrawFn) -> Damaged:
    lines = truth()
    headings = list(LAYOUTS[draw(strategies.sampled_from(sorted(LAYOUTS)))])
    balanced = draw(strategies.sampled_from([True, True, False]))
    if not balanced:
        headings.remove("余额")
    rows = [_row_of(line, headings, number) for number, line in enumerate(lines)]
    titles: list[list[str]] = []
    if draw(strategies.booleans()):
        titles.append(
            [f"期初余额：{plain(OPENING_FEN)}", f"期末余额：{plain(lines[-1].balance_fen)}"]
        )
        titles.append([f"总笔数：{len(lines)}"])
    page = Page(headings, rows, list(range(len(rows))), titles, balanced)
    for damage in draw(strategies.lists(strategies.sampled_from(MOVING), max_size=2)):
        damage(draw, page)
    for damage in draw(strategies.lists(strategies.sampled_from(CHANGING), max_size=3)):
        damage(draw, page)
    kind = draw(strategies.sampled_from(["xlsx", "utf-8", "gb18030"]))
    return Damaged(kind, page)


def _workbook(damaged: Damaged) -> bytes:
    content, above = BytesIO(), len(damaged.page.titles) + 1
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("明细")
        day = next(
            (at for at, one in enumerate(damaged.page.headings) if one[:2] in ("交易", "日期")), 0
        )
        for first, last in damaged.page.merged:
            sheet.merge_range(above + first, day, above + last, day, "")
        for number, row in enumerate(damaged.cells):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell)
    return content.getvalue()
