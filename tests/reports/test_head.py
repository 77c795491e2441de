"""Title and head lines: whatever a unit is called, nothing overlaps and nothing is cut off."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies

from reports.pdf.fonts import BOLD
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import text_width
from reports.pdf.page_formats import LANDSCAPE
from reports.pdf.page_formats import MM
from reports.pdf.page_formats import PORTRAIT
from reports.pdf.page_formats import Frame
from reports.pdf.page_head import GAP
from reports.pdf.page_head import TITLE_FLOOR
from reports.pdf.page_head import TITLE_SIZE
from reports.pdf.page_head import PlacedLine
from reports.pdf.page_head import lay_out_head
from reports.pdf.page_head import lay_out_title
from reports.pdf.signed_document import QR_SIDE
from reports.pdf.text_fitting import BODY_SIZE
from reports.pdf.text_fitting import FLOOR_SIZE

TITLE = "第七次全国人口普查两员补助发放表"
LONG_UNIT = "山东省枣庄市滕州市第七次全国人口普查领导小组办公室（滕州市统计局普查中心）"
LONG_PERIOD = "2020年10月至2020年12月（含长表登记与比对复查）"
LONG_TITLE = "山东省枣庄市滕州市第七次全国人口普查普查指导员和普查员劳动报酬及入户登记补助费发放表"
USUAL = (
    ("编制单位：滕州市第七次全国人口普查领导小组办公室", "镇（街道）：荆河街道", "单位：元"),
    ("发放批次：B2020-001", "补助期间：2020年11月", "日期：2020年11月10日"),
)
frames = pytest.mark.parametrize("frame", [LANDSCAPE, PORTRAIT])
names = strategies.text("滕州市普查办公室（）、2020年·𬭚B ", max_size=60)
head_rows = strategies.tuples(*[strategies.tuples(names, names, names)] * 2)

# Of a Chinese character: above and below its baseline, in ems.
ASCENT, DESCENT = 0.88, 0.12


def long_rows(unit: str = LONG_UNIT) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    return (
        (f"编制单位：{unit}", "镇（街道）：滨湖镇微山湖湿地红荷风景区（370481104）", "单位：元"),
        ("发放批次：B2020-001", f"补助期间：{LONG_PERIOD}", "日期：2020年11月10日"),
    )


def clear(frame: Frame) -> float:
    return frame.right - QR_SIDE


def texts_of(placed: Sequence[PlacedLine]) -> str:
    return "".join(one.line.text for one in placed)


def box(one: PlacedLine) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a line's characters."""
    width = text_width(one.line.text, one.font) * one.line.size
    size = one.line.size
    return one.x, one.baseline - DESCENT * size, one.x + width, one.baseline + ASCENT * size


def overlap(one: PlacedLine, other: PlacedLine) -> bool:
    left, bottom, right, top = box(one)
    other_left, other_bottom, other_right, other_top = box(other)
    hair = 1e-6
    return (
        left < other_right - hair
        and other_left < right - hair
        and bottom < other_top - hair
        and other_bottom < top - hair
    )


def assert_apart(placed: Sequence[PlacedLine]) -> None:
    for number, one in enumerate(placed):
        for other in placed[:number]:
            assert not overlap(one, other), (one, other)


# --- titles


@frames
def test_a_title_stands_in_the_middle_at_its_full_size(frame: Frame) -> None:
    (placed,) = lay_out_title(frame, TITLE, clear(frame))
    assert (placed.line.size, placed.font) == (TITLE_SIZE, BOLD)
    left, _bottom, right, top = box(placed)
    assert (left + right) / 2 == pytest.approx((frame.left + frame.right) / 2)
    assert top < frame.top


def test_a_long_title_gets_smaller_and_then_takes_two_lines() -> None:
    (placed,) = lay_out_title(LANDSCAPE, LONG_TITLE, clear(LANDSCAPE))
    assert TITLE_FLOOR <= placed.line.size < TITLE_SIZE
    lines = lay_out_title(PORTRAIT, LONG_TITLE, clear(PORTRAIT))
    assert len(lines) == 2
    assert {one.line.size for one in lines} == {TITLE_FLOOR}
    assert texts_of(lines) == LONG_TITLE


@frames
@given(title=names)
def test_a_title_has_room_whatever_it_is(frame: Frame, title: str) -> None:
    placed = lay_out_title(frame, title, clear(frame))
    assert texts_of(placed) == title
    assert len(placed) <= 2
    assert_apart(placed)
    # Two head lines at their highest stand below it.
    head = lay_out_head(frame, long_rows(LONG_UNIT * 2), clear(frame) - 2 * MM)
    highest = max(box(one)[3] for one in head)
    for one in placed:
        left, bottom, right, top = box(one)
        assert frame.left <= left
        assert right <= clear(frame) + 1e-6
        assert highest < bottom
        assert top <= frame.top + 2 * MM


# --- head lines


@frames
def test_head_lines_of_the_usual_length_stand_in_three_columns(frame: Frame) -> None:
    width = clear(frame) - frame.left
    placed = lay_out_head(frame, USUAL, clear(frame))
    assert [one.line.text for one in placed] == [text for row in USUAL for text in row]
    assert {one.line.size for one in placed} == {BODY_SIZE}
    columns = [frame.left + share * width for share in frame.head_columns]
    assert [one.x for one in placed] == pytest.approx(columns * 2)
    assert len({one.baseline for one in placed}) == 2


@frames
def test_a_long_unit_takes_the_room_of_the_others(frame: Frame) -> None:
    """All texts get smaller together; only those that are still too long take two lines."""
    placed = lay_out_head(frame, long_rows(), clear(frame))
    assert "".join(text for row in long_rows() for text in row) == texts_of(placed)
    sizes = {one.line.size for one in placed}
    assert len(sizes) == 1
    assert min(sizes) >= FLOOR_SIZE
    assert_apart(placed)


def test_a_very_long_unit_takes_two_lines_beside_the_others() -> None:
    placed = lay_out_head(PORTRAIT, long_rows(), clear(PORTRAIT))
    first = [one for one in placed if one.x == PORTRAIT.left]
    assert len(first) == 3
    assert first[0].line.text + first[1].line.text == f"编制单位：{LONG_UNIT}"
    # What stands beside it begins on its first line.
    beside = next(one for one in placed if one.line.text.startswith("镇（街道）"))
    assert beside.baseline == first[0].baseline


@frames
@given(rows=head_rows)
def test_head_lines_have_room_whatever_they_say(
    frame: Frame, rows: tuple[tuple[str, str, str], tuple[str, str, str]]
) -> None:
    right = clear(frame) - 2 * MM
    placed = lay_out_head(frame, rows, right)
    assert sorted(texts_of(placed)) == sorted("".join(text for row in rows for text in row))
    assert {one.font for one in placed} <= {REGULAR}
    assert_apart(placed)
    for one in placed:
        left, bottom, its_right, top = box(one)
        assert frame.left <= left
        assert its_right <= right + 1e-6
        assert frame.body_top < bottom
        assert top < frame.top
    columns = sorted({one.x for one in placed})
    for one in placed:
        following = [x for x in columns if x > one.x]
        assert not following or box(one)[2] <= following[0] - GAP + 1e-6
