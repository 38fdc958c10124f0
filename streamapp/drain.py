"""A goodbye within Heroku's 30 seconds, for gunicorn 25.3's eventlet worker.

On SIGTERM gunicorn stops accepting and waits for every connection to end by itself; websockets
and idle keep-alive connections do not, so after 30 seconds it kills the worker and no exit hook
runs. Here they are ended in the order that loses nothing: no new webcams, frames in flight
answered, clients let go as if the transport had closed (which makes them come back), then
whatever idles. `install` is called by ``gunicorn.conf.py``.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from typing import Any

import eventlet

from streamapp.streaming import StreamService

# gunicorn's worker looks once a second whether it is to stop; until then it still accepts.
_ACCEPTORS_CLOSE_SECONDS = 1.2
_FRAMES_SECONDS = 2.0
_REQUESTS_SECONDS = 15.0
_LOOK_SECONDS = 0.02


class Connections:
    """The sockets this worker serves, and which of them are in the middle of a request."""

    def __init__(self, worker: Any) -> None:
        self._open: dict[Any, bool] = {}
        self._handle, self._handle_request = worker.handle, worker.handle_request
        worker.handle, worker.handle_request = self.handle, self.handle_request

    def __len__(self) -> int:
        return len(self._open)

    def handle(self, listener: Any, client: Any, address: Any) -> None:
        """Stands before the worker's own: one connection from accept to close."""
        self._open[client] = False
        try:
            self._handle(listener, client, address)
        finally:
            self._open.pop(client, None)

    def handle_request(self, listener: Any, request: Any, client: Any, address: Any) -> Any:
        """Stands before the worker's own: one request; for a websocket, its whole life."""
        self._open[client] = True
        try:
            return self._handle_request(listener, request, client, address)
        finally:
            if client in self._open:
                self._open[client] = False

    def shut(self, only_idle: bool) -> None:
        """Shut connections both ways; their readers wake up and end."""
        for client, busy in list(self._open.items()):
            if not (only_idle and busy):
                with contextlib.suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)


def install(worker: Any, streams: StreamService, server: Any) -> None:
    """Have ``worker`` drain ``streams`` and ``server`` (a socketio.Server) when told to stop."""
    connections = Connections(worker)
    stop = signal.getsignal(signal.SIGTERM)

    def on_terminate(number: int, frame: Any) -> None:
        # They come twice: Heroku signals every process, and gunicorn's master signals us too.
        if not streams.draining:
            streams.draining = True
            eventlet.spawn(_drain, connections, streams, server)
        if callable(stop):
            stop(number, frame)

    # Ctrl-C reaches us as SIGINT from the terminal and as SIGQUIT from gunicorn's master; the
    # worker's own handler for them exits from within whatever the hub was doing.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, on_terminate)


def _drain(connections: Connections, streams: StreamService, server: Any) -> None:
    message = "The server restarts. Counting goes on in a moment."
    server.emit("status", {"state": "draining", "message": message, "retry_after": 2})
    eventlet.sleep(_ACCEPTORS_CLOSE_SECONDS)
    _wait_while(lambda: streams.in_flight > 0, _FRAMES_SECONDS)
    for client in list(server.eio.sockets.values()):
        # Without a goodbye on any layer of Socket.IO: after server.disconnect a browser never
        # comes back, after eio.disconnect a Python client does not. A transport that closes
        # brings back both. One task each: who does not read must not hold up the others.
        eventlet.spawn(client.close, wait=False, abort=True)

    def still_open() -> bool:
        connections.shut(only_idle=True)
        return len(connections) > 0

    _wait_while(still_open, _REQUESTS_SECONDS)
    connections.shut(only_idle=False)


def _wait_while(condition: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while condition() and time.monotonic() < deadline:
        eventlet.sleep(_LOOK_SECONDS)
