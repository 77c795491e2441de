"""Rows that are written at once make the same files as XlsxWriter does cell by cell."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.base.workbook_sheet import Sheet

Value = str | int | Decimal
# What a workbook's cells hold, and what could be more to a reader than a text.
TEXTS = st.one_of(
    st.sampled_from(["", "王建国", "=1+1", "https://a.cn", " 张 ", "<a&b>", "0012", "长" * 40_000]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
NUMBERS = st.one_of(
    st.integers(0, 10**9), st.decimals(0, 10**9, places=2, allow_nan=False, allow_infinity=False)
)
ROWS = st.dictionaries(
    st.integers(0, 40),
    st.dictionaries(st.integers(0, 30), st.tuples(st.one_of(TEXTS, NUMBERS), st.integers(0, 2))),
    max_size=12,
)


def looks(workbook: xlsxwriter.Workbook) -> Sequence[Any]:
    """Two of them are alike."""
    return [workbook.add_format(look) for look in ({"border": 1}, {"bold": True}, {"border": 1})]


def made(rows: dict[int, dict[int, tuple[Value, int]]], *, at_once: bool) -> dict[str, str]:
    """The files of a workbook."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        styles = looks(workbook)
        sheet = workbook.add_worksheet("甲", Sheet if at_once else None)
        sheet.set_row(3, 28)
        sheet.set_column(2, 4, 24, styles[1])
        sheet.write_comment(5, 2, "看")
        sheet.write_formula(41, 31, "=A1")
        sheet.write_boolean(42, 3, True, styles[0])
        for row, cells in rows.items():
            put = [(column, value, styles[look]) for column, (value, look) in cells.items()]
            if at_once:
                sheet.write_cells(row, put)
                continue
            for column, value, style in put:
                if not isinstance(value, str):
                    sheet.write_number(row, column, value, style)
                elif value:
                    sheet.write_string(row, column, value, style)
                else:
                    sheet.write_blank(row, column, None, style)
    with ZipFile(content) as parts:
        names = [name for name in parts.namelist() if name != "docProps/core.xml"]
        return {name: parts.read(name).decode("utf-8") for name in names}


@settings(max_examples=40)
@given(ROWS)
def test_the_files_are_those_of_xlsxwriter(rows: dict[int, dict[int, tuple[Value, int]]]) -> None:
    assert made(rows, at_once=True) == made(rows, at_once=False)
