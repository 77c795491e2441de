"""Hypothesis strategies that damage rosters as clerks and programs do.

A roster of made-up people is dropped from, shuffled, retyped, merged, padded and added to, and
written as a workbook of the new or the old format or as text. What was written is kept beside the
file, so that a test can say of every row and cell what became of it.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from functools import cached_property
from typing import TypeAlias

import xlsxwriter
import xlwt
from hypothesis import strategies
from hypothesis.strategies import DrawFn

from importers.tables.cells import Cell
from tests.support.roster_files import HEADINGS
from tests.support.roster_files import person
from tests.support.tengzhou import SUPERVISOR

PEOPLE = 40
TOWN = "荆河街道"
OTHER_WORDS = {
    "身份证号": "公民身份\n号码", "银行卡号": "账号", "岗位": "人员类别", "联系电话": "手机号",
}  # fmt: skip
PADDINGS = (
    " {}", "{}　", "\t{}", "{}\t", "'{}", "’{}", "\u200b{}", "\u202d{}\u202c", "\xa0{} ", "{}\n",
)  # fmt: skip
STRANGE_CELLS: tuple[Cell, ...] = (
    "", "无", "/", "3.70481E+17", "合计", "姓名", "#N/A", "=1+1", True, 42, 370481199003071232,
    6.2e15, 0.5, -1, datetime.date(2020, 1, 2), "370481900307123", "·", "李䶮", "男" * 300,
)  # fmt: skip
FURTHER_ROWS: tuple[tuple[Cell, ...], ...] = (
    ("合　计", "3人", "", "", 2400),
    ("制表人：刘敏", "", "审核人：王建国", "", "电话：0632-5512345"),
    ("注：银行卡须为本人账户。",),
    (),
    ("", "　", " "),
    tuple(range(1, 9)),
    (f"{TOWN}两员花名册（续）",),
    tuple(HEADINGS),
    ("二、普查指导员",),
)


@dataclass
class Page:
    """A sheet while it is being damaged; ``merged`` are (first row, last row, column) from 0."""

    name: str
    rows: list[list[Cell]]
    header: int
    hidden: bool = False
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    struck_rows: set[int] = field(default_factory=set)

    @property
    def width(self) -> int:
        return max(map(len, self.rows))

    def meant(self, row: int) -> list[Cell]:
        """The cells of a row, with what was merged down over it, filled up to the page's width."""
        cells = self.rows[row] + [""] * (self.width - len(self.rows[row]))
        for first, last, column in self.merged:
            if first < row <= last and any(cell != "" for cell in cells):
                cells[column] = (self.rows[first] + [""] * self.width)[column]
        return cells


@dataclass(frozen=True)
class Damaged:
    """A file as it is sent: ``kind`` is xlsx, xls or the encoding of a text."""

    kind: str
    pages: tuple[Page, ...]

    @property
    def name(self) -> str:
        return f"{TOWN}.{self.kind if self.kind.startswith('xl') else 'csv'}"

    @cached_property
    def content(self) -> bytes:
        if self.kind == "xlsx":
            return _new_workbook(self.pages)
        if self.kind == "xls":
            return _old_workbook(self.pages)
        return _text(self.pages[0]).encode(self.kind)


_Damage: TypeAlias = Callable[[DrawFn, Page], None]


def _place(draw: DrawFn, page: Page) -> tuple[int, int]:
    """A cell below the headings, or sometimes one of them."""
    row = draw(strategies.integers(page.header, len(page.rows) - 1))
    if row == page.header and draw(strategies.booleans()):
        row = len(page.rows) - 1
    page.rows[row] = page.rows[row] or [""]
    return row, draw(strategies.integers(0, len(page.rows[row]) - 1))


def _drop_cell(draw: DrawFn, page: Page) -> None:
    row, column = _place(draw, page)
    page.rows[row][column] = ""


def _drop_row(draw: DrawFn, page: Page) -> None:
    if len(page.rows) > 1:
        row = draw(strategies.integers(0, len(page.rows) - 1))
        del page.rows[row]
        page.header = min(max(0, page.header - (row < page.header)), len(page.rows) - 1)


def _drop_column(draw: DrawFn, page: Page) -> None:
    column = draw(strategies.integers(0, page.width - 1))
    for row in page.rows:
        del row[column : column + 1]


def _shuffle_rows(draw: DrawFn, page: Page) -> None:
    start = page.header + draw(strategies.sampled_from([1, 1, 1, 0]))
    page.rows[start:] = draw(strategies.permutations(page.rows[start:]))


