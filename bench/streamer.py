"""A webcam that comes back by itself, as the page does: for restarts under load.

Unlike `bench.client` it speaks by python-socketio, reconnects, and goes on with its session.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

import requests
import socketio

_ANSWER_SECONDS = 10


class Streamer:
    """One client that streams ``jpegs`` at ``fps`` and records a session, until `stop`."""

    def __init__(
        self, url: str, jpegs: Sequence[bytes], fps: float, transport: str = "websocket"
    ) -> None:
        self.url = url
        self.answered: list[float] = []
        """Moments of counted frames, seconds since 1970, as this client knows them."""
        self.refused: list[str] = []
        self.unanswered = 0
        self.connections = 0
        self.session: str | None = None
        self._jpegs = jpegs
        self._interval = 1 / fps
        # Behind a proxy the cookie is for https only, so it is carried by hand.
        answer = requests.get(f"{url}/upload", timeout=_ANSWER_SECONDS)
        self.owner = {"Cookie": "; ".join(f"{k}={v}" for k, v in answer.cookies.items())}
        """The header that makes a request this client's owner's."""
        self._may_send = threading.Event()
        self._stopped = threading.Event()
        self._transport = transport
        line = requests.Session()
        line.cookies.update(dict(answer.cookies))
        self._client = socketio.Client(
            reconnection_delay=0.2, reconnection_delay_max=1, http_session=line
        )
        self._client.on("status", self._on_status)
        self._client.on("disconnect", lambda *_: self._may_send.clear())
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        """Connect and stream."""
        self._client.connect(self.url, transports=[self._transport], wait_timeout=_ANSWER_SECONDS)
        self._thread.start()

    def stop(self) -> None:
        """Stream no more, and leave. May be called again."""
        self._stopped.set()
        self._may_send.set()
        self._thread.join()
        self._client.disconnect()

    def call(self, event: str, content: object) -> dict[str, Any]:
        """Emit and wait for the acknowledgement."""
        answer: dict[str, Any] = self._client.call(event, content, timeout=_ANSWER_SECONDS)
        return answer

    def transport(self) -> str:
        """By what it is connected now."""
        return str(self._client.transport())

    def samples(self) -> list[list[int]]:
        """What the session has, by the API: milliseconds since 1970, count."""
        path = f"{self.url}/api/v1/sessions/{self.session}/counts.json"
        answer = requests.get(path, headers=self.owner, timeout=_ANSWER_SECONDS)
        found: list[list[int]] = answer.json()["samples"]
        return found

    def _on_status(self, status: dict[str, Any]) -> None:
        if status["state"] == "draining":
            self._may_send.clear()  # what is under way is still answered
        elif status["state"] == "ready":
            self.connections += 1
            threading.Thread(target=self._go_on).start()

    def _go_on(self) -> None:
        """The same session again: a handler may not wait for an answer itself."""
        options = {"recording": True, **({"session": self.session} if self.session else {})}
        try:
            answer = self._client.call("configure", options, timeout=_ANSWER_SECONDS)
        except socketio.exceptions.SocketIOError:
            return  # gone again; the next status comes with the next connection
        if "error" in answer:
            self.refused.append(answer["error"]["message"])
        else:
            self.session = answer["session"]["id"]
            self._may_send.set()

    def _run(self) -> None:
        seq, due = 0, time.monotonic()
        while not self._stopped.is_set():
            if not self._may_send.wait(0.1) or self._stopped.is_set():
                continue
            due = max(due + self._interval, time.monotonic() - self._interval)
            self._stopped.wait(max(0.0, due - time.monotonic()))
            self._send(seq)
            seq += 1

    def _send(self, seq: int) -> None:
        if not self._may_send.is_set():
            return
        jpeg = self._jpegs[seq % len(self._jpegs)]
        try:
            answer = self._client.call("frame", ({"seq": seq}, jpeg), timeout=_ANSWER_SECONDS)
        except socketio.exceptions.SocketIOError:
            self.unanswered += 1
            return
        if "error" in answer:
            self.refused.append(answer["error"]["message"])
        else:
            self.answered.append(time.time())
