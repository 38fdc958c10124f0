"""Who watches what: numbers and outlines of running streams, a few times a second.

Viewers are in rooms: of a link, or of an owner's wall. `tick` tells each room what is new; it is
called by a task of its own, never on a frame's way. Whoever carries the events hands in how.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from streamapp.board import Board, Shown
from streamapp.channel import Channel, link_room
from streamapp.errors import Busy, Unavailable
from streamapp.links import LinkService
from streamapp.moments import iso

log = logging.getLogger(__name__)

TICK_SECONDS = 0.25
LOOK_SECONDS = 3.0
# Of one link, or one wall.
MAX_VIEWERS = 300
_BEAT_MS = 2000  # nothing new for so long: said again
_PUT_MS = 10_000
_LINK = "link:"


class Watching:
    """Tells viewers. ``emit(event, content, rooms)`` reaches those of all processes."""

    def __init__(self, board: Board, links: LinkService) -> None:
        self._board = board
        self._links = links
        self._viewers: defaultdict[str, set[str]] = defaultdict(set)  # of this process, by room
        self.emit: Callable[[str, dict[str, Any], list[str]], None] = lambda _e, _c, _r: None
        self.emit_here: Callable[[str, dict[str, Any], str], None] = lambda _e, _c, _r: None
        self.disconnect: Callable[[str], None] = lambda _viewer: None
        self._seen: dict[str, set[str]] = {}  # streams by room, as they were last looked at

    def enter(self, viewer: str, room: str) -> None:
        """A viewer comes. Raises Busy where there are too many."""
        if self._board.enter(room) > MAX_VIEWERS:
            self._board.leave(room)
            raise Busy(f"{MAX_VIEWERS} viewers are watching already. Try again later.")
        self._viewers[room].add(viewer)

    def leave(self, viewer: str) -> None:
        """A viewer has gone; nothing happens where it was in no room."""
        for room in [room for room, viewers in list(self._viewers.items()) if viewer in viewers]:
            self._viewers[room].discard(viewer)
            if not self._viewers[room]:
                del self._viewers[room]
            self._board.leave(room)

    def state(self, room: str) -> dict[str, Any]:
        """All that is to be seen in a room now."""
        kind, _, key = room.partition(":")
        shown = self._board.of_link(key) if kind == "link" else self._board.of_owner(key)
        return {"streams": [_state(one) for one in shown]}

    def tick(self, channels: Iterable[Channel], now: int) -> None:
        """Put on the board what has changed, and tell viewers, 4 times a second at most."""
        watchable = [channel for channel in channels if channel.owner is not None]
        shown = [c for c in watchable if c.link or c.running(now)]
        changed = [c for c in shown if c.answer is not c.sent or now - c.put_at >= _PUT_MS]
        self._board.put([channel.as_running(now) for channel in changed])
        for channel in changed:
            channel.put_at = now
        for channel in watchable:
            if channel.listed and channel not in shown:
                self.gone(channel)
        for channel in shown:
            if not channel.listed:
                self.announce(channel, now)
            self._tell(channel, now)

    def announce(self, channel: Channel, now: int) -> None:
        """A stream appears where it was not: its rooms are told all that is in them."""
        channel.listed = True
        self._board.put([channel.as_running(now)])
        for room in channel.rooms:
            if self._board.audience(room):
                self.emit("state", self.state(room), [room])

    def gone(self, channel: Channel) -> None:
        """A stream has gone, or sends nothing any more."""
        if channel.listed:
            channel.listed = False
            self._board.remove(channel.stream)
            self.emit("gone", {"stream": channel.stream}, channel.rooms)

    def revoke(self, link: str) -> None:
        """A link is one no more: whoever came by it is told, and let go."""
        room = link_room(link)
        self.emit("revoked", {}, [room])
        for viewer in list(self._viewers.get(room, ())):
            self.disconnect(viewer)

    def changed(self, channel: Channel) -> None:
        """A stream's name or rooms are others: the board is told at the next tick."""
        channel.put_at = 0

    def check_links(self) -> None:
        """Let go who came by a link that another process has revoked. Every few seconds."""
        watched = {
            room.removeprefix(_LINK) for room in list(self._viewers) if room.startswith(_LINK)
        }
        if not watched:
            return
        try:
            for link in watched - self._links.valid(watched):
                self.revoke(link)
        except Unavailable:
            log.debug("links are not checked: the database is away")

    def look_again(self) -> None:
        """Tell our viewers of streams that came or went unheard of. Every few seconds.

        A process that dies says no goodbye, and while Redis is lost nobody hears one.
        """
        for room in self._seen.keys() - self._viewers.keys():
            del self._seen[room]
        for room in list(self._viewers):
            self._board.audience(room)  # others hear of our viewers where this is asked
            kind, _, key = room.partition(":")
            streams = self._board.present(*((None, key) if kind == "link" else (key, None)))
            if streams != self._seen.setdefault(room, streams):
                self._seen[room] = streams
                self.emit_here("state", self.state(room), room)

    def _tell(self, channel: Channel, now: int) -> None:
        answer, age = channel.answer, now - channel.sent_at
        if not answer or age < TICK_SECONDS * 1000 * 0.9:  # a tick may come a little early
            return
        if age < _BEAT_MS and channel.sent is not None and _same(answer, channel.sent):
            return
        rooms = [room for room in channel.rooms if self._board.audience(room)]
        channel.sent_at, channel.sent = now, answer
        if rooms:
            self.emit("count", channel.as_count(), rooms)


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two answers look the same to a viewer."""
    return one is other or _seen(one) == _seen(other)


def _seen(answer: dict[str, Any]) -> list[Any]:
    numbers = [answer[key] for key in ("count", "peak", "tracks_seen", "width", "height")]
    return numbers + [(face["id"], face["box"]) for face in answer["faces"]]


def _state(shown: Shown) -> dict[str, Any]:
    now = shown.now
    return {
        "stream": now.stream,
        "name": now.name,
        "running": now.running,
        "count": now.count,
        "peak": now.peak,
        "tracks_seen": now.tracks_seen,
        "started_at": iso(now.started_at),
        "history": [list(sample) for sample in shown.history],
    }
