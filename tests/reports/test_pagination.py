"""No row is lost between two pages, no page is too full."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies

from reports.pdf.pagination import paginate


def test_a_page_that_is_exactly_full_stays_one() -> None:
    assert paginate([10.0] * 20, 210, 200) == [range(20)]


def test_the_last_row_makes_room_for_the_totals() -> None:
    assert paginate([10.0] * 21, 210, 200) == [range(20), range(20, 21)]


def test_a_sheet_of_nobody_has_a_page() -> None:
    assert paginate([], 210, 200) == [range(0)]


def test_sums_of_points_do_not_lose_a_row() -> None:
    assert paginate([0.1] * 10, sum([0.1] * 9) + 0.1, 1.0) == [range(10)]


@given(
    strategies.lists(strategies.floats(5, 30), max_size=200),
    strategies.floats(40, 400),
    strategies.floats(0, 10),
)
def test_every_row_is_on_one_page_and_fits(
    heights: list[float], room: float, totals: float
) -> None:
    pages = paginate(heights, room, room - totals)
    assert [row for page in pages for row in page] == list(range(len(heights)))
    assert all(sum(heights[page.start : page.stop]) <= room + 0.02 for page in pages)
    last = pages[-1]
    assert sum(heights[last.start : last.stop]) <= room - totals + 0.02
    assert all(len(page) for page in pages) or not heights
