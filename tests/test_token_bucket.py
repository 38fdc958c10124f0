"""A token bucket; time is passed in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamapp.token_bucket import TokenBucket


def test_a_full_bucket_gives_its_capacity_at_once_and_then_the_rate() -> None:
    bucket = TokenBucket(rate=2, capacity=5)
    assert [bucket.take(100.0) for _ in range(6)] == [True] * 5 + [False]
    assert bucket.wait(100.0) == pytest.approx(0.5)
    assert not bucket.take(100.4)
    assert bucket.take(100.5)


def test_a_debt_is_waited_for() -> None:
    bucket = TokenBucket(rate=1, capacity=3)
    bucket.spend(0.0, tokens=10)
    assert bucket.wait(0.0) == pytest.approx(8)
    assert bucket.wait(8.0) == pytest.approx(0)


@given(
    st.floats(0.1, 50),
    st.integers(1, 50),
    st.lists(st.floats(0, 5), min_size=1, max_size=60),
)
def test_no_timing_gets_more_than_capacity_and_rate_allow(
    rate: float, capacity: int, pauses: list[float]
) -> None:
    bucket = TokenBucket(rate, capacity)
    now = taken = 0.0
    for pause in pauses:
        now += pause
        taken += bucket.take(now)
    assert taken <= capacity + rate * now + 1e-6
