"""Live counting: the `StreamService` holds one `StreamSession` a client and answers every frame.

Nothing here knows Flask or sockets: whoever carries the bytes calls `StreamService.frame` and
sends back what it returns.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, NoReturn

from streamapp.concurrency import NativeLane
from streamapp.config import Settings, usable_cores
from streamapp.errors import Busy, FrameRefused
from streamapp.governor import Capture, Governor
from streamapp.metrics import Metrics
from streamapp.stream_session import StreamSession
from streamapp.vision.engines import Engines

log = logging.getLogger(__name__)

# A client without a place asks again after this long.
RETRY_AFTER_SECONDS = 10
# A client that sends nothing for so long gives its place to the next who asks for one.
_IDLE_SECONDS = 30.0


class StreamService:
    """All sessions of this process: opens, closes, and answers every frame."""

    def __init__(
        self,
        lane: NativeLane[Engines],
        settings: Settings,
        metrics: Metrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lane = lane
        self._settings = settings
        self._metrics = metrics
        self._clock = clock
        self._sessions: dict[str, StreamSession] = {}
        self._last_frame: dict[str, float] = {}  # of the clients that hold a place
        self._told_to_wait: set[str] = set()
        self._governor = governor = Governor(
            Capture(settings.capture_width, settings.capture_quality, settings.capture_fps),
            settings.vision_threads,
            usable_cores(),
        )
        self.draining = False
        # Whoever carries the events puts its own here: (client, status) -> None.
        self.notify: Callable[[str, dict[str, Any]], None] = lambda _client, _status: None
        # And whoever keeps counts: (client, answer) -> None, on every frame's way.
        self.counted: Callable[[str, dict[str, Any]], None] = lambda _client, _answer: None
        metrics.watch("clients", "Webcams streaming now", lambda: len(self._last_frame))
        metrics.watch("tracks", "Faces counted now, of all webcams", self._faces_now)
        metrics.watch(
            "frame_cost_seconds", "CPU a frame costs, all told", lambda: governor.frame_cpu
        )

    @property
    def in_flight(self) -> int:
        """Frames waiting or in a native thread."""
        return self._lane.busy

    def open(self, client: str) -> None:
        """A client has connected; it counts as a webcam from its first frame on."""
        self._sessions[client] = StreamSession(
            client, self._lane, self._settings, self._metrics, self._governor
        )
        log.info("session %s starts", client)

    def close(self, client: str) -> None:
        """A client has gone; a frame of its still in a thread is answered to nobody."""
        session = self._sessions.pop(client, None)
        self._last_frame.pop(client, None)
        self._told_to_wait.discard(client)
        if session is not None:
            log.info(
                "session %s ends: %s, peak %d, tracks seen %d",
                client,
                ", ".join(f"{n} {code}" for code, n in session.results.items()) or "no frames",
                session.peak,
                session.tracks_seen,
            )

    def frame(self, client: str, metadata: object = None, data: object = None) -> dict[str, Any]:
        """The acknowledgement for one frame, whatever was sent: counts, or a named error."""
        seq = metadata.get("seq") if isinstance(metadata, dict) else None
        echo = seq if isinstance(seq, int) and not isinstance(seq, bool) else None
        session = self._sessions.get(client)
        now = self._clock()
        if self._governor.is_due(now):
            self._governor.tick(now, time.process_time(), len(self._last_frame))
        try:
            current = self.session(client)  # who has gone must not take a place
            self._admit(client, now)
            answer = current.process(metadata, data, now)
            self.counted(client, answer)
            answer["capture"] = self.capture
            code = "ok"
        except FrameRefused as error:
            answer, code = {"error": {"code": error.code, "message": error.message}}, error.code
        except Exception:
            log.exception("a frame of session %s failed", client)
            message = "The frame could not be processed. The next one may be."
            answer, code = {"error": {"code": "invalid_frame", "message": message}}, "failed"
        self._metrics.frame(code)
        if session is not None:
            session.answered(code)
        return {"seq": echo, **answer}

    def session(self, client: str) -> StreamSession:
        """The client's session. Raises Busy where it has gone."""
        try:
            return self._sessions[client]
        except KeyError:
            raise Busy("This connection has no session any more. Connect again.") from None

    @property
    def capture(self) -> dict[str, Any]:
        """What the server would like to be sent now: width, quality, fps."""
        return vars(self._governor.capture)

    def _admit(self, client: str, now: float) -> None:
        """Raises Busy where one more webcam would cost the others their counts."""
        if client in self._last_frame:
            self._last_frame[client] = now
            return
        for other, last in list(self._last_frame.items()):
            if now - last > _IDLE_SECONDS:
                del self._last_frame[other]
        count, most = len(self._last_frame), self._settings.max_clients
        if self.draining:
            self._turn_away(client, "The server is going away for a moment.")
        elif count >= most:
            self._turn_away(client, f"All {most} places are taken.")
        elif not self._governor.has_room(count):
            self._turn_away(
                client, f"{count} webcams are counted, and one more would slow them all."
            )
        self._told_to_wait.discard(client)
        self._last_frame[client] = now

    def _turn_away(self, client: str, reason: str) -> NoReturn:
        message = f"{reason} Try again in {RETRY_AFTER_SECONDS} seconds."
        if client in self._sessions and client not in self._told_to_wait:
            self._told_to_wait.add(client)
            status = {"state": "busy", "message": message, "retry_after": RETRY_AFTER_SECONDS}
            self.notify(client, status)
        raise Busy(message)

    def _faces_now(self) -> int:
        return sum(session.count for session in self._sessions.values())
