"""What the tests of several processes share: the fleet itself, cameras and viewers."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import socketio

from bench.balancer import BalancerMissing
from bench.fleet import Fleet, fleet
from bench.servers import wait_until
from bench.streamer import Streamer

SECONDS = 15


@contextmanager
def fleet_or_skip(
    env: Mapping[str, str], given: Mapping[str, str], affinity: bool = False
) -> Iterator[Fleet]:
    """Two processes; where there is no haproxy the test is skipped, but not in CI."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(fleet(env=env, given=given, affinity=affinity))
        except BalancerMissing as missing:
            if "CI" in os.environ:
                raise
            pytest.skip(str(missing))
        yield running


class Viewer:
    """What comes to somebody who watches."""

    def __init__(self) -> None:
        self.client = socketio.Client(reconnection=False)
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._told = threading.Condition()
        self.client.on("*", self._take, namespace="/watch")

    def _take(self, event: str, content: dict[str, Any]) -> None:
        with self._told:
            self.events.append((event, content))
            self._told.notify_all()

    def wait(self, event: str, seconds: float = SECONDS) -> dict[str, Any]:
        """The next event of this name; forgets those before it."""

        def found() -> bool:
            return any(name == event for name, _ in self.events)

        with self._told:
            assert self._told.wait_for(found, seconds), f"{event} did not come: {self.events}"
            while True:
                name, content = self.events.pop(0)
                if name == event:
                    return content


@contextmanager
def viewer(
    url: str,
    auth: dict[str, Any],
    headers: dict[str, str] | None = None,
    transport: str = "websocket",
) -> Iterator[Viewer]:
    """A connected `Viewer`."""
    watching = Viewer()
    watching.client.connect(
        url, headers or {}, auth, transports=[transport], namespaces=["/watch"], wait_timeout=10
    )
    try:
        yield watching
    finally:
        watching.client.disconnect()


@contextmanager
def streaming(
    url: str, webcam: list[bytes], fps: float = 8, transport: str = "websocket"
) -> Iterator[Streamer]:
    """A webcam that streams and records."""
    streamer = Streamer(url, webcam, fps, transport)
    streamer.start()
    try:
        assert wait_until(lambda: len(streamer.answered) > 0, SECONDS)
        yield streamer
    finally:
        streamer.stop()
