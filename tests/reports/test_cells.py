"""Text in a cell is never cut off: it shrinks, then it breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies

from reports.pdf.fonts import BOLD
from reports.pdf.fonts import REGULAR
from reports.pdf.fonts import text_width
from reports.pdf.line_breaking import CLOSING
from reports.pdf.line_breaking import OPENING
from reports.pdf.line_breaking import POINTS
from reports.pdf.line_breaking import may_break
from reports.pdf.text_fitting import BODY_SIZE
from reports.pdf.text_fitting import FLOOR_SIZE
from reports.pdf.text_fitting import SMALLEST
from reports.pdf.text_fitting import Line
from reports.pdf.text_fitting import figure
from reports.pdf.text_fitting import filled
from reports.pdf.text_fitting import fitted
from reports.pdf.text_fitting import fitted_within
from reports.pdf.text_fitting import paragraph
from reports.pdf.text_fitting import shrunk
from reports.pdf.text_fitting import wrapped
from tests.support.made_up_payments import LONG_NAME
from tests.support.made_up_payments import LONG_VILLAGE

texts = strategies.text("王建国·买提第（）12aB ", max_size=60)
MARKS = f"{OPENING}{CLOSING}{POINTS}！·"
marked_texts = strategies.text(f"一二三四五六七八九十年3 {MARKS}", max_size=60)
fonts = strategies.sampled_from((REGULAR, BOLD))
amounts = strategies.integers(0, 10**12).map(lambda fen: f"{fen / 100:,.2f}")


def test_a_short_name_has_the_full_size() -> None:
    (line,) = fitted("王建国", 60)
    assert line.size == BODY_SIZE
    assert line.width == pytest.approx(27)


def test_a_longer_name_shrinks_on_its_line() -> None:
    (line,) = fitted("买买提·阿不都", 55)
    assert FLOOR_SIZE <= line.size < BODY_SIZE


def test_a_long_village_takes_two_lines_of_equal_length() -> None:
    lines = fitted(LONG_VILLAGE, 100)
    assert [len(line.text) for line in lines] == [14, 13]
    assert {line.size for line in lines} == {FLOOR_SIZE}


def test_a_long_name_breaks_between_its_parts() -> None:
    lines = fitted(LONG_NAME, 60)
    assert [line.text for line in lines] == ["阿卜杜热合曼·", "买买提吐尔逊·", "阿不都克里木"]


def test_no_line_begins_with_a_closing_bracket() -> None:
    assert wrapped("荆河街道（城区）", 7.2) == ["荆河街道", "（城区）"]
    assert not any(part.startswith("）") for part in wrapped("一二三四五六（七）八", 8))


def test_an_empty_text_has_no_lines() -> None:
    assert fitted("", 50) == ()


@given(texts, strategies.floats(20, 120))
def test_the_lines_hold_the_whole_text_within_the_room(text: str, room: float) -> None:
    lines = fitted(text, room)
    assert "".join(line.text for line in lines) == text
    assert all(line.width <= room + 1e-6 for line in lines)
    assert all(FLOOR_SIZE <= line.size <= BODY_SIZE for line in lines)


@given(texts, strategies.floats(1, 120))
def test_a_shrunk_text_fits_its_room(text: str, room: float) -> None:
    line = shrunk(text, room, BODY_SIZE)
    assert line.width == pytest.approx(text_width(text) * line.size)
    assert line.width <= room + 1e-6


@given(texts, strategies.floats(0.1, 12))
def test_wrapping_ends_however_narrow_the_cell(text: str, width_ems: float) -> None:
    parts = wrapped(text, width_ems)
    assert "".join(parts) == text
    assert all(parts) or not text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("滕州市2020年第三季度", ["滕州市", "2020年", "第三季度"]),
        ("银行流水（待核）、未达账项", ["银行流水", "（待核）、", "未达账项"]),
        ("应发1,525人800.00元", ["应发", "1,525人", "800.00元"]),
    ],
)
def test_numbers_and_brackets_are_not_torn(text: str, parts: list[str]) -> None:
    assert wrapped(text, 5) == parts


def test_a_number_longer_than_any_line_is_torn_and_fills_them() -> None:
    assert wrapped("账号6215210000000001", 5) == ["账号621", "5210000", "000001"]


@given(marked_texts, strategies.floats(2, 12), fonts)
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(
    text: str, width_ems: float, font: str
) -> None:
    """Unless the line has nothing but marks that belong together."""
    place = 0
    for part in wrapped(text, width_ems, font)[:-1]:
        start, place = place, place + len(part)
        is_forced = not any(may_break(text, earlier) for earlier in range(start + 1, place))
        assert may_break(text, place) or is_forced


@given(marked_texts, strategies.floats(1.2, 12), fonts)
def test_no_line_is_wider_than_its_room(text: str, width_ems: float, font: str) -> None:
    parts = wrapped(text, width_ems, font)
    assert "".join(parts) == text
    assert all(text_width(part, font) <= width_ems + 1e-6 for part in parts)


@given(marked_texts, strategies.floats(30, 300), strategies.integers(1, 3), fonts)
def test_in_so_many_lines_unless_nobody_could_read_them(
    text: str, room: float, most: int, font: str
) -> None:
    lines = fitted_within(text, room, most=most, font=font)
    assert "".join(line.text for line in lines) == text
    assert all(line.width <= room + 1e-6 for line in lines)
    assert len(lines) <= most or {line.size for line in lines} == {SMALLEST}
    usual = fitted(text, room, font=font)
    if len(usual) <= most:
        assert lines == usual


def test_a_text_without_room_for_a_third_line_gets_smaller() -> None:
    assert len(fitted(LONG_NAME, 60)) == 3
    lines = fitted_within(LONG_NAME, 60, most=2)
    assert [line.text for line in lines] == ["阿卜杜热合曼·", "买买提吐尔逊·阿不都克里木"]
    assert {line.size for line in lines} == {4.5}


# --- figures


def point_of(line: Line, font: str) -> float:
    """How far left of the right edge the point begins, when the line ends there."""
    return line.width - text_width(line.text[:-3], font) * line.size


def test_figures_have_their_points_below_one_another() -> None:
    """In small type where the amount is long, in bold type in a line of totals."""
    cells = [("800.00", REGULAR), ("123,456,789.00", REGULAR), ("16,000.00", BOLD)]
    lines = [figure(text, 55, font=font)[0] for text, font in cells]
    assert [line.size for line in lines] == [BODY_SIZE, 7.4, BODY_SIZE]
    points = [point_of(line, font) for line, (_text, font) in zip(lines, cells, strict=True)]
    (place,) = {round(point, 6) for point in points}
    assert place == pytest.approx(text_width(".00", BOLD) * BODY_SIZE)


def test_counts_end_where_their_column_does() -> None:
    (line,) = figure("1,525", 55)
    assert line == shrunk("1,525", 55, BODY_SIZE)
    assert figure("", 55) == ()


@given(amounts, strategies.floats(20, 100), fonts)
def test_a_figure_is_never_broken_and_has_room(text: str, room: float, font: str) -> None:
    (line,) = figure(text, room, font=font)
    assert line.text == text
    assert 0 < line.size <= BODY_SIZE
    start = room - line.width
    assert start >= -1e-6
    assert start + text_width(text, font) * line.size <= room + 1e-6
    assert point_of(line, font) == pytest.approx(text_width(text[-3:], BOLD) * BODY_SIZE)


def test_a_paragraph_does_not_end_in_a_character_alone() -> None:
    text = "请督促银行书面答复，查明之前不得重发，也不得另行支付。"
    for width in range(6, 28):
        lines = paragraph(text, width)
        assert "".join(lines) == text
        assert len(lines) == len(filled(text, width))
        assert all(text_width(line) <= width for line in lines)
    assert [len(filled(text, 12)[-1]), len(paragraph(text, 12)[-1])] == [3, 5]
