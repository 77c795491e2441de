"""Where days and amounts stand in a chart."""

from __future__ import annotations

import datetime
from itertools import pairwise

import pytest
from hypothesis import example
from hypothesis import given
from hypothesis import strategies as st

from reports.monthly.scale import Span
from reports.monthly.scale import days_span
from reports.monthly.scale import round_steps
from reports.monthly.scale import spread


@pytest.mark.parametrize(
    ("yuan", "steps"),
    [
        (9_080_000, [0, 2_000_000, 4_000_000, 6_000_000, 8_000_000, 10_000_000]),
        (5_800_000, [0, 1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000, 6_000_000]),
        (1_220_000, [0, 250_000, 500_000, 750_000, 1_000_000, 1_250_000]),
    ],
)
def test_amounts_beside_a_chart_are_round(yuan: int, steps: list[int]) -> None:
    assert [fen / 100 for fen in round_steps(yuan * 100)] == steps


@given(st.integers(0, 10**14))
@example(13)
def test_they_reach_the_highest_in_few_even_steps(highest: int) -> None:
    steps = round_steps(highest)
    assert steps[0] == 0
    assert steps[-1] >= highest
    assert len(steps) <= 7
    assert len({after - before for before, after in pairwise(steps)}) == 1
    assert steps[-2] < max(highest, 1)


def test_a_day_begins_where_the_one_before_it_ends() -> None:
    year = days_span(datetime.date(2020, 1, 1), datetime.date(2020, 12, 31), 0, 366)
    assert year.place(datetime.date(2020, 1, 1).toordinal()) == 0
    assert year.place(datetime.date(2020, 2, 29).toordinal()) == pytest.approx(59)
    assert year.place(datetime.date(2021, 1, 1).toordinal()) == 366


def test_a_span_may_run_downwards_and_below_zero() -> None:
    assert Span(-10, 10, 100, 0).place(0) == 50


heights = st.lists(st.floats(0, 100), max_size=5)


@given(heights)
def test_labels_stand_apart_in_their_order_and_in_the_chart(wanted: list[float]) -> None:
    placed = spread(wanted, 10, 0, 100)
    for one in range(len(wanted)):
        assert -1e-9 <= placed[one] <= 100 + 1e-9
        for other in range(one):
            assert abs(placed[one] - placed[other]) >= 10 - 1e-9
            if wanted[one] != wanted[other]:
                assert (wanted[one] > wanted[other]) == (placed[one] > placed[other])


def test_labels_with_room_stay_where_they_belong() -> None:
    assert spread([80, 10, 50], 10, 0, 100) == [80, 10, 50]
