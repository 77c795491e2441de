"""Text in a cell is never cut off: it shrinks, then it breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies

from reports.paper.cells import BODY_SIZE
from reports.paper.cells import FLOOR_SIZE
from reports.paper.cells import fitted
from reports.paper.cells import shrunk
from reports.paper.cells import wrapped
from reports.paper.fonts import text_width
from tests.made_up_payments import LONG_NAME
from tests.made_up_payments import LONG_VILLAGE

texts = strategies.text("王建国·买提第（）12aB ", max_size=60)


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