def _shuffle_columns(draw: DrawFn, page: Page) -> None:
    width = page.width
    order = draw(strategies.permutations(range(width)))
    for number, row in enumerate(page.rows[page.header :], page.header):
        filled = row + [""] * (width - len(row))
        page.rows[number] = [filled[column] for column in order]


def _retype(draw: DrawFn, page: Page) -> None:
    """What a spreadsheet makes of a cell when it is typed, copied or opened anew."""
    row, column = _place(draw, page)
    text = str(page.rows[row][column])
    forms: list[Cell] = [
        text.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)}),
        text.lower(),
        text[:-1],
        draw(strategies.sampled_from(STRANGE_CELLS)),
    ]
    if text.isdecimal() and len(text) < 25:
        forms += [int(text), float(text), f"{float(text):.5E}", f"{text[:4]} {text[4:]}"]
    page.rows[row][column] = draw(strategies.sampled_from(forms))


def _pad(draw: DrawFn, page: Page) -> None:
    row, column = _place(draw, page)
    cell = page.rows[row][column]
    if isinstance(cell, str) and cell:
        page.rows[row][column] = draw(strategies.sampled_from(PADDINGS)).format(cell)


def _quote(draw: DrawFn, page: Page) -> None:
    """A quotation mark that somebody has typed for the row above, or behind a text."""
    row, column = _place(draw, page)
    text = str(page.rows[row][column])
    page.rows[row][column] = draw(strategies.sampled_from(['"', "〃", "同上", text + '"']))


def _move(draw: DrawFn, page: Page) -> None:
    """A cell that was dragged onto another one of its row, or changed places with it."""
    row, column = _place(draw, page)
    cells = page.rows[row]
    other = draw(strategies.integers(0, len(cells) - 1))
    if draw(strategies.booleans()):
        cells[other], cells[column] = cells[column], cells[other]
    elif other != column:
        cells[other], cells[column] = cells[column], ""


def _join(draw: DrawFn, page: Page) -> None:
    """Two cells of a column put into one, as a merge of filled cells leaves them."""
    row, column = _place(draw, page)
    if row > page.header + 1 and column < len(page.rows[row - 1]):
        above, cell = page.rows[row - 1][column], page.rows[row][column]
        page.rows[row][column] = draw(
            strategies.sampled_from([f"{above}\n{cell}", f"{above} {cell}"])
        )


def _merge(draw: DrawFn, page: Page) -> None:
    if len(page.rows) - page.header < 3:
        return
    first = draw(strategies.integers(page.header + 1, len(page.rows) - 2))
    last = min(len(page.rows) - 1, first + draw(strategies.integers(1, 3)))
    column = draw(strategies.integers(0, page.width - 1))
    if any(column == other for _first, _last, other in page.merged):
        return
    if any("姓名" in page.rows[row] for row in range(first, last + 1)):
        return
    page.merged.append((first, last, column))
    for row in range(first + 1, last + 1):
        page.rows[row][column : column + 1] = [""][: len(page.rows[row]) - column]


def _hide_row(draw: DrawFn, page: Page) -> None:
    page.hidden_rows.add(_place(draw, page)[0])


def _strike_row(draw: DrawFn, page: Page) -> None:
    page.struck_rows.add(_place(draw, page)[0])


def _repeat_row(draw: DrawFn, page: Page) -> None:
    row = draw(strategies.integers(page.header, len(page.rows) - 1))
    page.rows.insert(draw(strategies.integers(row, len(page.rows))), list(page.rows[row]))


def _further_row(draw: DrawFn, page: Page) -> None:
    cells = draw(strategies.sampled_from(FURTHER_ROWS))
    page.rows.insert(draw(strategies.integers(page.header + 1, len(page.rows))), list(cells))


def _further_table(draw: DrawFn, page: Page) -> None:
    """Another table below: of supervisors, with columns of its own."""
    headings = draw(strategies.permutations(["序号", *(h for h in HEADINGS if h != "联系电话")]))
    numbers = draw(strategies.lists(strategies.integers(0, PEOPLE - 1), max_size=3))
    page.rows += [[], [f"{TOWN}普查指导员名册"], list(headings)]
    page.rows += [person(number, headings, 岗位=SUPERVISOR) for number in numbers]


def _other_heading(draw: DrawFn, page: Page) -> None:
    known, other = draw(strategies.sampled_from(sorted(OTHER_WORDS.items())))
    page.rows[page.header] = [other if cell == known else cell for cell in page.rows[page.header]]


