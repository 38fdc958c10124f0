"""The Board of several processes, in Redis: small, and gone by itself when a process dies.

Keys, all under ``streamapp:``, none of which outlives its process for long:
``now:<stream>`` the stream as JSON; ``history:<stream>`` a list of "<ms> <count>"; ``owner:<id>``
its streams, scored by the time at which they are forgotten; ``link:<hash>`` its stream;
``viewers:<process>`` rooms and how many are in them; ``processes``, scored like owners.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import fields
from typing import Any

from streamapp.board import HISTORY, MemoryBoard, Running, Shown
from streamapp.shared import SharedState

# A stream that is not put again for so long is forgotten; they are put at least every 10 s.
_FORGOTTEN_SECONDS = 25
_KEEP_SECONDS = 5.0
# A process that has not told of its viewers for so long has none.
_SILENT_SECONDS = 10
_TELL_SECONDS = 3.0  # where nothing has changed
_ROLL_CALL_SECONDS = 1.0

_FIELDS = tuple(field.name for field in fields(Running))


class RedisBoard:
    """See Board. While Redis is lost the streams of this process are shown, and no others."""

    def __init__(self, state: SharedState, clock: Callable[[], float] = time.time) -> None:
        self._state = state
        self._clock = clock
        self.process = uuid.uuid4().hex[:12]
        self._own = MemoryBoard()
        self._written: dict[str, tuple[Any, ...]] = {}
        self._kept: dict[str, float] = {}  # when a stream's keys were given their time
        self._viewers: Counter[str] = Counter()  # of this process
        # Of the others, a second ago: how many, by room and process.
        self._elsewhere: dict[str, dict[str, int]] = {}
        self._called_at = self._told_at = 0.0
        self._told: dict[str, int] = {}
        self._lock = threading.Lock()

    def put(self, streams: Sequence[Running]) -> None:
        """See Board; a stream is written once a second, and when other than numbers changed."""
        self._own.put(streams)
        news = [now for now in streams if self._written.get(now.stream) != _gist(now)]
        written = bool(news) and self._state.ask(lambda client: self._write(client, news), False)
        if written:
            self._written.update((now.stream, _gist(now)) for now in news)

    def remove(self, stream: str) -> None:
        """See Board."""
        self._own.remove(stream)
        self._kept.pop(stream, None)
        known = self._written.pop(stream, None)

        def forget(client: Any) -> None:
            client.delete(_key("now", stream))
            if known is not None:
                client.zrem(_key("owner", known[1]), stream)

        self._state.ask(forget, None)

    def of_owner(self, owner: str) -> list[Shown]:
        """See Board."""

        def read(client: Any) -> list[Shown]:
            names = client.zrangebyscore(_key("owner", owner), self._clock(), "+inf")
            return [shown for shown in _read(client, names) if shown.now.owner == owner]

        found = self._state.ask(read, None)
        return self._own.of_owner(owner) if found is None else found

    def of_link(self, link: str) -> list[Shown]:
        """See Board."""

        def read(client: Any) -> list[Shown]:
            stream = client.get(_key("link", link))
            shown = _read(client, [stream] if stream else [])
            return [one for one in shown if one.now.link == link]

        found = self._state.ask(read, None)
        return self._own.of_link(link) if found is None else found

    def present(self, owner: str | None, link: str | None) -> set[str]:
        """See Board; without the histories that `of_owner` and `of_link` read."""

        def read(client: Any) -> set[str]:
            if owner is not None:
                return set(client.zrangebyscore(_key("owner", owner), self._clock(), "+inf"))
            stream = client.get(_key("link", str(link)))
            return {stream} if stream and client.exists(_key("now", stream)) else set()

        found: set[str] | None = self._state.ask(read, None)
        return self._own.present(owner, link) if found is None else found

    def enter(self, room: str) -> int:
        """See Board."""
        with self._lock:
            self._viewers[room] += 1
        self._call_roll()
        return self._viewers[room] + sum(self._elsewhere.get(room, {}).values())

    def leave(self, room: str) -> None:
        """See Board; the others hear of it at the next roll call."""
        with self._lock:
            self._viewers[room] -= 1
            if self._viewers[room] <= 0:
                del self._viewers[room]

    def audience(self, room: str) -> int:
        """See Board; of other processes as it was a second ago."""
        if not 0 <= self._clock() - self._called_at < _ROLL_CALL_SECONDS:
            self._call_roll()
        return self._viewers[room] + sum(self._elsewhere.get(room, {}).values())

    def others_in(self, room: str) -> Collection[str]:
        """Other processes with viewers in this room; a second old like `audience`."""
        return self._elsewhere.get(room, {}).keys()

    def _write(self, client: Any, streams: Iterable[Running]) -> bool:
        time_now = self._clock()
        pipe = client.pipeline(transaction=False)
        for now in streams:
            text = json.dumps([getattr(now, name) for name in _FIELDS], separators=(",", ":"))
            pipe.set(_key("now", now.stream), text, ex=_FORGOTTEN_SECONDS)
            known = self._written.get(now.stream, (None,))
            if now.at and known[0] != now.at // 1000:
                pipe.rpush(_key("history", now.stream), f"{now.at} {now.count}")
            if known[1:] != _gist(now)[1:] or time_now - self._kept[now.stream] >= _KEEP_SECONDS:
                self._keep(pipe, now, time_now)
        pipe.execute()
        return True

    def _keep(self, pipe: Any, now: Running, time_now: float) -> None:
        """What need not be said every second: by whom a stream is found, and for how long."""
        self._kept[now.stream] = time_now
        owner, history = _key("owner", now.owner), _key("history", now.stream)
        pipe.zremrangebyscore(owner, "-inf", time_now)
        pipe.zadd(owner, {now.stream: time_now + _FORGOTTEN_SECONDS})
        pipe.expire(owner, _FORGOTTEN_SECONDS)
        pipe.ltrim(history, -HISTORY, -1)
        pipe.expire(history, _FORGOTTEN_SECONDS)
        if now.link:
            pipe.set(_key("link", now.link), now.stream, ex=_FORGOTTEN_SECONDS)

    def _call_roll(self) -> None:
        """Tell of our viewers, and hear of the others'."""
        self._called_at = self._clock()
        counted = self._state.ask(self._exchange, None)
        self._elsewhere = counted if counted is not None else {}

    def _exchange(self, client: Any) -> dict[str, dict[str, int]]:
        now, mine = self._clock(), _key("viewers", self.process)
        with self._lock:
            viewers = dict(self._viewers)
        pipe = client.pipeline()
        if (viewers, True) != (self._told, now - self._told_at < _TELL_SECONDS):
            self._told, self._told_at = viewers, now
            pipe.delete(mine)
            if viewers:
                pipe.hset(mine, mapping=viewers)
                pipe.expire(mine, _SILENT_SECONDS)
                pipe.zadd(_key("processes"), {self.process: now + _SILENT_SECONDS})
            else:
                pipe.zrem(_key("processes"), self.process)
        pipe.zremrangebyscore(_key("processes"), "-inf", now)
        pipe.zrange(_key("processes"), 0, -1)
        others = [process for process in pipe.execute()[-1] if process != self.process]
        counted: dict[str, dict[str, int]] = {}
        for process in others:
            for room, count in client.hgetall(_key("viewers", process)).items():
                counted.setdefault(room, {})[process] = int(count)
        return counted


def _gist(now: Running) -> tuple[Any, ...]:
    """What of a stream is worth a write: the second, and what is no number."""
    return (now.at // 1000, now.owner, now.link, now.name, now.running, now.started_at)


def _read(client: Any, streams: Sequence[str]) -> list[Shown]:
    pipe = client.pipeline(transaction=False)
    for stream in streams:
        pipe.get(_key("now", stream))
        pipe.lrange(_key("history", stream), -HISTORY, -1)
    answers = pipe.execute() if streams else []
    shown = []
    for text, history in zip(answers[::2], answers[1::2], strict=True):
        if text:
            now = Running(**dict(zip(_FIELDS, json.loads(text), strict=True)))
            samples = [sample.split() for sample in history]
            shown.append(Shown(now, tuple((int(at), int(count)) for at, count in samples)))
    return sorted(shown, key=lambda one: (one.now.started_at, one.now.stream))


def _key(*parts: str) -> str:
    return ":".join(("streamapp", *parts))
