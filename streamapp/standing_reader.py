"""A client socket that stays registered with eventlet's hub from one read to the next.

eventlet registers a socket with the kernel anew for each wait, asks it for bytes that are not
there to find out that it has to wait, and sets a timer that it cancels a moment later. For a
webcam that is most of what reading costs. Written for the hub of eventlet 0.41.3.
"""

from __future__ import annotations

from typing import Any

from eventlet import getcurrent, hubs
from eventlet.greenio.base import SOCKET_CLOSED


class StandingReader:
    """``sock`` (a GreenSocket), whose ``recv`` is this one's; everything else is its own.

    One green thread reads; whoever is done with it calls `leave`.
    """

    def __init__(self, sock: Any) -> None:
        self._socket = sock
        self._raw = sock.fd
        self._hub = hubs.get_hub()
        self._listener: Any = None
        self._reader: Any = None  # who waits
        self._ended = False
        self._emptied = False  # by the last read: there is nothing to ask for
        self._waits = 0
        self._timer: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def recv(self, size: int) -> bytes:
        """Up to ``size`` bytes; none at the end of the stream.

        Raises TimeoutError where nothing comes within one to two times the socket's timeout.
        """
        while not self._ended:
            if self._emptied:
                self._wait()
            try:
                data: bytes = self._raw.recv(size)
            except BlockingIOError:
                self._emptied = True
                continue
            except OSError as error:
                if error.errno not in SOCKET_CLOSED:
                    raise
                data = b""
            self._emptied = len(data) < size
            self._ended = not data
            return data
        return b""

    def leave(self) -> None:
        """Nobody reads any more."""
        if self._listener is not None:
            self._hub.remove(self._listener)
            self._listener = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        self._waits += 1
        if self._listener is None:
            descriptor = self._raw.fileno()
            self._listener = self._hub.add(
                self._hub.READ, descriptor, self._ready, self._fail, None
            )
        if self._timer is None and self._socket.gettimeout() is not None:
            self._look_again()
        self._reader = getcurrent()
        try:
            self._hub.switch()
        finally:
            self._reader = None

    def _ready(self, _descriptor: int) -> None:
        """On the hub: there are bytes, or the end."""
        if self._reader is not None:
            self._reader.switch()
        else:  # it is busy elsewhere, and the kernel would say so again and again
            self._hub.remove(self._listener)
            self._listener = None

    def _fail(self, *error: Any) -> None:
        """On the hub: the descriptor has been taken for another connection."""
        self._listener = None
        if self._reader is not None:
            self._reader.throw(*error)

    def _look_again(self) -> None:
        """One timer for many waits: it looks whether it is the same one as the last time."""
        self._timer = self._hub.schedule_call_global(
            self._socket.gettimeout(), self._look, self._waits
        )

    def _look(self, waits: int) -> None:
        self._timer = None
        if self._reader is not None and waits == self._waits:
            self._reader.throw(TimeoutError("timed out"))
        else:
            self._look_again()
