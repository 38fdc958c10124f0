"""What is told of one webcam beside its answers: to its session, and to who watches."""

from __future__ import annotations

import threading
from typing import Any

from streamapp.board import Running
from streamapp.recording import Recorder
from streamapp.token_bucket import TokenBucket

# Without a frame for so long a stream is not shown any more.
SILENT_MS = 30_000
# Names, recordings and links that one client may change: each is a write to the database.
_CHANGES_PER_SECOND, _CHANGES_AT_ONCE = 1.0, 30


class Channel:
    """One connected webcam. Moments are milliseconds since 1970."""

    def __init__(self, stream: str, client: str, owner: str | None, started_at: int) -> None:
        self.stream = stream  # its public id
        self.client = client
        self.owner = owner  # None: it came without a cookie, so nothing can be kept for it
        self.started_at = started_at
        self.name = ""
        self.blur = False
        self.recorder: Recorder | None = None
        self.token: str | None = None  # under which it is shared
        self.link: str | None = None  # and its hash
        self.changes = TokenBucket(_CHANGES_PER_SECOND, _CHANGES_AT_ONCE)
        self.lock = threading.Lock()  # one change at a time
        self.at = 0  # of the last frame
        self.answer: dict[str, Any] = {}
        # What watchers were told last; `Watching`'s.
        self.listed = False
        self.put_at = self.sent_at = 0
        self.sent: dict[str, Any] | None = None

    def note(self, at: int, answer: dict[str, Any]) -> None:
        """A frame was answered: on its way, so this only takes note."""
        self.at, self.answer = at, answer
        if self.recorder is not None:
            self.recorder.note(at, answer["count"], answer["tracks_seen"])

    @property
    def rooms(self) -> list[str]:
        """Where this stream is watched."""
        rooms = [owner_room(self.owner)] if self.owner else []
        return [*rooms, link_room(self.link)] if self.link else rooms

    def running(self, now: int) -> bool:
        """Whether frames come in."""
        return now - self.at < SILENT_MS

    def as_running(self, now: int) -> Running:
        """As the board has it."""
        answer = self.answer
        return Running(
            stream=self.stream,
            owner=self.owner or "",
            link=self.link,
            name=self.name,
            started_at=self.started_at,
            at=self.at,
            running=self.running(now),
            count=answer.get("count", 0),
            peak=answer.get("peak", 0),
            tracks_seen=answer.get("tracks_seen", 0),
        )

    def as_count(self) -> dict[str, Any]:
        """As viewers are told: numbers and outlines, nothing of the picture."""
        answer = self.answer
        return {
            "stream": self.stream,
            "name": self.name,
            "at": self.at,
            "count": answer["count"],
            "peak": answer["peak"],
            "tracks_seen": answer["tracks_seen"],
            "width": answer["width"],
            "height": answer["height"],
            "faces": [[face["id"], *face["box"]] for face in answer["faces"]],
        }


def owner_room(owner: str) -> str:
    """The room of an owner's wall."""
    return f"owner:{owner}"


def link_room(link: str) -> str:
    """The room of those who came by a link; ``link`` is its hash."""
    return f"link:{link}"
