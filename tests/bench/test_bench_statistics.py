"""The figures of the bench on numbers whose answers are known."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import statistics


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        pytest.param([7], 0.95, 7, id="one value"),
        pytest.param([1, 2, 3, 4, 5], 0.5, 3, id="the middle"),
        pytest.param([5, 1, 4, 2, 3], 0.5, 3, id="in any order"),
        pytest.param(range(101), 0.95, 95, id="of a hundred"),
        pytest.param([0, 10], 0.25, 2.5, id="between two"),
    ],
)
def test_percentile(values: list[float], share: float, expected: float) -> None:
    assert statistics.percentile(values, share) == pytest.approx(expected)


def test_nothing_has_no_percentile_growth_or_fairness() -> None:
    assert math.isnan(statistics.percentile([], 0.95))
    assert math.isnan(statistics.growth([], []))
    assert math.isnan(statistics.fairness([]))
    assert math.isnan(statistics.ratio(1, 0))


@given(
    steepness=st.floats(-100, 100),
    offset=st.floats(-1000, 1000),
    times=st.lists(st.integers(0, 10_000), min_size=2, max_size=50, unique=True),
)
def test_the_slope_of_a_line_is_its_steepness(
    steepness: float, offset: float, times: list[int]
) -> None:
    values = [offset + steepness * time for time in times]
    assert statistics.slope(times, values) == pytest.approx(steepness, abs=1e-6)


@pytest.mark.parametrize("times", [[], [3.0], [3.0, 3.0]], ids=["none", "one", "one instant"])
def test_without_two_instants_there_is_no_slope(times: list[float]) -> None:
    assert statistics.slope(times, [1.0] * len(times)) == 0


def test_growth_compares_the_last_third_with_the_first() -> None:
    times = list(range(31))
    assert statistics.growth(times, [4.0] * 31) == pytest.approx(1)
    assert statistics.growth(times, [1.0] * 10 + [50.0] * 11 + [3.0] * 10) == pytest.approx(3)


def test_one_instant_has_no_growth() -> None:
    assert math.isnan(statistics.growth([2.0, 2.0], [1.0, 1.0]))


@pytest.mark.parametrize(
    ("rates", "expected"),
    [([15, 15, 15], 1), ([5, 10], 0.5), ([0, 10], 0)],
    ids=["all alike", "half", "starved"],
)
def test_fairness_is_the_worst_over_the_best(rates: list[float], expected: float) -> None:
    assert statistics.fairness(rates) == pytest.approx(expected)
