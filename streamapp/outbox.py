"""What is sent to viewers is bounded: who does not read is not waited for, and takes no memory.

python-socketio puts every packet into the client's queue, which has no bound. Here a viewer with
a few packets unsent misses the next ones, which newer ones make worthless, and one that has not
read for long is cut off. A message to many is put out a few at a time, so that the frames of
webcams are answered in between.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from typing import Any

# A wall's streams each say something in the same moment; more than this is not read any more.
_MOST_UNSENT = 64
_PATIENCE_SECONDS = 20.0
_AT_ONCE = 16


class Outbox:
    """Stands before ``server``'s (a socketio.Server) own sending, for clients it was told of."""

    def __init__(
        self,
        server: Any,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._eio = server.eio
        self._send = server._send_eio_packet
        self._sleep = sleep
        self._clock = clock
        # By Engine.IO's id: since when it is behind, and its socket, as far as that is known.
        self._behind: dict[str, float | None] = {}
        self._lines: dict[str, Any] = {}
        self._sent = 0
        server._send_eio_packet = self.send

    def bound(self, client: str, line: Any) -> None:
        """From now on this client (Engine.IO's id) is not waited for.

        ``line`` is the socket of its handshake, or None.
        """
        self._behind[client] = None
        self._lines[client] = line

    def release(self, client: str) -> None:
        """The client looks on no more; nothing happens where it did not."""
        self._behind.pop(client, None)
        self._lines.pop(client, None)

    def send(self, client: str, packet: Any) -> None:
        """Stands before the server's own: one packet for one client."""
        if client not in self._behind:
            self._send(client, packet)
            return
        if self._is_behind(client):
            return
        self._send(client, packet)
        self._sent += 1
        if self._sent % _AT_ONCE == 0:
            self._sleep(0)

    def _is_behind(self, client: str) -> bool:
        connection = self._eio.sockets.get(client)
        if connection is None:
            return True
        if connection.queue.qsize() < _MOST_UNSENT:
            self._behind[client] = None
            return False
        since = self._behind[client]
        if since is None:
            self._behind[client] = self._clock()
        elif self._clock() - since > _PATIENCE_SECONDS:
            self._cut(client, connection)
        return True

    def _cut(self, client: str, connection: Any) -> None:
        line = self._lines.get(client)
        self.release(client)
        connection.close(wait=False, abort=True)
        # A writer that waits for the client to read would do so for as long as the network lets it.
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