# Those that move rows come first: what is merged afterwards stays where it is.
MOVING: tuple[_Damage, ...] = (
    _drop_row, _drop_column, _shuffle_rows, _shuffle_columns, _repeat_row, _further_row,
    _further_table, _other_heading,
)  # fmt: skip
CHANGING: tuple[_Damage, ...] = (
    _drop_cell, _retype, _retype, _pad, _pad, _merge, _quote, _move, _join, _hide_row,
    _strike_row,
)  # fmt: skip


@strategies.composite
def damaged_pages(draw: DrawFn, name: str) -> Page:
    numbers = draw(
        strategies.lists(strategies.integers(0, PEOPLE - 1), min_size=1, max_size=6, unique=True)
    )
    above = draw(strategies.integers(0, 14))
    notes: list[list[Cell]] = [["请核对后填写。"] for _row in range(above)]
    titles: list[list[Cell]] = [[f"{TOWN}两员花名册"], *notes[1:]] if above else []
    people = [person(number) for number in numbers]
    page = Page(name, [*titles, list(HEADINGS), *people], len(titles))
    for damage in draw(strategies.lists(strategies.sampled_from(MOVING), max_size=3)):
        damage(draw, page)
    for damage in draw(strategies.lists(strategies.sampled_from(CHANGING), max_size=5)):
        damage(draw, page)
    page.hidden = draw(strategies.sampled_from([False] * 9 + [True]))
    return page


@strategies.composite
def damaged_rosters(draw: DrawFn, *, old_format: bool = True) -> Damaged:
    """.xls files are read in a process of their own: leave them out where time is short."""
    sheets = draw(strategies.sampled_from([1, 1, 1, 2]))
    pages = [draw(damaged_pages(f"Sheet{number}")) for number in range(1, sheets + 1)]
    kinds = ["xlsx"] * 6 + ["gb18030", "utf-16"] + ["xls"] * old_format
    kind = draw(strategies.sampled_from(kinds))
    # One sheet of a workbook must be seen.
    pages[0].hidden = False
    if kind.startswith("xl"):
        return Damaged(kind, tuple(pages))
    page = pages[0]
    page.name, page.merged = "", []
    page.rows = [[_as_text(cell) for cell in row] for row in page.rows]
    return Damaged(kind, (page,))


def _new_workbook(pages: Sequence[Page]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        looks = {
            (dated, struck): book.add_format(
                {"num_format": "yyyy-mm-dd" if dated else "General", "font_strikeout": struck}
            )
            for dated in (False, True)
            for struck in (False, True)
        }
        for page in pages:
            sheet = book.add_worksheet(page.name)
            if page.hidden:
                sheet.hide()
            for first, last, column in page.merged:
                sheet.merge_range(first, column, last, column, "")
            for row in page.hidden_rows:
                sheet.set_row(row, None, None, {"hidden": True})
            for row, cells in enumerate(page.rows):
                for column, cell in enumerate(cells):
                    look = looks[isinstance(cell, datetime.date), row in page.struck_rows]
                    _write(sheet, row, column, cell, look)
    return content.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    look: xlsxwriter.format.Format,
) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, look)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, look)
    elif isinstance(cell, datetime.date):
        sheet.write_datetime(row, column, cell, look)
    elif cell != "":
        sheet.write_string(row, column, str(cell), look)


def _old_workbook(pages: Sequence[Page]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    looks = {
        (dated, struck): xlwt.easyxf(
            f"font: struck_out {'on' if struck else 'off'}",
            num_format_str="yyyy-mm-dd" if dated else "General",
        )
        for dated in (False, True)
        for struck in (False, True)
    }
    for page in pages:
        sheet = book.add_sheet(page.name, cell_overwrite_ok=True)
        sheet.visibility = int(page.hidden)
        for row, cells in enumerate(page.rows):
            for column, cell in enumerate(cells):
                if cell != "":
                    look = looks[isinstance(cell, datetime.date), row in page.struck_rows]
                    sheet.write(row, column, cell, look)
        for row in page.hidden_rows:
            sheet.row(row).hidden = True
        for first, last, column in page.merged:
            sheet.merge(first, last, column, column)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _as_text(cell: Cell) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)


def _text(page: Page) -> str:
    content = io.StringIO()
    csv.writer(content, quoting=csv.QUOTE_ALL).writerows(page.rows)
    return content.getvalue()
