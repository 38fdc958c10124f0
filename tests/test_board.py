"""The board of running streams: in memory, and in a real Redis for several processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bench.servers import wait_until
from bench.services import Process
from streamapp import board_redis, shared
from streamapp.board import HISTORY, Board, MemoryBoard, Running
from streamapp.board_redis import RedisBoard
from streamapp.shared import SharedState

ANNA = Running(
    stream="s1",
    owner="anna",
    link="hash",
    name="door",
    started_at=1000,
    at=5000,
    running=True,
    count=2,
    peak=3,
    tracks_seen=4,
)


@pytest.fixture
def state(redis: Process) -> Iterator[SharedState]:
    """An empty Redis."""
    shared_state = SharedState(redis.env["REDIS_URL"])
    shared_state.client.flushall()
    yield shared_state
    shared_state.client.close()


@pytest.fixture(params=["memory", "redis"])
def board(request: pytest.FixtureRequest) -> Board:
    if request.param == "memory":
        return MemoryBoard()
    return RedisBoard(request.getfixturevalue("state"))


@pytest.fixture
def pair(state: SharedState) -> tuple[RedisBoard, RedisBoard]:
    """Two processes' boards."""
    return RedisBoard(state), RedisBoard(state)


def test_a_stream_is_found_by_its_owner_and_by_its_link(board: Board) -> None:
    board.put([ANNA, replace(ANNA, stream="s0", started_at=1, link=None)])
    assert [shown.now.stream for shown in board.of_owner("anna")] == ["s0", "s1"]
    assert [shown.now for shown in board.of_link("hash")] == [ANNA]
    assert board.present("anna", None) == {"s0", "s1"}
    assert board.present(None, "hash") == {"s1"}
    assert board.present("bert", None) == board.present(None, "other") == set()
    assert board.of_owner("bert") == []
    assert board.of_link("other") == []


def test_the_history_has_one_count_a_second_and_an_end(board: Board) -> None:
    for at in range(0, (HISTORY + 5) * 1000, 500):
        board.put([replace(ANNA, at=at + 1, count=at // 1000)])
    history = board.of_owner("anna")[0].history
    assert len(history) == HISTORY
    assert history[-1] == ((HISTORY + 4) * 1000 + 1, HISTORY + 4)


def test_a_stream_that_goes_is_shown_no_more(board: Board) -> None:
    board.put([ANNA])
    board.remove("s1")
    board.remove("never there")
    assert board.present("anna", None) == board.present(None, "hash") == set()
    assert board.of_owner("anna") == board.of_link("hash") == []


def test_a_link_that_is_taken_away_shows_nothing(board: Board) -> None:
    board.put([ANNA])
    board.put([replace(ANNA, link=None)])
    assert board.of_link("hash") == []
    assert [shown.now.link for shown in board.of_owner("anna")] == [None]


def test_an_audience_is_counted(board: Board) -> None:
    assert board.audience("room") == 0
    assert [board.enter("room"), board.enter("room")] == [1, 2]
    board.leave("room")
    assert board.audience("room") == 1
    board.leave("room")
    assert board.audience("room") == 0


def test_what_one_process_puts_another_shows(pair: tuple[RedisBoard, RedisBoard]) -> None:
    one, other = pair
    one.put([ANNA])
    assert other.of_owner("anna") == other.of_link("hash") == one.of_owner("anna")
    one.remove("s1")
    assert other.of_owner("anna") == []


def test_an_audience_is_counted_over_processes(pair: tuple[RedisBoard, RedisBoard]) -> None:
    one, other = pair
    one.enter("room")
    assert other.enter("room") == 2
    assert wait_until(lambda: one.audience("room") == 2, 5)
    assert list(one.others_in("room")) == [other.process]
    other.leave("room")
    assert wait_until(lambda: one.audience("room") + other.audience("room") == 2, 5)
    assert not one.others_in("room")


def test_what_a_dead_process_left_is_forgotten(
    pair: tuple[RedisBoard, RedisBoard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_redis, "_FORGOTTEN_SECONDS", 1)
    monkeypatch.setattr(board_redis, "_KEEP_SECONDS", 0)
    monkeypatch.setattr(board_redis, "_SILENT_SECONDS", 1)
    one, other = pair
    one.put([ANNA])
    one.enter("room")
    assert len(other.of_owner("anna")) == 1
    assert wait_until(lambda: other.of_owner("anna") == other.of_link("hash") == [], 5)
    assert wait_until(lambda: other.audience("room") == 0, 5)
    one.put([replace(ANNA, at=9000)])  # it was only slow
    assert len(other.of_owner("anna")) == 1


def test_a_stream_costs_redis_little(state: SharedState) -> None:
    board = RedisBoard(state)

    def received() -> int:
        return int(state.client.info("stats")["total_net_input_bytes"])

    board.put([ANNA])
    before = received()
    for at in range(5000, 65_000, 250):  # a minute, as often as the worker's chore comes
        board.put([replace(ANNA, at=at, count=at // 250)])
    assert (received() - before) / 60 < 1000


def test_where_redis_is_lost_the_own_streams_are_shown(redis: Process, state: SharedState) -> None:
    one, other = RedisBoard(state), RedisBoard(state)
    one.put([ANNA])
    redis.stop()
    try:
        began = time.monotonic()
        for _ in range(200):
            one.put([replace(ANNA, count=7)])
        assert [shown.now.count for shown in one.of_owner("anna")] == [7]
        assert other.of_owner("anna") == []
        assert (one.enter("room"), one.audience("room")) == (1, 1)
        assert time.monotonic() - began < 2
        with pytest.raises(shared.Unavailable, match="Redis"):
            state.check()
    finally:
        redis.start()

    def seen_again() -> bool:
        one.put([replace(ANNA, at=int(time.time() * 1000))])
        return len(other.of_owner("anna")) == 1

    assert wait_until(seen_again, 10)
    state.check()


def test_a_loss_is_logged_once(
    redis: Process, state: SharedState, caplog: pytest.LogCaptureFixture
) -> None:
    now = 0.0
    clock: Callable[[], float] = lambda: now  # noqa: E731
    lost = SharedState(redis.env["REDIS_URL"], clock)
    redis.stop()
    try:
        for _ in range(5):
            assert lost.ask(lambda client: client.ping(), False) is False
            now += 60
    finally:
        redis.start()
    assert lost.ask(lambda client: client.ping(), False) is True
    assert [record.message.split(";")[0].split(" (")[0] for record in caplog.records] == [
        "Redis is lost",
        "Redis is back",
    ]
    lost.client.close()
    assert state is not lost
