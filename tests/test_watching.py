"""What viewers are told, and when; how many there may be."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from streamapp import watching as module
from streamapp.board import HISTORY, MemoryBoard, Running
from streamapp.channel import SILENT_MS, Channel, link_room, owner_room
from streamapp.errors import Busy, Unavailable
from streamapp.watching import Watching

START = 1_700_000_000_000
WALL = owner_room("ann")


class Links:
    """Of a LinkService what watching asks of it."""

    def __init__(self) -> None:
        self.good: set[str] = set()
        self.away = False

    def valid(self, links: set[str]) -> set[str]:
        if self.away:
            raise Unavailable("The database is away.")
        return links & self.good


@pytest.fixture
def links() -> Links:
    return Links()


@pytest.fixture
def watching(links: Links) -> Watching:
    return Watching(MemoryBoard(), links)  # type: ignore[arg-type]


@pytest.fixture
def told(watching: Watching) -> list[tuple[str, dict[str, Any], list[str]]]:
    told: list[tuple[str, dict[str, Any], list[str]]] = []
    watching.emit = lambda *what: told.append(what)
    return told


def answer(count: int = 1, x: int = 0) -> dict[str, Any]:
    faces = [{"id": n, "box": [x, 2, 3, 4], "confidence": 0.9} for n in range(count)]
    sizes = {"width": 640, "height": 480}
    return {**sizes, "count": count, "peak": count, "tracks_seen": count, "faces": faces}


def channel(owner: str | None = "ann", stream: str = "s") -> Channel:
    return Channel(stream, "client", owner, START)


def test_a_count_has_numbers_and_outlines_and_nothing_else(
    watching: Watching, told: list[Any]
) -> None:
    watching.enter("v", WALL)
    one = channel()
    one.name = "Hall"
    one.note(START, answer(1, x=7))
    watching.tick([one], START)
    assert [event for event, _, _ in told] == ["state", "count"]
    assert told[1][1:] == (
        {
            "stream": "s",
            "name": "Hall",
            "at": START,
            "count": 1,
            "peak": 1,
            "tracks_seen": 1,
            "width": 640,
            "height": 480,
            "faces": [[0, 7, 2, 3, 4]],
        },
        [WALL],
    )


def test_counts_come_four_times_a_second_at_most_on_change_and_every_two_seconds(
    watching: Watching, told: list[Any]
) -> None:
    watching.enter("v", WALL)
    one = channel()
    for step in range(100):  # ten frames and ten ticks a second, moving for five seconds
        at = START + step * 100
        one.note(at, answer(1, x=min(step, 50)))
        watching.tick([one], at)
    moments = [content["at"] - START for event, content, _ in told if event == "count"]
    gaps = [after - before for before, after in itertools.pairwise(moments)]
    assert min(gaps) >= 225
    assert {gap for at, gap in zip(moments, gaps, strict=False) if at > 5300} == {2000}


def test_nobody_is_told_where_nobody_looks(watching: Watching, told: list[Any]) -> None:
    one, nameless = channel(), channel(owner=None)
    for subject in (one, nameless):
        subject.note(START, answer())
    watching.tick([one, nameless], START)
    assert told == []
    (shown,) = watching.state(WALL)["streams"]
    assert (shown["count"], shown["running"], shown["history"]) == (1, True, [[START, 1]])


def test_streams_appear_and_go_while_one_looks(watching: Watching, told: list[Any]) -> None:
    watching.enter("v", WALL)
    one, two = channel(stream="one"), channel(stream="two")
    one.note(START, answer())
    watching.tick([one, two], START)
    two.note(START + 1000, answer(2))
    watching.tick([one, two], START + 1000)
    watching.tick([one, two], START + SILENT_MS)
    watching.gone(two)
    watching.gone(two)
    states = [[s["stream"] for s in c["streams"]] for event, c, _ in told if event == "state"]
    assert states == [["one"], ["one", "two"]]
    assert [c["stream"] for event, c, _ in told if event == "gone"] == ["one", "two"]
    assert watching.state(WALL) == {"streams": []}


def test_who_came_by_a_revoked_link_is_told_and_let_go(
    watching: Watching, links: Links, told: list[Any]
) -> None:
    cut: list[str] = []
    watching.disconnect = cut.append
    watching.enter("a", link_room("x"))
    watching.enter("b", link_room("y"))
    watching.revoke("x")
    assert (told, cut) == ([("revoked", {}, [link_room("x")])], ["a"])
    watching.leave("a")
    links.good = {"y"}
    watching.check_links()
    assert cut == ["a"]
    links.away, links.good = True, set()
    watching.check_links()
    assert cut == ["a"], "nobody is cut off because the database is away"
    links.away = False
    watching.check_links()
    assert cut == ["a", "b"]


def test_a_room_takes_so_many_and_a_place_is_free_again(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_VIEWERS", 2)
    watching.enter("a", WALL)
    watching.enter("b", WALL)
    with pytest.raises(Busy, match="2 viewers"):
        watching.enter("c", WALL)
    watching.leave("c")
    watching.leave("a")
    watching.enter("c", WALL)


def test_the_board_keeps_one_count_a_second_of_ten_minutes() -> None:
    board = MemoryBoard()
    for step in range(HISTORY * 4 + 40):
        at = START + step * 250
        board.put([Running("s", "ann", None, "", START, at, True, step, 0, 0)])
    (shown,) = board.of_owner("ann")
    assert len(shown.history) == HISTORY
    assert {at % 1000 for at, _ in shown.history} == {0}
    board.remove("s")
    board.remove("s")
    assert board.of_owner("ann") == []
