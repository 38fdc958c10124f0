"""A goodbye within Heroku's 30 seconds, for gunicorn's eventlet and gthread workers.

On SIGTERM gunicorn stops accepting and waits for every connection to end by itself; websockets
and idle keep-alive connections do not, so after 30 seconds it kills the worker and no exit hook
runs. Here they are ended in the order that loses nothing: no new webcams, frames in flight
answered, clients let go as if the transport had closed (which makes them come back), then
whatever idles. `install` is called by ``gunicorn.conf.py``.
"""

from __future__ import annotations

import contextlib
import queue
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from streamapp.streaming import StreamService

# gunicorn's eventlet worker looks once a second whether it is to stop; until then it accepts.
_ACCEPTORS_CLOSE_SECONDS = 1.2
_FRAMES_SECONDS = 2.0
_REQUESTS_SECONDS = 15.0
_LOOK_SECONDS = 0.02


class Connections(Protocol):
    """The sockets a worker serves now."""

    def __len__(self) -> int: ...

    def shut(self, only_idle: bool) -> None:
        """Shut connections both ways, or only those between two requests; their readers end."""


class EventletConnections:
    """The connections of the eventlet worker, which keeps idle ones in a task each."""

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
        """See Connections."""
        for client, busy in list(self._open.items()):
            if not (only_idle and busy):
                _shut(client)


class ThreadConnections:
    """The connections that threads of the gthread worker serve; it closes idle ones itself."""

    def __init__(self, worker: Any) -> None:
        self._busy: set[Any] = set()
        self._handle = worker.handle
        worker.handle = self.handle

    def __len__(self) -> int:
        return len(self._busy)

    def handle(self, connection: Any) -> Any:
        """Stands before the worker's own: one request; for a websocket, its whole life."""
        self._busy.add(connection)
        try:
            return self._handle(connection)
        finally:
            self._busy.discard(connection)

    def shut(self, only_idle: bool) -> None:
        """See Connections."""
        if not only_idle:
            for connection in list(self._busy):
                _shut(connection.sock)


def install(worker: Any, streams: StreamService, server: Any, finish: Callable[[], object]) -> None:
    """Have ``worker`` drain ``streams`` and ``server`` (a socketio.Server) when told to stop.

    ``finish`` writes what is in memory only; nothing is counted any more by then.
    """
    _finish_after(worker, finish)
    threads = server.eio.async_mode == "threading"
    connections = ThreadConnections(worker) if threads else EventletConnections(worker)
    start = _starter_of(threads, lambda: _drain(connections, streams, server))
    stop = signal.getsignal(signal.SIGTERM)

    def on_terminate(number: int, frame: Any) -> None:
        # They come twice: Heroku signals every process, and gunicorn's master signals us too.
        if not streams.draining:
            streams.draining = True
            start()
        if callable(stop):
            stop(number, frame)

    # Ctrl-C reaches us as SIGINT from the terminal and as SIGQUIT from gunicorn's master; the
    # worker's own handler for them exits from within whatever was being done.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, on_terminate)


def _starter_of(threads: bool, drain: Callable[[], None]) -> Callable[[], None]:
    """What a signal's handler may call to have ``drain`` run beside it."""
    if not threads:
        # Imported only in this mode: importing eventlet anywhere else would start its hub.
        import eventlet

        return lambda: eventlet.spawn(drain)
    # A handler runs in the middle of whatever the main thread does, which may be starting a
    # thread, under a lock: so the thread is there before, and waits for a word. Of all queues
    # only this one may be put to from within a handler.
    word: queue.SimpleQueue[None] = queue.SimpleQueue()

    def wait_and_drain() -> None:
        word.get()
        drain()

    threading.Thread(target=wait_and_drain, name="drain", daemon=True).start()
    return lambda: word.put(None)


def _finish_after(worker: Any, finish: Callable[[], object]) -> None:
    run = worker.run

    def run_and_finish() -> None:
        try:
            run()
        finally:
            finish()

    worker.run = run_and_finish


def _drain(connections: Connections, streams: StreamService, server: Any) -> None:
    message = "The server restarts. Counting goes on in a moment."
    server.emit("status", {"state": "draining", "message": message, "retry_after": 2})
    time.sleep(_ACCEPTORS_CLOSE_SECONDS)
    _wait_while(lambda: streams.in_flight > 0, _FRAMES_SECONDS)
    for client in list(server.eio.sockets.values()):
        # Without a goodbye on any layer of Socket.IO: after server.disconnect a browser never
        # comes back, after eio.disconnect a Python client does not. A transport that closes
        # brings back both. One task each: who does not read must not hold up the others.
        server.start_background_task(client.close, wait=False, abort=True)

    def still_open() -> bool:
        connections.shut(only_idle=True)
        return len(connections) > 0

    _wait_while(still_open, _REQUESTS_SECONDS)
    connections.shut(only_idle=False)


def _shut(client: Any) -> None:
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)


def _wait_while(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while condition() and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
