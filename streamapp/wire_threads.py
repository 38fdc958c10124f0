"""Webcam frames over a websocket where real threads serve: gunicorn's gthread worker.

The counterpart of `streamapp.wire`, with the same bounds, on wsproto, which knows the protocol
and does no I/O. What simple-websocket lacks is here: a message over the limit is read to its end
and handed on as an `OversizedMessage`, compression is not accepted, a send is whole, and a client
costs one thread less, because the request's own thread reads.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    Request,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from streamapp.packets import OversizedMessage
from streamapp.wire_bounds import (
    DISCARD_BYTES,
    MESSAGE_TOO_BIG,
    NO_PACKET,
    PROTOCOL_ERROR,
    READ_BYTES,
    is_packet,
    too_big,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)


class _Refused(Exception):
    """The client has to be hung up on, with a close code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class _Incoming:
    """The message that is arriving, of which at most ``limit`` bytes are kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[Any] = []
        self._received = 0

    def push(self, event: TextMessage | BytesMessage) -> str | bytes | None:
        """Take a piece; the whole message, or its stand-in, after the last one.

        Raises _Refused for a text over the limit, and for more than `DISCARD_BYTES`.
        """
        self._received += len(event.data)
        if self._received > self._limit:
            if isinstance(event, TextMessage) or self._received > DISCARD_BYTES:
                raise _Refused(MESSAGE_TOO_BIG, too_big(self._limit))
            self._parts.clear()
        elif event.data:  # empty continuation frames may come for ever
            self._parts.append(event.data)
        if not event.message_finished:
            return None
        parts, received = self._parts, self._received
        self._parts, self._received = [], 0
        if received > self._limit:
            return OversizedMessage.of(received)
        return "".join(parts) if isinstance(event, TextMessage) else b"".join(parts)


class ThreadWebSocket:
    """A websocket on a blocking socket, as python-engineio wants one.

    One thread waits, another may send and close.
    """

    def __init__(self, sock: socket.socket, protocol: WSConnection, limit: int) -> None:
        self.socket = sock  # engineio gives it its timeout
        self._protocol = protocol
        self._incoming = _Incoming(limit)
        self._messages: deque[str | bytes] = deque()
        self._refusal: _Refused | None = None  # comes after the messages before it
        self._lock = threading.Lock()

    def wait(self) -> str | bytes | None:
        """The next message, or None at the end. Raises OSError where the connection breaks."""
        try:
            while not self._messages:
                if self._refusal is not None:
                    raise self._refusal
                self._read()
        except (EOFError, LocalProtocolError):
            return None
        except _Refused as refusal:
            self._say_goodbye(refusal.code, str(refusal))
            return None
        message = self._messages.popleft()
        if isinstance(message, str) and not is_packet(message):
            self._say_goodbye(PROTOCOL_ERROR, NO_PACKET)
            return None
        return message

    def send(self, message: str | bytes) -> None:
        """Send one message whole. Raises OSError where the connection has ended."""
        self._send(TextMessage(message) if isinstance(message, str) else BytesMessage(message))

    def close(self) -> None:
        """Say goodbye and shut both ways; the reader wakes up, and whoever owns it closes it."""
        self._say_goodbye(1000, "")

    def _read(self) -> None:
        data = self.socket.recv(READ_BYTES)
        if not data:
            raise EOFError
        with self._lock:
            self._protocol.receive_data(data)
        try:
            for event in self._events():
                self._take(event)
        except _Refused as refusal:
            self._refusal = refusal

    def _take(self, event: Event) -> None:
        if isinstance(event, TextMessage | BytesMessage):
            message = self._incoming.push(event)
            if message is not None:
                self._messages.append(message)
        elif isinstance(event, Ping):
            self._send(event.response())
        elif isinstance(event, CloseConnection):
            raise _Refused(event.code, event.reason or "")

    def _events(self) -> Iterator[Event]:
        events = self._protocol.events()
        while True:
            with self._lock:
                event = next(events, None)
            if event is None:
                return
            yield event

    def _send(self, event: Event) -> None:
        with self._lock:
            try:
                data = self._protocol.send(event)
            except LocalProtocolError as error:
                raise OSError("the websocket is closed") from error
            self.socket.sendall(data)

    def _say_goodbye(self, code: int, reason: str) -> None:
        with contextlib.suppress(OSError):
            self._send(CloseConnection(code=code, reason=reason))
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class ThreadWSGI:
    """The handshake; python-engineio makes one for each request that asks for a websocket."""

    def __init__(self, handler: Callable[[ThreadWebSocket], Any], server: Any) -> None:
        self._handler = handler
        self._limit = int(server.max_http_buffer_size)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """See PEP 3333, but the connection is the websocket's and ends with it."""
        sock = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
        protocol = WSConnection(ConnectionType.SERVER)
        accepted = None if sock is None else _accept(protocol, environ)
        if sock is None or accepted is None:
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"This is no websocket handshake that this server understands."]
        sock.sendall(accepted)
        websocket = ThreadWebSocket(sock, protocol, self._limit)
        self._handler(websocket)
        websocket.close()
        if "gunicorn.socket" in environ:
            raise StopIteration  # gunicorn then closes without an answer of its own
        raise ConnectionError("the websocket has ended")  # and this is Werkzeug's word for it


def _accept(protocol: WSConnection, environ: WSGIEnvironment) -> bytes | None:
    """The answer to the handshake in ``environ``, None where it is none."""
    headers = "".join(
        f"{key[5:].replace('_', '-')}: {value}\r\n"
        for key, value in environ.items()
        if key.startswith("HTTP_")
    )
    try:
        protocol.receive_data(f"GET / HTTP/1.1\r\n{headers}\r\n".encode("latin-1"))
        if not any(isinstance(event, Request) for event in protocol.events()):
            return None
    except RemoteProtocolError as error:
        log.info("a websocket handshake is refused: %s", error)
        return None
    # Browsers offer compression always; JPEG does not shrink, and a zlib window a client costs
    # memory. What is not accepted is not used.
    return protocol.send(AcceptConnection())


def install(eio: Any) -> None:
    """Have ``eio`` (an engineio.Server in threading mode) speak through `ThreadWSGI`."""
    eio._async = {**eio._async, "websocket": ThreadWSGI}
