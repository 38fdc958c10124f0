"""Live counting: the `StreamService` holds one `StreamSession` a client and answers every frame.

Nothing here knows Flask or sockets: whoever carries the bytes calls `StreamService.frame` and
sends back what it returns.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from streamapp.concurrency import NativeLane
from streamapp.config import Settings
from streamapp.errors import Busy, FrameRefused
from streamapp.metrics import Metrics
from streamapp.stream_session import StreamSession
from streamapp.vision.engines import Engines

log = logging.getLogger(__name__)


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
        self._streaming: set[str] = set()
        self.draining = False
        metrics.count_clients(lambda: len(self._streaming))

    @property
    def in_flight(self) -> int:
        """Frames waiting or in a native thread."""
        return self._lane.busy

    def open(self, client: str) -> None:
        """A client has connected; it counts as a webcam from its first frame on."""
        self._sessions[client] = StreamSession(client, self._lane, self._settings, self._metrics)
        log.info("session %s starts", client)

    def close(self, client: str) -> None:
        """A client has gone; a frame of its still in a thread is answered to nobody."""
        session = self._sessions.pop(client, None)
        self._streaming.discard(client)
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
        try:
            self._admit(client)
            answer = self.session(client).process(metadata, data, self._clock())
            code = "ok"
        except FrameRefused as error:
            answer, code = {"error": {"code": error.code, "message": error.message}}, error.code
        except Exception:
            log.exception("a frame of session %s failed", client)
            message = "The frame could not be processed. The next one may be."
            answer, code = {"error": {"code": "invalid_frame", "message": message}}, "failed"
        self._metrics.frame(code)
        if session is not None:
            session.results[code] += 1
        return {"seq": echo, **answer}

    def session(self, client: str) -> StreamSession:
        """The client's session. Raises Busy where it has gone."""
        try:
            return self._sessions[client]
        except KeyError:
            raise Busy("This connection has no session any more. Connect again.") from None

    def _admit(self, client: str) -> None:
        if self.draining:
            raise Busy("The server is going away for a moment. Connect again.")
        if client in self._streaming:
            return
        if len(self._streaming) >= self._settings.max_clients:
            raise Busy(
                f"All {self._settings.max_clients} places are taken. Try again in a few seconds."
            )
        self._streaming.add(client)
