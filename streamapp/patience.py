"""Slow clients are hung up on by gunicorn 25.3's eventlet worker; `deadlines` says when.

`install` is called by ``gunicorn.conf.py``.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Any

import eventlet

from streamapp.deadlines import TOO_SLOW, Deadlines, is_upgrade


class PatientReader:
    """Stands before a client socket's ``recv``, which ends the stream when time is up."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._recv = client.recv
        self._given_up = False
        self.deadlines = Deadlines()
        client.recv = self.recv

    def stop(self) -> None:
        """From now on the client may take its time."""
        self._client.recv = self._recv

    def recv(self, size: int, flags: int = 0) -> bytes:
        """See socket.recv; ``b""`` also when time is up."""
        if self._given_up:
            return b""
        left = self.deadlines.left
        if left is not None and left <= 0:
            return self._hang_up()
        data: bytes | None = None
        with eventlet.Timeout(left, False):
            data = self._recv(size, flags)
        if data is None:
            return self._hang_up()
        self.deadlines.heard(len(data))
        return data

    def _hang_up(self) -> bytes:
        self._given_up = True
        with contextlib.suppress(OSError), eventlet.Timeout(1, False):
            self._client.sendall(TOO_SLOW)
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
        if is_upgrade(request):
            reader.stop()
        else:
            reader.deadlines.expect_body()
        answer = self._handle_request(listener, request, client, address)
        reader.deadlines.expect_head()
        return answer


def install(worker: Any, behind_proxy: bool) -> None:
    """Have ``worker`` lose patience.

    Where clients connect themselves, one address holds at most half of the connections; behind a
    proxy all of them come from the proxy.
    """
    Doorkeeper(worker, None if behind_proxy else worker.worker_connections // 2)
