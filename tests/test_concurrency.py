"""Native threads, leased fairly: the queue against a model, the lane with real threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from streamapp.concurrency import BlockingCalls, FairQueue, NativeLane, native_execute
from streamapp.errors import Superseded, Unavailable

EXECUTE = native_execute("threading", 1)
SECONDS = 10.0  # before a test that hangs says so


class FairQueueModel(RuleBasedStateMachine):
    """The queue beside a list of what waits and a list of who runs."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: FairQueue[int] = FairQueue()
        self.waiting: list[tuple[int, int]] = []
        self.running: list[int] = []
        self.jobs = 0

    @rule(key=st.integers(0, 4))
    def offer(self, key: int) -> None:
        self.jobs += 1
        keys = [other for other, _ in self.waiting]
        if key in keys:
            place = keys.index(key)
            assert self.queue.offer(key, self.jobs) == self.waiting[place][1]
            self.waiting[place] = (key, self.jobs)
        else:
            assert self.queue.offer(key, self.jobs) is None
            self.waiting.append((key, self.jobs))

    @rule()
    def take(self) -> None:
        free = [pair for pair in self.waiting if pair[0] not in self.running]
        assert self.queue.take() == (free[0] if free else None)
        if free:
            self.waiting.remove(free[0])
            self.running.append(free[0][0])

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def done(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.running))
        self.queue.done(key)
        self.running.remove(key)

    @invariant()
    def it_counts_what_waits_and_what_runs(self) -> None:
        assert len(self.queue) == len(self.waiting) <= 5
        assert self.queue.running == len(self.running) == len(set(self.running))


FairQueueModel.TestCase.settings = settings(max_examples=60, deadline=None)
TestFairQueue = FairQueueModel.TestCase


def test_a_key_that_was_served_comes_after_all_that_wait() -> None:
    queue: FairQueue[str] = FairQueue()
    for key in "abc":
        queue.offer(key, key)
    served = []
    for _ in range(9):
        taken = queue.take()
        assert taken is not None
        served.append(taken[1])
        queue.done(taken[0])
        queue.offer(taken[0], taken[1])
    assert "".join(served) == "abcabcabc"


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(40) as pool:
        yield pool


def until(condition: Callable[[], bool]) -> None:
    """Wait for ``condition``; a test that waits in vain fails."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.001)


class Held:
    """A job that holds its resource until it is let go."""

    def __init__(self, lane: NativeLane[object], threads: ThreadPoolExecutor) -> None:
        self._go = threading.Event()
        began = threading.Event()

        def hold(_resource: object) -> None:
            began.set()
            assert self._go.wait(SECONDS)

        self.future: Future[None] = threads.submit(lane.run, "held", hold)
        assert began.wait(SECONDS)

    def let_go(self) -> None:
        self._go.set()
        self.future.result(SECONDS)


def test_a_resource_is_held_by_one_job_at_a_time(threads: ThreadPoolExecutor) -> None:
    resources = [threading.Lock() for _ in range(3)]
    lane = NativeLane(resources, EXECUTE)
    together = threading.Barrier(3)

    def job(resource: threading.Lock) -> None:
        assert resource.acquire(blocking=False), "another job holds it"
        together.wait(SECONDS)  # all three are in use at once
        resource.release()

    futures = [threads.submit(lane.run, key, job) for key in range(30)]
    for future in futures:
        future.result(SECONDS)
    assert lane.busy == 0


def test_two_jobs_of_one_key_never_run_at_once(threads: ThreadPoolExecutor) -> None:
    lane: NativeLane[object] = NativeLane([object(), object()], EXECUTE)
    held = Held(lane, threads)
    second = threads.submit(lane.run, "held", lambda _: "second")
    until(lambda: lane.busy == 2)
    assert lane.run("other", lambda _: "other") == "other"  # a resource is free, and yet
    assert not second.done()
    held.let_go()
    assert second.result(SECONDS) == "second"


def test_a_newer_job_of_the_same_key_supersedes_the_one_that_waits(
    threads: ThreadPoolExecutor,
) -> None:
    lane: NativeLane[object] = NativeLane([object()], EXECUTE)
    held = Held(lane, threads)
    older = threads.submit(lane.run, "one", lambda _: "older")
    until(lambda: lane.busy == 2)
    newer = threads.submit(lane.run, "one", lambda _: "newer")
    with pytest.raises(Superseded):
        older.result(SECONDS)
    held.let_go()
    assert newer.result(SECONDS) == "newer"
    assert lane.busy == 0


def test_an_exception_passes_and_frees_the_resource() -> None:
    lane = NativeLane(["the only one"], EXECUTE)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            lane.run("key", lambda _: 1 // 0)
    assert lane.run("key", lambda resource: resource) == "the only one"
    assert lane.busy == 0


def test_none_is_a_resource_like_any_other(threads: ThreadPoolExecutor) -> None:
    lane = NativeLane([None], EXECUTE)
    futures = [threads.submit(lane.run, key, lambda resource: resource) for key in range(20)]
    assert [future.result(SECONDS) for future in futures] == [None] * 20


def test_a_full_queue_refuses_and_serves_again_later(threads: ThreadPoolExecutor) -> None:
    lane: NativeLane[object] = NativeLane([object()], EXECUTE, max_waiting=2)
    held = Held(lane, threads)
    waiting = [threads.submit(lane.run, key, lambda _: "served") for key in range(2)]
    until(lambda: lane.busy == 3)
    with pytest.raises(Unavailable, match="2 jobs are waiting already"):
        lane.run("late", lambda _: None)
    held.let_go()
    assert [future.result(SECONDS) for future in waiting] == ["served"] * 2
    assert lane.run("late", lambda _: "served") == "served"


def test_a_key_that_floods_delays_seven_others_by_one_turn_at_most(
    threads: ThreadPoolExecutor,
) -> None:
    lane: NativeLane[object] = NativeLane([object()], EXECUTE)
    order: list[str] = []
    flood: list[Future[None]] = []

    def offer_again() -> None:
        waiting = lane.busy
        flood.append(threads.submit(lane.run, "flood", flooding))
        until(lambda: lane.busy == waiting + 1)

    def flooding(_resource: object) -> None:
        order.append("flood")
        if len(flood) < 4:
            offer_again()

    held = Held(lane, threads)
    offer_again()
    others = []
    for name in "1234567":
        others.append(threads.submit(lane.run, name, lambda _, name=name: order.append(name)))
        until(lambda: lane.busy == 2 + len(others))
    held.let_go()
    for future in others:
        future.result(SECONDS)
    until(lambda: lane.busy == 0)
    assert order == ["flood", *"1234567", "flood", "flood", "flood"]
    for future in flood:
        future.result(SECONDS)


def test_blocking_calls_hand_back_results_and_exceptions_one_at_a_time(
    threads: ThreadPoolExecutor,
) -> None:
    blocking = BlockingCalls(EXECUTE)
    alone = threading.Lock()

    def call(number: int) -> int:
        assert alone.acquire(blocking=False), "two calls at once"
        try:
            return 12 // number
        finally:
            alone.release()

    futures = [threads.submit(blocking, call, number) for number in (1, 2, 3, 4) * 10]
    assert [future.result(SECONDS) for future in futures] == [12, 6, 4, 3] * 10
    with pytest.raises(ZeroDivisionError):
        blocking(call, 0)
    assert blocking(call, 6) == 2
