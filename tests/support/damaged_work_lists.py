"""Hypothesis strategies that damage lists of work as clerks and programs do.

The damages are those of rosters, on a list of made-up people; beside them numbers are written with
units, below zero and in parts, columns are doubled, and totals are right or wrong.
"""

from __future__ import annotations

from hypothesis import strategies
from hypothesis.strategies import DrawFn

from importers.tables.cells import Cell
from tests.support.damaged_rosters import CHANGING
from tests.support.damaged_rosters import MOVING
from tests.support.damaged_rosters import TOWN
from tests.support.damaged_rosters import Damaged
from tests.support.damaged_rosters import Page
from tests.support.office import made_up

HEADINGS = ("序号", "姓名", "身份证号", "镇街", "户数", "人数", "扣减金额", "扣减原因")
COUNTED = ("户数", "登记户数", "数量", "数量（户）")
PEOPLE = 30
FORMS = (
    "{}户",
    "{}人",
    " {}",
    "-{}",
    "{}.5",
    "约{}",
    "{}.0",
    "{}\n",
    "１{}",
    "{}份",
    "0{}",
    "{},000",
)


def _of_number(draw: DrawFn, page: Page, column: int) -> None:
    """A quantity in another form."""
    rows = range(page.header + 1, len(page.rows))
    if rows and len(page.rows[row := draw(strategies.sampled_from(rows))]) > column:
        form = draw(strategies.sampled_from(FORMS))
        page.rows[row][column] = form.format(page.rows[row][column])


def _second_column(draw: DrawFn, page: Page) -> None:
    """Another column that may be meant, with the same numbers or with one that differs."""
    differs = draw(strategies.booleans())
    for number, row in enumerate(page.rows):
        if number == page.header:
            row.append(draw(strategies.sampled_from(COUNTED)))
        elif number > page.header and len(row) > 4:
            row.append(row[4] if not differs or number != len(page.rows) - 1 else 9)


def _total(draw: DrawFn, page: Page) -> None:
    rows = page.rows[page.header + 1 :]
    added = sum(row[4] for row in rows if len(row) > 4 and isinstance(row[4], int))
    page.rows.append(["合计", "", "", "", added + draw(strategies.sampled_from([0, 0, 1, -1]))])


@strategies.composite
def damaged_work_lists(draw: DrawFn) -> Damaged:
    """A list of a few people in one sheet or two."""
    pages = []
    for name in draw(strategies.sampled_from([("表",), ("表",), ("东", "西")])):
        numbers = draw(
            strategies.lists(strategies.integers(1, PEOPLE), min_size=1, max_size=5, unique=True)
        )
        heading = draw(strategies.sampled_from(COUNTED))
        heads: list[Cell] = [heading if word == "户数" else word for word in HEADINGS]
        people = [_row(draw, place, number) for place, number in enumerate(numbers, 1)]
        page = Page(name, [[f"{TOWN}工作量表"], heads, *people], 1)
        if draw(strategies.booleans()):
            _total(draw, page)
        if draw(strategies.integers(0, 3)) == 0:
            _second_column(draw, page)
        for _time in range(draw(strategies.integers(0, 2))):
            _of_number(draw, page, 4)
        for damage in draw(strategies.lists(strategies.sampled_from(MOVING), max_size=2)):
            damage(draw, page)
        for damage in draw(strategies.lists(strategies.sampled_from(CHANGING), max_size=4)):
            damage(draw, page)
        pages.append(page)
    kind = draw(strategies.sampled_from(["xlsx", "xlsx", "utf-8", "gb18030"]))
    return Damaged(kind, tuple(pages if kind == "xlsx" else pages[:1]))


def _row(draw: DrawFn, place: int, number: int) -> list[Cell]:
    payee = made_up(number)
    off: list[Cell] = [20, "漏登"] if draw(strategies.integers(0, 2)) == 0 else ["", ""]
    quantity = draw(strategies.integers(0, 400))
    row: list[Cell] = [place, payee.legal_name, payee.identity, TOWN, quantity, quantity * 3]
    return [*row, *off]
