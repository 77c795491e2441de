"""Rosters for tests, as the bytes of a file: people who do not exist, any cell changed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from collections.abc import Sequence

import xlsxwriter

from importers.tables.cells import Cell
from tests.support.office import made_up

HEADINGS = {
    "姓名": "name",
    "身份证号": "identity",
    "岗位": "role",
    "普查区": "area_name",
    "普查小区编码": "block",
    "联系电话": "phone",
    "开户行": "bank",
    "银行卡号": "account",
}
Rows = Sequence[Sequence[Cell]]


def person(
    number: int,
    headings: Sequence[str] = tuple(HEADINGS),
    *,
    changes: Mapping[str, Cell] | None = None,
    **more_changes: Cell,
) -> list[Cell]:
    """The cells of the ``number``-th made-up enumerator of 荆河街道 under the headings."""
    payee = made_up(number)
    cells: dict[str, Cell] = {
        heading: payee.legal_name if field == "name" else getattr(payee, field)
        for heading, field in HEADINGS.items()
    }
    return [{**cells, **(changes or {}), **more_changes}.get(heading, "") for heading in headings]


def workbook(sheets: Mapping[str, Rows], *, hidden: Sequence[str] = ()) -> bytes:
    """An .xlsx file whose sheets hold the rows from A1; an empty text is an empty cell."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            if name in hidden:
                page.hide()
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(number, column, cell)
                    elif isinstance(cell, bool | int | float):
                        page.write(number, column, cell)
                    else:
                        page.write_datetime(
                            number, column, cell, book.add_format({"num_format": "yyyy-mm-dd"})
                        )
    return content.getvalue()


def roster(*people: Sequence[Cell], title: str = "荆河街道两员花名册") -> bytes:
    """One sheet with a title, the usual headings in row 2 and people from row 3."""
    return workbook({"Sheet1": [[title], list(HEADINGS), *people]})
