"""Real servers: the Procfile's own line on a free port, spoken to over the network."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
import socketio
import websocket

from bench.media import frames
from bench.servers import Server, product

ANSWER_SECONDS = 30


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests that leave it as it was; its log may hold no traceback."""
    with product() as running:
        yield running
    assert "Traceback" not in running.log(), running.log()


@pytest.fixture(scope="session")
def webcam() -> list[bytes]:
    """Two seconds of a real webcam, 640x480 JPEG frames of about 36 kB with one face."""
    return frames(count=60)


class Camera:
    """A client that sends frames, by python-socketio's own client."""

    def __init__(self, client: socketio.Client) -> None:
        self.client = client
        self.statuses: list[dict[str, Any]] = []
        self.connections = 0
        self._ready = threading.Event()
        client.on("status", self._on_status)

    def _on_status(self, status: dict[str, Any]) -> None:
        self.statuses.append(status)
        if status["state"] == "ready":
            self.connections += 1
            self._ready.set()

    def wait_ready(self) -> dict[str, Any]:
        """The first status the server sent."""
        assert self._ready.wait(ANSWER_SECONDS), "no status came"
        return self.statuses[0]

    def send(self, metadata: object, data: object) -> dict[str, Any]:
        """Emit one frame and wait for its acknowledgement."""
        answer = self.client.call("frame", (metadata, data), timeout=ANSWER_SECONDS)
        assert isinstance(answer, dict)
        return answer

    def watch(
        self, jpegs: list[bytes], until: Callable[[dict[str, Any]], bool], seconds: float = 20
    ) -> dict[str, Any]:
        """Send ``jpegs`` over and over until an answer is as wanted: faces settle by time."""
        deadline = time.monotonic() + seconds
        for seq, jpeg in enumerate(itertools.cycle(jpegs)):
            answer = self.send({"seq": seq}, jpeg)
            if until(answer):
                return answer
            assert time.monotonic() < deadline, f"the last answer was {answer}"
        raise AssertionError("unreachable: the frames never end")


@contextmanager
def camera(
    server: Server, transport: str = "websocket", reconnect: bool = False, cookie: str = ""
) -> Iterator[Camera]:
    """A connected `Camera`, gone at the end of the block."""
    client = socketio.Client(reconnection=reconnect, reconnection_delay=0.2)
    subject = Camera(client)
    headers = {"Cookie": cookie} if cookie else {}
    client.connect(server.url, transports=[transport], headers=headers, wait_timeout=ANSWER_SECONDS)
    try:
        yield subject
    finally:
        if client.connected and client.transport() == "polling":
            # A goodbye while a POST is under way is never sent, and the open poll then lasts 25 s.
            client.eio.queue.join()
        client.disconnect()
        if client.eio.http:
            client.eio.http.close()


def connect(server: Server, source: str = "127.0.0.1") -> socket.socket:
    """A connection from one of the many addresses of the loopback interface."""
    return socket.create_connection(("127.0.0.1", server.port), 10, (source, 0))


def is_well(server: Server) -> bool:
    return requests.get(f"{server.url}/healthz", timeout=5).status_code == 200


def open_line(server: Server, **options: Any) -> websocket.WebSocket:
    """A websocket to Socket.IO, not yet in any namespace."""
    url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
    line = websocket.create_connection(url, timeout=10, **options)
    assert line.recv()[:1] == "0"
    return line
