"""One session while it is recorded: samples are noted on the frame's way and handed on later."""

from __future__ import annotations

import secrets
from collections import deque

from streamapp.models import Batch, Sample, SessionRecord

# Held while the database is away: more than an hour of one a second. The oldest give way.
MOST_SAMPLES = 7200


class Recorder:
    """Notes (time, count) once a second and whenever the count changes.

    `note` touches memory only and may come from another thread than the rest, which belongs to
    whoever holds `SessionService`'s lock. Moments are milliseconds since 1970.
    """

    def __init__(self, record: SessionRecord, holder: str, tracks: int = 0) -> None:
        self.id = record.id
        self.owner = record.owner
        self.name = record.name
        self.started_at = record.started_at
        self.writer = record.writer
        self.empty = record.samples == 0
        self.holder: str | None = holder  # the client whose frames are counted; None: it is away
        self.left_at = 0
        self.ended_at: int | None = None
        self._pending: deque[Sample] = deque(maxlen=MOST_SAMPLES)
        self._batch: Batch | None = None  # on its way; its answer may have got lost
        self._last: Sample = (0, -1)
        self._tracks, self._new_tracks = tracks, 0

    @property
    def waiting(self) -> int:
        """Samples that are not in the database yet."""
        return len(self._pending) + (len(self._batch.samples) if self._batch else 0)

    def note(self, at: int, count: int, tracks_seen: int) -> None:
        """A frame of ``at`` had ``count`` faces, its stream ``tracks_seen`` so far."""
        if tracks_seen != self._tracks:
            # Fewer than before: the stream has forgotten its tracks and starts anew.
            known = self._tracks if tracks_seen > self._tracks else 0
            self._new_tracks += tracks_seen - known
            self._tracks = tracks_seen
        last_at, last_count = self._last
        if count != last_count or at // 1000 > last_at // 1000:
            # A clock that was put back must not turn the order around.
            self._last = (max(at, last_at + 1), count)
            self._pending.append(self._last)

    def hand_over(self, holder: str) -> None:
        """Another client goes on, with a stream that has seen nobody yet."""
        self.holder, self._tracks = holder, 0

    def leave(self, at: int) -> None:
        """The client has gone, and may come back."""
        self.holder, self.left_at = None, at

    def batch(self, now: int) -> Batch | None:
        """What to keep next: the same until `kept`. None where there is nothing to tell."""
        if self._batch is None:
            samples = tuple(self._pending.popleft() for _ in range(len(self._pending)))
            if not samples and self.holder is None and self.ended_at is None:
                return None
            tracks = self._new_tracks if samples else 0
            self._new_tracks -= tracks
            seen = now if self.holder else (samples[-1][0] if samples else self.left_at)
            self._batch = Batch(self.id, self.writer, samples, tracks, seen, self.ended_at)
        return self._batch

    def kept(self) -> None:
        """The batch is in the database."""
        if self._batch is not None and self._batch.samples:
            self.empty = False
        self._batch = None


def new_writer() -> str:
    """An id for who records, unique among all processes."""
    return secrets.token_hex(8)
