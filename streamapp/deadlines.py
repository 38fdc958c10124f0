"""How long a client may take to say what it wants, on either worker.

gunicorn gives a request's head as long as an idle connection, and its body for ever. Bytes that
trickle in would hold a connection, and what serves it, at no cost to whoever sends them ("slow
loris"). A websocket is left alone from its handshake on: Engine.IO's pings end those that fall
silent.
"""

from __future__ import annotations

import time

FIRST_BYTE_SECONDS = 30.0  # browsers connect before they know what to ask for
HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
BODY_BYTES_PER_SECOND = 10_000  # each so many bytes buy another second

TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Deadlines:
    """When one connection's patience ends: its first byte, each head, each body."""

    def __init__(self) -> None:
        self._bytes_per_second: float | None = None
        self._deadline: float | None = time.monotonic() + FIRST_BYTE_SECONDS
        self._head_began = False

    @property
    def left(self) -> float | None:
        """Seconds until the connection has to be hung up on, None for ever."""
        return None if self._deadline is None else self._deadline - time.monotonic()

    def expect_head(self) -> None:
        """The next request may begin whenever it likes: gunicorn closes what idles for long."""
        self._deadline, self._head_began, self._bytes_per_second = None, False, None

    def expect_body(self) -> None:
        """A head has come whole."""
        self._deadline = time.monotonic() + BODY_SECONDS
        self._bytes_per_second = BODY_BYTES_PER_SECOND

    def heard(self, size: int) -> None:
        """So many bytes have come."""
        if self._bytes_per_second and self._deadline is not None:
            self._deadline += size / self._bytes_per_second
        elif not self._head_began:
            self._head_began = True
            self._deadline = time.monotonic() + HEAD_SECONDS


def is_upgrade(request: object) -> bool:
    """Whether gunicorn's ``request`` asks for a websocket."""
    headers: list[tuple[str, str]] = getattr(request, "headers", [])
    return any(name.upper() == "UPGRADE" for name, _value in headers)
