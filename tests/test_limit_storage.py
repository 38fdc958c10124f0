"""Hits of rate limits: counted exactly, within bounds, and also while Redis is away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.servers import free_port
from bench.services import Process
from streamapp import limit_storage
from streamapp.limit_storage import BoundedMemory, SharedOrOwn


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_window_takes_its_limit_and_moves_on() -> None:
    clock = Clock()
    memory = BoundedMemory(clock=clock)
    assert memory.acquire_entry("a", 3, 60, amount=2)
    clock.now += 10
    assert memory.acquire_entry("a", 3, 60)
    assert not memory.acquire_entry("a", 3, 60)
    assert memory.acquire_entry("b", 3, 60)
    assert memory.get_moving_window("a", 3, 60) == (1000.0, 3)
    clock.now = 1060.0
    assert memory.get_moving_window("a", 3, 60) == (1010.0, 1)
    assert not memory.acquire_entry("a", 3, 60, amount=3)
    assert memory.acquire_entry("a", 3, 60, amount=2)


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200), st.integers(1, 60))
def test_never_more_than_the_limit_in_any_window(pauses: list[float], limit: int) -> None:
    clock = Clock()
    memory, taken = BoundedMemory(clock=clock), []
    for pause in pauses:
        clock.now += pause
        if memory.acquire_entry("a", limit, 60):
            taken.append(clock.now)
    assert all(sum(start <= moment < start + 60 for moment in taken) <= limit for start in taken)


def test_the_hits_remembered_are_bounded_and_the_latest_stay() -> None:
    memory = BoundedMemory(most_hits=100)
    for number in range(1000):
        assert memory.acquire_entry(f"address {number}", 2, 60, amount=2)
    assert memory.get_moving_window("address 0", 2, 60)[1] == 0
    assert not memory.acquire_entry("address 999", 2, 60)
    assert memory.reset() <= 51


def test_one_key_can_be_forgotten() -> None:
    memory = BoundedMemory()
    memory.acquire_entry("a", 1, 60)
    memory.clear("a")
    assert memory.acquire_entry("a", 1, 60)


def test_while_redis_is_lost_this_process_counts_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = SharedOrOwn(redis_url=f"redis://127.0.0.1:{free_port()}/0")
    assert [store.acquire_entry("a", 2, 60) for _ in range(3)] == [True, True, False]
    assert store.get_moving_window("a", 2, 60)[1] == 2
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "Rate limits are counted here only"
    ]


def test_redis_is_asked_again_after_a_while_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, asked = Clock(), []
    monkeypatch.setattr(limit_storage.time, "monotonic", clock)
    store = SharedOrOwn(redis_url=f"redis://127.0.0.1:{free_port()}/0")
    monkeypatch.setattr(
        type(store._shared), "acquire_entry", lambda *_: asked.append(clock.now) or _lost()
    )
    for pause in (0, 1, 3.9, 0.2, 1):
        clock.now += pause
        assert store.acquire_entry("a", 9, 60)
    assert asked == [1000.0, 1005.1]


def _lost() -> bool:
    raise ConnectionResetError


def test_with_redis_two_processes_count_together_and_apart_while_it_is_lost(
    redis: Process, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(limit_storage, "_LEFT_ALONE_SECONDS", 0.0)
    one, other = (SharedOrOwn(redis_url=redis.env["REDIS_URL"]) for _ in range(2))
    assert one.acquire_entry("together", 3, 60, amount=2)
    assert other.acquire_entry("together", 3, 60)
    assert not one.acquire_entry("together", 3, 60)
    assert other.get_moving_window("together", 3, 60)[1] == 3
    redis.stop()
    try:
        assert [store.acquire_entry("apart", 1, 60) for store in (one, other)] == [True, True]
        assert not one.acquire_entry("apart", 1, 60)
    finally:
        redis.start()
    assert one.acquire_entry("again", 1, 60)
    assert not other.acquire_entry("again", 1, 60)
    assert caplog.messages[-1] == "Rate limits are shared again"
