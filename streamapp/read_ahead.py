"""Bytes that have come are read at once, and handed out as they are wanted."""

from __future__ import annotations

from typing import Any

from streamapp.wire_bounds import READ_BYTES

_NOTHING = memoryview(b"")


class ReadAhead:
    """A socket that is asked for as much as it has and hands out as little as is wanted.

    eventlet reads a frame's header in three calls and each frame by itself; a webcam frame is
    two of them, which lie in the kernel's buffer together.
    """

    def __init__(self, sock: Any) -> None:
        self._socket = sock
        self.sendall = sock.sendall
        self._ahead = _NOTHING

    def arrived(self) -> memoryview:
        """What has come and is not read yet; waits for some. Empty at the end of the stream."""
        if not self._ahead:
            self._ahead = memoryview(self._socket.recv(READ_BYTES))
        return self._ahead

    def skip(self, size: int) -> None:
        """``size`` of the bytes that have arrived are read; a frame is not kept for nothing."""
        self._ahead = self._ahead[size:] or _NOTHING

    def recv(self, size: int) -> bytes:
        """Up to ``size`` bytes; none at the end of the stream."""
        if not self._ahead:
            data: bytes = self._socket.recv(READ_BYTES)
            if len(data) <= size:
                return data
            self._ahead = memoryview(data)
        wanted = bytes(self._ahead[:size])
        self.skip(size)
        return wanted

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)
