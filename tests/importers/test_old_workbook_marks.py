"""What an old workbook says of its rows is read from any file, and costs nobody the file."""

from __future__ import annotations

import io

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from importers.tables.compound_file import CompoundFile
from importers.tables.old_workbook_marks import marks_of_old
from importers.tables.workbook_marks import NO_MARKS
from importers.tables.workbook_marks import SheetMarks

ROWS = 300


def old_workbook() -> bytes:
    """Two sheets: on the second some rows are hidden and some struck out, in texts and numbers."""
    book = xlwt.Workbook(encoding="utf-8")
    book.add_sheet("一").write(0, 0, "空")
    page = book.add_sheet("二")
    struck = xlwt.easyxf("font: struck_out on")
    for row in range(ROWS):
        looks = (struck,) if row % 100 == 7 else ()
        page.write(row, 0, f"第 {row} 行", *looks)
        for column in (1, 2):
            page.write(row, column, row, *looks)
        page.row(row).hidden = row % 100 == 3
    page.write(5, 3, "", struck)
    page.write(6, 3, xlwt.Formula("1/0"))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


OLD = old_workbook()


def test_rows_that_are_hidden_or_struck_out_and_formulas_without_a_value_are_found() -> None:
    struck = {(row + 1, column) for row in (7, 107, 207) for column in (0, 1, 2)}
    marks = SheetMarks(frozenset({4, 104, 204}), frozenset(struck), frozenset({(7, 3)}))
    assert marks_of_old(OLD) == [NO_MARKS, marks]


def test_a_row_of_no_height_is_hidden() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("一")
    for row in range(3):
        page.write(row, 0, f"第 {row} 行")
    page.row(1).height_mismatch = True
    page.row(1).height = 0
    content = io.BytesIO()
    book.save(content)
    assert marks_of_old(content.getvalue()) == [SheetMarks(frozenset({2}))]


def test_a_workbook_without_any_has_no_marks() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    book.add_sheet("一").write(0, 0, "空")
    content = io.BytesIO()
    book.save(content)
    assert marks_of_old(content.getvalue()) == []


@pytest.mark.parametrize("content", [b"", OLD[:8], OLD[:600], OLD[: len(OLD) // 2], bytes(4096)])
def test_what_is_cut_off_has_no_marks(content: bytes) -> None:
    assert marks_of_old(content) == []


@given(
    st.lists(
        st.tuples(st.integers(0, len(OLD) - 1) | st.integers(0, 2000), st.binary(min_size=1)),
        min_size=1,
        max_size=5,
    )
)
def test_damage_makes_other_marks_or_none_and_never_an_error(
    changes: list[tuple[int, bytes]],
) -> None:
    content = bytearray(OLD)
    for place, others in changes:
        content[place : place + len(others)] = others
    for marks in marks_of_old(bytes(content)):
        assert isinstance(marks, SheetMarks)


def test_a_small_stream_is_found_among_the_small_sectors() -> None:
    """A header, then a sector each: the table, the directory, the small table, the small ones."""
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    small = b"Workbook of 1995".ljust(64, b".") + b"goes on here"

    def numbers(*values: int) -> bytes:
        return b"".join(value.to_bytes(4, "little") for value in values)

    def entry(name: str, kind: int, first: int, size: int) -> bytes:
        spelt = (name + "\0").encode("utf-16-le")
        head = spelt.ljust(64, b"\0") + len(spelt).to_bytes(2, "little") + bytes([kind])
        return head.ljust(116, b"\0") + numbers(first, size) + bytes(4)

    header = bytes(30) + bytes([9, 0, 6, 0]) + bytes(14) + numbers(1, 0, 4096, 2, 1, end, 0, 0)
    sectors = [
        numbers(table, end, end, end) + numbers(free) * 124,
        entry("Root Entry", 5, 3, 128) + entry("Book", 2, 0, len(small)),
        numbers(1, end) + numbers(free) * 126,
        small,
    ]
    content = header + numbers(free) * 108 + b"".join(one.ljust(512, b"\0") for one in sectors)
    assert CompoundFile(content).stream("Workbook", "Book") == small
