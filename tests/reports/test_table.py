"""Tables: rows are as high as their text, what is drawn stays inside its cell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies
from reportlab.pdfgen.canvas import Canvas

from reports.payout.sheet import ROW_HEIGHT
from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import register_fonts
from reports.pdf.fonts import text_width
from reports.pdf.table import PADDING
from reports.pdf.table import Column
from reports.pdf.table import Table
from reports.pdf.text_fitting import FLOOR_SIZE
from reports.pdf.text_fitting import NOTE_SIZE
from reports.pdf.text_fitting import lines_height
from tests.support.made_up_payments import LONG_BANK
from tests.support.made_up_payments import LONG_NAME
from tests.support.made_up_payments import LONG_VILLAGE
from tests.support.made_up_payments import USUAL
from tests.support.pdf_text import by_pypdf

texts = strategies.text("王建国·买提第（）12aB ", max_size=40)


def table() -> Table:
    columns = [Column("姓名", 70), Column("普查区", 100, "left"), Column("金额", 50, "right")]
    return Table(columns, left=40, row_height=20)


def grouped_table() -> Table:
    columns = [
        Column("姓名", 70),
        Column("人数", 30, group="应发"),
        Column("金额", 50, "right", group="应发"),
        Column("人数", 30, group="退回"),
        Column("金额", 50, "right", group="退回"),
    ]
    return Table(columns, left=40, row_height=20)


def drawn_header(path: Path, table: Table) -> tuple[float, list[tuple[float, ...]], str]:
    """The bottom of a header whose top is at 500, the rules x1 y1 x2 y2, the text."""
    register_fonts()
    paper = Canvas(str(path), pageCompression=0, initialFontName=REGULAR)
    canvas = PageCanvas(paper)
    bottom = table.draw_header(canvas, 500)
    table.draw_rules(canvas, 500, bottom)
    canvas.finish_page()
    paper.save()
    stream = path.read_bytes().decode("latin-1")
    rules = re.findall(r"(\S+) (\S+) m (\S+) (\S+) l", stream)
    (text,) = by_pypdf(path)
    return bottom, [tuple(map(float, rule)) for rule in rules], text


def test_a_row_is_of_the_usual_height() -> None:
    assert table().measure(["王建国", "善国社区", "800.00"]).height == 20


def test_two_lines_still_fit_the_usual_row_of_a_payout_sheet() -> None:
    sheet = Table(USUAL.columns, left=0, row_height=ROW_HEIGHT)
    texts = ["1", "王建国", "", "普查员", LONG_VILLAGE, "", "6215210000000001", "", "", "", ""]
    row = sheet.measure(texts, {6: "户名：王建囯"})
    assert [len(cell) for cell in row.cells][4:7] == [2, 0, 2]
    assert row.height == ROW_HEIGHT


def test_a_row_grows_with_a_very_long_text() -> None:
    row = table().measure([LONG_NAME, LONG_BANK, "800.00"])
    assert len(row.cells[0]) == 3
    assert row.height > 20


def test_figures_shrink_and_never_break() -> None:
    row = table().measure(["", "", "123,456,789,012.00"])
    (line,) = row.cells[2]
    assert line.size < FLOOR_SIZE
    assert line.width <= 50


def test_a_note_stands_below_in_small_type() -> None:
    row = table().measure(["李䶮", "", ""], {0: "户名：李龑"})
    assert [(line.text, line.size) for line in row.cells[0]] == [
        ("李䶮", 9),
        ("户名：李龑", NOTE_SIZE),
    ]


@given(strategies.tuples(texts, texts, texts), texts)
def test_all_text_has_room(cells: tuple[str, str, str], note: str) -> None:
    measured = table()
    row = measured.measure(cells, {1: note})
    for lines, column in zip(row.cells, measured.columns, strict=True):
        assert all(line.width <= column.width for line in lines)
        assert lines_height(lines) <= row.height
    assert "".join(line.text for line in row.cells[1]) == cells[1] + note


@pytest.mark.parametrize("place", [0, 1, 2])
def test_text_is_drawn_inside_its_cell(tmp_path: Path, place: int) -> None:
    register_fonts()
    paper = Canvas(str(tmp_path / "table.pdf"), pageCompression=0, initialFontName=REGULAR)
    canvas = PageCanvas(paper)
    drawn = table()
    cells = ["", "", ""]
    cells[place] = LONG_NAME
    row = drawn.measure(cells)
    bottom = drawn.draw_rows(canvas, 500, [row])
    canvas.finish_page()
    paper.save()
    assert bottom == 500 - row.height
    stream = (tmp_path / "table.pdf").read_bytes().decode("latin-1")
    origins = [(float(x), float(y)) for x, y in re.findall(r"1 0 0 1 (\S+) (\S+) Tm", stream)]
    assert len(origins) == len(row.cells[place])
    for (x, y), line in zip(origins, row.cells[place], strict=True):
        assert drawn.edges[place] < x
        assert x + line.width < drawn.edges[place + 1]
        # Chinese characters reach an eighth of their size below the baseline.
        assert bottom < y - line.size / 8
        assert y + line.size * 0.88 < 500


def test_a_header_of_one_line_without_groups(tmp_path: Path) -> None:
    bottom, rules, _text = drawn_header(tmp_path / "table.pdf", table())
    assert bottom == 500 - table().header_height == 480
    assert rules == [(40, 480, 260, 480), (110, 500, 110, 480), (210, 500, 210, 480)]


def test_titles_of_groups_stand_above_those_of_their_columns(tmp_path: Path) -> None:
    bottom, rules, text = drawn_header(tmp_path / "table.pdf", grouped_table())
    assert bottom == 500 - grouped_table().header_height == 460
    assert [text.count(title) for title in ("姓名", "应发", "退回", "人数", "金额")] == [
        *(1, 1, 1),
        *(2, 2),
    ]
    below_titles = [(110, 480, 190, 480), (190, 480, 270, 480)]
    assert rules[:3] == [*below_titles, (40, 460, 270, 460)]
    # 姓名 | 应发 | 退回 from the top, 人数 | 金额 only below the title of their group.
    upright = [(110, 500), (140, 480), (190, 500), (220, 480)]
    assert rules[3:] == [(x, top, x, 460) for x, top in upright]


def drawn_total(path: Path, **how: Any) -> list[float]:
    """Where each text of a line of totals begins, over three columns from 40 to 260."""
    register_fonts()
    paper = Canvas(str(path), pageCompression=0, initialFontName=REGULAR)
    canvas = PageCanvas(paper)
    assert table().draw_total(canvas, 500, "合计", {2: "800.00"}, span=2, **how) == 480
    canvas.finish_page()
    paper.save()
    stream = path.read_bytes().decode("latin-1")
    return [float(x) for x in re.findall(r"1 0 0 1 (\S+) \S+ Tm", stream)]


def test_the_word_of_a_total_stands_in_the_middle_of_its_columns(tmp_path: Path) -> None:
    width = 2 * 9
    assert drawn_total(tmp_path / "x.pdf", align="centre")[0] == pytest.approx(125 - width / 2)
    assert drawn_total(tmp_path / "x.pdf")[0] == pytest.approx(40 + PADDING, abs=0.01)


def test_a_total_has_its_point_below_those_of_the_rows(tmp_path: Path) -> None:
    (line,) = table().measure(["", "", "800.00"]).cells[2]
    point = 260 - PADDING - line.width + text_width("800", REGULAR) * line.size
    start = drawn_total(tmp_path / "x.pdf")[1]
    assert start + text_width("800", BOLD) * 9 == pytest.approx(point, abs=0.01)
    assert start + text_width("800.00", BOLD) * 9 <= 260 - PADDING + 0.01


def test_neighbours_without_a_group_are_none() -> None:
    columns = [Column("姓名", 70), Column("岗位", 30), Column("人数", 30, group="应发")]
    assert Table(columns, left=0, row_height=20).groups == (range(2, 3),)


def test_a_long_title_of_a_group_shrinks_to_its_columns(tmp_path: Path) -> None:
    title = "等待银行回盘的人数和金额" * 2
    columns = [Column("人数", 30, group=title), Column("金额", 50, group=title)]
    drawn = Table(columns, left=40, row_height=20)
    drawn_header(tmp_path / "table.pdf", drawn)
    stream = (tmp_path / "table.pdf").read_bytes().decode("latin-1")
    drawn_at = re.search(r"1 0 0 1 (\S+) \S+ Tm\n\S+ (\S+) Tf", stream)
    assert drawn_at is not None
    x, size = map(float, drawn_at.groups())
    assert x > 40
    assert x + text_width(title, BOLD) * size < 120
