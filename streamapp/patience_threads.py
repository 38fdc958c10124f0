"""Slow clients are hung up on by gunicorn's gthread worker, 25.3 and 27.0; `deadlines` says when.

A connection that has not said a word yet holds no thread in 27.0 and waits among the worker's
``pending_conns``. `install` is called by ``gunicorn.conf.py``.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

from streamapp.deadlines import TOO_SLOW, Deadlines, is_upgrade


class PatientSocket:
    """A client's socket whose ``recv`` ends the stream when time is up; otherwise as it was."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._given_up = False
        self.deadlines: Deadlines | None = Deadlines()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def stop(self) -> None:
        """From now on the client may take its time."""
        self.deadlines = None

    def recv(self, size: int, flags: int = 0) -> bytes:
        """See socket.recv; ``b""`` also when time is up."""
        left = self.deadlines.left if self.deadlines else None
        if self._given_up:
            return b""
        if left is not None and left <= 0:
            return self.hang_up()
        asked_for = self._client.gettimeout()
        if left is None or (asked_for is not None and asked_for <= left):
            data: bytes = self._client.recv(size, flags)
        else:
            self._client.settimeout(left)
            try:
                data = self._client.recv(size, flags)
            except TimeoutError:
                return self.hang_up()
            finally:
                self._client.settimeout(asked_for)
        if self.deadlines:
            self.deadlines.heard(len(data))
        return data

    def hang_up(self) -> bytes:
        """Say why; nothing more is heard or said."""
        self._given_up = True
        with contextlib.suppress(OSError):
            self._client.settimeout(1)
            self._client.sendall(TOO_SLOW)
            # Else an answer to what came so far would make it a connection that may idle.
            self._client.shutdown(socket.SHUT_RDWR)
        return b""


def install(worker: Any) -> None:
    """Have ``worker`` lose patience."""
    enqueue, handle_request = worker.enqueue_req, worker.handle_request

    def enqueue_patiently(connection: Any) -> None:
        if not isinstance(connection.sock, PatientSocket):
            connection.sock = PatientSocket(connection.sock)
        enqueue(connection)

    def handle_patiently(request: Any, connection: Any) -> Any:
        client: PatientSocket = connection.sock
        if is_upgrade(request):
            client.stop()
        elif client.deadlines:
            client.deadlines.expect_body()
        answer = handle_request(request, connection)
        if client.deadlines:
            client.deadlines.expect_head()
        return answer

    worker.enqueue_req, worker.handle_request = enqueue_patiently, handle_patiently
    if hasattr(worker, "murder_pending"):
        _watch_the_silent(worker, worker.murder_pending)


def _watch_the_silent(worker: Any, murder_pending: Callable[[], None]) -> None:
    """Have those who have not said a word closed in time: gunicorn gives them its ``keepalive``."""

    def murder_patiently() -> None:
        for connection in worker.pending_conns:
            deadlines = connection.sock.deadlines
            if deadlines and deadlines.left is not None and deadlines.left <= 0:
                connection.sock.hang_up()
                connection.timeout = 0.0
        murder_pending()

    worker.murder_pending = murder_patiently
