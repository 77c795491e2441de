"""Chinese punctuation in print: marks that share one space, and where a line may end."""

from __future__ import annotations

import re
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from reports.pdf.canvas import PageCanvas
from reports.pdf.fonts import BOLD
from reports.pdf.fonts import FONTS_FOLDER
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import register_fonts
from reports.pdf.fonts import text_width
from reports.pdf.line_breaking import CLOSING
from reports.pdf.line_breaking import OPENING
from reports.pdf.line_breaking import POINTS
from reports.pdf.line_breaking import keeps_together
from reports.pdf.line_breaking import may_break
from reports.pdf.line_breaking import squeeze
from reports.pdf.line_breaking import squeezed_parts
from tests.support.pdf_text import READERS
from tests.support.pdf_text import PageTexts
from tests.support.pdf_text import poppler

texts = strategies.text(f"财务䶮aB1 {OPENING}{CLOSING}{POINTS}！·", max_size=30)
every_reader = pytest.mark.parametrize("read", READERS)
# As settings, rosters and our own labels put them side by side.
SQUEEZED = (
    "镇（街道）：荆河街道",
    "领款单位（盖章）、经办人",
    "《会计法》、《预算法》。",
    "（（一））",
    "“完结”，“作废”",
    "李䶮（王𬭚），",
)


# --- marks side by side


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        ("财务", 0),
        ("（财务）", 0),
        ("（财务）：", 1),
        ("《会计法》、《预算法》。", 3),
        ("（（一））", 2),
        ("：", 0),
        ("好！）", 0),
    ],
)
def test_two_marks_share_half_a_square(text: str, halves: int) -> None:
    assert squeeze(text) == halves / 2
    assert text_width("一" * len(text)) - text_width(text) == pytest.approx(halves / 2)


def test_only_the_first_of_two_marks_is_narrower() -> None:
    assert squeezed_parts("（财务）：李") == [("（财务", False), ("）", True), ("：李", False)]
    assert squeezed_parts("》、《") == [("》", True), ("、", True), ("《", False)]
    assert squeezed_parts("") == []


@given(texts)
def test_the_parts_are_the_text_and_the_marked_ones_its_width(text: str) -> None:
    parts = squeezed_parts(text)
    assert "".join(part for part, _is_squeezed in parts) == text
    assert sum(is_squeezed for _part, is_squeezed in parts) == 2 * squeeze(text)
    assert all(len(part) == 1 for part, is_squeezed in parts if is_squeezed)
    alone = sum(text_width(character) for character in text)
    assert text_width(text) == pytest.approx(alone - squeeze(text))


@pytest.mark.parametrize("font", [REGULAR, BOLD])
def test_no_ink_stands_where_a_mark_gives_way(font: str) -> None:
    """A closing mark or point has the right half of its square empty, an opening one the left."""
    for mark in CLOSING + POINTS:
        assert ink_of(font, mark)[1] <= 500, mark
    for mark in OPENING:
        assert ink_of(font, mark)[0] >= 500, mark


def ink_of(font: str, character: str) -> tuple[float, float]:
    """Where a glyph's ink begins and ends, in thousandths of an em; its square is one em wide."""
    register_fonts()
    face = pdfmetrics.getFont(font).face
    assert face.charWidths[ord(character)] == 1000
    data = (FONTS_FOLDER / f"{font}.ttf").read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    tables = {}
    for place in range(count):
        tag, _sum, start, _length = struct.unpack_from(">4sLLL", data, 12 + 16 * place)
        tables[tag] = start
    (ems,) = struct.unpack_from(">H", data, tables[b"head"] + 18)
    (is_long,) = struct.unpack_from(">h", data, tables[b"head"] + 50)
    glyph = face.charToGlyph[ord(character)]
    if is_long:
        (offset,) = struct.unpack_from(">L", data, tables[b"loca"] + 4 * glyph)
    else:
        offset = 2 * struct.unpack_from(">H", data, tables[b"loca"] + 2 * glyph)[0]
    _contours, left, _bottom, right, _top = struct.unpack_from(
        ">hhhhh", data, tables[b"glyf"] + offset
    )
    return left * 1000 / ems, right * 1000 / ems


# --- on the page


def printed(path: Path, lines: tuple[str, ...], size: float = 10, font: str = REGULAR) -> Path:
    """The lines below one another, from 40 points to the right."""
    register_fonts()
    paper = Canvas(str(path), initialFontName=REGULAR)
    canvas = PageCanvas(paper)
    for place, line in enumerate(lines):
        canvas.text(40, 800 - 30 * place, line, size, font)
    canvas.finish_page()
    paper.save()
    return path


@every_reader
@pytest.mark.parametrize("font", [REGULAR, BOLD])
def test_what_is_squeezed_is_copied_whole(tmp_path: Path, read: PageTexts, font: str) -> None:
    (text,) = read(printed(tmp_path / "x.pdf", SQUEEZED, font=font))
    assert [line.strip() for line in text.splitlines() if line.strip()] == list(SQUEEZED)


@every_reader
def test_text_of_marks_is_copied_whole_whatever_their_order(
    tmp_path: Path, read: PageTexts
) -> None:
    """Every pair of marks, between characters of two subsets of the font."""
    marks = OPENING + CLOSING + POINTS
    lines = tuple(f"甲{''.join(f'{first}{second}' for second in marks)}乙" for first in marks)
    written = printed(tmp_path / "x.pdf", lines, size=4)
    (text,) = read(written)
    assert [line.strip() for line in text.splitlines() if line.strip()] == list(lines)


@pytest.mark.parametrize("font", [REGULAR, BOLD])
def test_a_line_is_as_wide_on_paper_as_it_was_measured(tmp_path: Path, font: str) -> None:
    """A character after the marks stands where the measure says, as poppler sees it."""
    lines = (*SQUEEZED, "没有标点")
    path = printed(tmp_path / "x.pdf", tuple(f"{line}末" for line in lines), font=font)
    command = [poppler("pdftotext"), "-bbox", str(path), "-"]
    output = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    boxes = re.findall(r'<word xMin="(\S+)" yMin="\S+" xMax="(\S+)" .*?>(.*?)</word>', output)
    assert [text for _left, _right, text in boxes] == [f"{line}末" for line in lines]
    for line, (left, right, _text) in zip(lines, boxes, strict=True):
        assert float(left) == pytest.approx(40, abs=0.01)
        assert float(right) == pytest.approx(40 + 10 * text_width(f"{line}末", font), abs=0.02)


# --- where lines end


@pytest.mark.parametrize(
    "broken",
    [
        "荆河街道|（城区）",
        "收支|情况",
        "张三|，",
        "（|城区",
        "五十|％",
        "阿不都|·",
        "￥|800",
        "共 3|页",
    ],
)
def test_a_mark_stays_with_what_it_belongs_to(broken: str) -> None:
    before, _bar, after = broken.partition("|")
    is_allowed = broken in ("荆河街道|（城区）", "收支|情况", "共 3|页")
    assert may_break(before + after, len(before)) == is_allowed


@pytest.mark.parametrize(
    ("broken", "together"),
    [
        ("1,525|人", True),
        ("2020|年", True),
        ("800|.00", True),
        ("B2020|-001", True),
        ("202|0年", True),
        ("census|-ledger", True),
        ("2020年|11月", False),
        ("第|十页", False),
        ("上级|补助", False),
        ("批次|B2020", False),
    ],
)
def test_a_number_stays_whole_and_with_its_unit(broken: str, together: bool) -> None:
    before, _bar, after = broken.partition("|")
    assert keeps_together(before + after, len(before)) == together
