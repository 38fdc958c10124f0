"""The board of running streams: what a viewer is shown when it comes.

Changes reach viewers as events; the board is what they change. One process keeps it in memory.
Several that serve together need one board between them.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

# Of the last ten minutes one count a second.
HISTORY = 600


@dataclass(frozen=True)
class Running:
    """A stream as it is now. Moments are milliseconds since 1970."""

    stream: str  # its public id, unique among all processes
    owner: str
    link: str | None  # hash of the token under which others may watch
    name: str
    started_at: int
    at: int  # of the last frame; 0 before the first
    running: bool  # frames come in
    count: int
    peak: int
    tracks_seen: int


@dataclass(frozen=True)
class Shown:
    """A stream with its counts, oldest first: milliseconds since 1970, count."""

    now: Running
    history: tuple[tuple[int, int], ...]


class Board(Protocol):
    """Streams by owner and by link, and how many viewers a room has.

    Never called on a frame's way; it may wait for another machine, but not long. What is put on
    it and not put again for a minute may be taken off. Where it is away, nothing is shown.
    """

    def put(self, streams: Sequence[Running]) -> None:
        """These streams are so now; the first count of each second joins the history."""

    def remove(self, stream: str) -> None:
        """The stream has gone; nothing happens where there is none."""

    def of_owner(self, owner: str) -> list[Shown]:
        """All streams of an owner, in the order in which they started."""

    def of_link(self, link: str) -> list[Shown]:
        """The stream that is shared by a link, if it is on the board."""

    def present(self, owner: str | None, link: str | None) -> set[str]:
        """Ids of an owner's streams, or of the one that is shared by a link; cheap."""

    def enter(self, room: str) -> int:
        """One more viewer; returns how many there are with it."""

    def leave(self, room: str) -> None:
        """One viewer less."""

    def audience(self, room: str) -> int:
        """How many viewers there are; cheap, as it is asked several times a second."""


class MemoryBoard:
    """The Board of one process."""

    def __init__(self) -> None:
        self._now: dict[str, Running] = {}
        self._history: dict[str, deque[tuple[int, int]]] = {}
        self._audience: Counter[str] = Counter()
        self._lock = threading.Lock()  # of the audience

    def put(self, streams: Sequence[Running]) -> None:
        """See Board."""
        for now in streams:
            self._now[now.stream] = now
            history = self._history.setdefault(now.stream, deque(maxlen=HISTORY))
            if now.at and (not history or history[-1][0] // 1000 < now.at // 1000):
                history.append((now.at, now.count))

    def remove(self, stream: str) -> None:
        """See Board."""
        self._now.pop(stream, None)
        self._history.pop(stream, None)

    def of_owner(self, owner: str) -> list[Shown]:
        """See Board."""
        return self._shown(now for now in list(self._now.values()) if now.owner == owner)

    def of_link(self, link: str) -> list[Shown]:
        """See Board."""
        return self._shown(now for now in list(self._now.values()) if now.link == link)

    def present(self, owner: str | None, link: str | None) -> set[str]:
        """See Board."""
        return {
            now.stream
            for now in list(self._now.values())
            if (now.owner == owner if owner is not None else now.link == link)
        }

    def enter(self, room: str) -> int:
        """See Board."""
        with self._lock:
            self._audience[room] += 1
            return self._audience[room]

    def leave(self, room: str) -> None:
        """See Board."""
        with self._lock:
            self._audience[room] -= 1
            if self._audience[room] <= 0:
                del self._audience[room]

    def audience(self, room: str) -> int:
        """See Board."""
        return self._audience[room]

    def _shown(self, streams: Iterable[Running]) -> list[Shown]:
        found = [Shown(now, tuple(self._history.get(now.stream, ()))) for now in streams]
        return sorted(found, key=lambda shown: (shown.now.started_at, shown.now.stream))
