"""How long a client may take to say what it wants, for gunicorn 25.3's eventlet worker.

The worker gives a request's head as long as an idle connection, and its body for ever. Bytes that
trickle in would hold a connection and its greenlet at no cost to whoever sends them ("slow
loris"). A websocket is left alone from its handshake on: Engine.IO's pings end those that fall
silent. `install` is called by ``gunicorn.conf.py``.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from typing import Any

import eventlet

FIRST_BYTE_SECONDS = 30.0  # browsers connect before they know what to ask for
HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
BODY_BYTES_PER_SECOND = 10_000  # each so many bytes buy another second
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class PatientReader:
    """Stands before a client socket's ``recv``, which ends the stream when time is up."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._recv = client.recv
        self._bytes_per_second: float | None = None
        self._deadline: float | None = time.monotonic() + FIRST_BYTE_SECONDS
        self._head_began = False
        self._given_up = False
        client.recv = self.recv

    def expect_head(self) -> None:
        """The next request may begin whenever it likes: gunicorn closes what idles for long."""
        self._deadline, self._head_began, self._bytes_per_second = None, False, None

    def expect_body(self) -> None:
        """A head has come whole."""
        self._deadline = time.monotonic() + BODY_SECONDS
        self._bytes_per_second = BODY_BYTES_PER_SECOND

    def stop(self) -> None:
        """From now on the client may take its time."""
        self._client.recv = self._recv

    def recv(self, size: int, flags: int = 0) -> bytes:
        """See socket.recv; ``b""`` also when time is up."""
        if self._given_up:
            return b""
        left = None if self._deadline is None else self._deadline - time.monotonic()
        if left is not None and left <= 0:
            return self._hang_up()
        data: bytes | None = None
        with eventlet.Timeout(left, False):
            data = self._recv(size, flags)
        if data is None:
            return self._hang_up()
        if self._bytes_per_second and self._deadline is not None:
            self._deadline += len(data) / self._bytes_per_second
        elif not self._head_began:
            self._head_began = True
            self._deadline = time.monotonic() + HEAD_SECONDS
        return data

    def _hang_up(self) -> bytes:
        self._given_up = True
        with contextlib.suppress(OSError), eventlet.Timeout(1, False):
            self._client.sendall(_TOO_SLOW)
        return b""


class Doorkeeper:
    """Gives every connection of ``worker`` its `PatientReader`, and no peer more than its share."""

    def __init__(self, worker: Any, most_per_peer: int | None) -> None:
        self._most = most_per_peer
        self._peers: Counter[str] = Counter()
        self._readers: dict[Any, PatientReader] = {}
        self._handle, self._handle_request = worker.handle, worker.handle_request
        worker.handle, worker.handle_request = self.handle, self.handle_request

    def handle(self, listener: Any, client: Any, address: Any) -> None:
        """Stands before the worker's own: one connection from accept to close."""
        peer = address[0] if isinstance(address, tuple) else ""
        if self._most is not None and self._peers[peer] >= self._most:
            client.close()
            return
        self._peers[peer] += 1
        self._readers[client] = PatientReader(client)
        try:
            self._handle(listener, client, address)
        finally:
            del self._readers[client]
            self._peers[peer] -= 1
            if not self._peers[peer]:
                del self._peers[peer]

    def handle_request(self, listener: Any, request: Any, client: Any, address: Any) -> Any:
        """Stands before the worker's own: one request; for a websocket, its whole life."""
        reader = self._readers[client]
        if any(name.upper() == "UPGRADE" for name, _value in request.headers):
            reader.stop()
        else:
            reader.expect_body()
        answer = self._handle_request(listener, request, client, address)
        reader.expect_head()
        return answer


def install(worker: Any, behind_proxy: bool) -> None:
    """Have ``worker`` lose patience.

    Where clients connect themselves, one address holds at most half of the connections; behind a
    proxy all of them come from the proxy.
    """
    Doorkeeper(worker, None if behind_proxy else worker.worker_connections // 2)
