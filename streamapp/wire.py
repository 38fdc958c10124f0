"""Webcam frames at C speed over eventlet's websocket, with bounds.

The only module that touches eventlet's websocket; imported only where eventlet serves. Each
override was written against the source of eventlet 0.41.3, told by its digest, and is left out
with a warning where that source has changed: then the stock behaviour, slow but right, serves.

A binary message over the limit is read to its end and thrown away as it comes. What is handed
on is an `OversizedMessage`, so that the frame is answered by name instead of the socket being
cut without a word.
"""

from __future__ import annotations

import errno
import hashlib
import inspect
import logging
import socket
from collections.abc import Sequence
from functools import partial
from typing import Any

from engineio.async_drivers.eventlet import WebSocketWSGI
from eventlet.websocket import FailedConnectionError, RFC6455WebSocket

from streamapp.frame_path import FramePath
from streamapp.packets import OversizedMessage
from streamapp.read_ahead import ReadAhead
from streamapp.standing_reader import StandingReader
from streamapp.wire_bounds import (
    DISCARD_BYTES,
    MESSAGE_TOO_BIG,
    NO_PACKET,
    PROTOCOL_ERROR,
    is_packet,
    too_big,
)

try:
    from websockets.speedups import apply_mask
except ImportError:  # a machine that it has no wheel for
    from websockets.utils import apply_mask

log = logging.getLogger(__name__)

_TEXT = 1
# A client's frame (RFC 6455 section 5.2): whole or not and of what kind, masked and how long, the
# length again where it is a large one, the mask.
_WHOLE_TEXT, _WHOLE_BINARY = 0x81, 0x82
_WHOLE = (_WHOLE_TEXT, _WHOLE_BINARY)
_MASKED, _LENGTH_FOLLOWS, _SHORTEST_HEADER = 128, 126, 6
# Beginning of the sha256 of the source that an override replaces or goes past, in eventlet 0.41.3.
_WRITTEN_FOR = {
    "_apply_mask": "f6ac2b9da0f0a63c",
    "close": "06520e635a360385",
    "Message": "36bed7da392b464a",
    "wait": "2914eb549aa52d1d",
    "_iter_frames": "2c658a5eef94f615",
    "_recv_frame": "b7e54e98049def5c",
    "_send": "82ffb8d0a4c2e87b",
}


def unmask(data: bytes, mask: Sequence[int], length: int | None = None, offset: int = 0) -> bytes:
    """``data`` XOR ``mask`` repeated, the mask entered at ``offset`` (RFC 6455 section 5.3).

    eventlet's own is a Python loop over bytes: milliseconds for a webcam frame, on the hub.
    """
    turn = offset % 4
    key = bytes([*mask[turn:], *mask[:turn]])
    return apply_mask(data if length is None else data[:length], key)


class BoundedMessage(RFC6455WebSocket.Message):  # type: ignore[misc]
    """A message that keeps at most ``limit`` bytes, however many frames it comes in.

    eventlet bounds each frame and not their sum: endless continuation frames fill the memory.
    """

    def __init__(self, *args: Any, limit: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit
        self.received = 0

    def push(self, data: bytes, final: bool = False) -> None:
        """Keep ``data``, or only count it once the message is over the limit."""
        self.received += len(data)
        if self.received > self.limit:
            if self.opcode == _TEXT or self.received > DISCARD_BYTES:
                raise FailedConnectionError(MESSAGE_TOO_BIG, too_big(self.limit))
            self.data.clear()
            data = b""
        # The list grows by what is in it only: empty continuation frames may come for ever, too.
        if data or final or not self.data:
            super().push(data, final)

    def getvalue(self) -> Any:
        """The message, or its stand-in where it was over the limit."""
        if self.received > self.limit:
            return OversizedMessage.of(self.received)
        return super().getvalue()


def _close(self: Any, close_data: tuple[int, str] | None = None) -> None:
    """Say goodbye and shut both ways, but leave the descriptor to the one who reads from it.

    eventlet closes it under a reader parked in recv, who then is never woken: that is what
    holds up a shutdown until gunicorn's time runs out.
    """
    try:
        self._send_closing_frame(close_data=close_data, ignore_send_errors=True)
        self.socket.shutdown(socket.SHUT_RDWR)
    except OSError as error:
        if error.errno not in (errno.ENOTCONN, errno.EBADF):
            log.info("websocket not shut: %s", error)


def _source_digest(owner: Any, name: str) -> str:
    try:
        return hashlib.sha256(inspect.getsource(getattr(owner, name)).encode()).hexdigest()[:16]
    except (AttributeError, OSError, TypeError):
        return "missing"


class WireWebSocket(RFC6455WebSocket):  # type: ignore[misc]
    """eventlet's websocket with those of our overrides whose ground has not moved."""

    socket: Any
    frames: FramePath | None = None  # None: its frames go the stock way
    line = ""  # Engine.IO's id of the client

    def __init__(self, *args: Any, message_limit: int, **kwargs: Any) -> None:
        bounded = "Message" in APPLIED
        # With our message class the sum is bounded, and a frame over it is read and thrown away.
        kwargs["max_frame_length"] = DISCARD_BYTES if bounded else message_limit
        super().__init__(*args, **kwargs)
        self.message_limit = message_limit
        self._held: str | None = None
        self.socket = ReadAhead(self.socket)
        if bounded:
            self.Message = partial(BoundedMessage, limit=message_limit)

    def wait(self) -> Any:
        """The next message that is no frame, or None at the end; frames have a way of their own."""
        message = self._next()
        while self.frames is not None and isinstance(message, str):
            frame = self.frames.announced(self.line, message)
            if frame is None:
                return message
            picture = self._next()
            if not isinstance(picture, bytes):
                self._held = picture
                return message
            self.frames.take(self.line, self, frame, picture)
            message = self._next()
        return message

    def _next(self) -> Any:
        message: Any = self._held
        if message is not None:
            self._held = None
            return message
        message = self._at_once() if _READS_AT_ONCE else None
        if message is None:
            message = super().wait()
        if isinstance(message, str) and not is_packet(message):
            self.close(close_data=(PROTOCOL_ERROR, NO_PACKET))
            return None
        return message

    @property
    def is_free(self) -> bool:
        """Whether nobody is sending or waits to."""
        return "_send" in APPLIED and not self.websocket_closed and self._sendlock.balance > 0

    def send_text(self, text: str) -> None:
        """``text`` in one frame, while the websocket `is_free`. Raises OSError."""
        data = text.encode()
        length = len(data)
        if length < _LENGTH_FOLLOWS:
            header = bytes([_WHOLE_TEXT, length])
        elif length < 1 << 16:
            header = bytes([_WHOLE_TEXT, _LENGTH_FOLLOWS]) + length.to_bytes(2, "big")
        else:
            self.send(text)
            return
        with self._sendlock:
            self.socket.sendall(header + data)

    def _at_once(self) -> str | bytes | None:
        """The next message where it is one frame that has come whole, as nearly all are.

        None leaves what there is to eventlet: fragments, control frames, a frame that is still
        coming, and everything that is wrong. Between two messages eventlet keeps nothing.
        """
        ahead = self.socket.arrived()
        if len(ahead) < _SHORTEST_HEADER or ahead[1] < _MASKED:
            return None
        length, start = ahead[1] - _MASKED, _SHORTEST_HEADER
        if length >= _LENGTH_FOLLOWS:
            start += 2 if length == _LENGTH_FOLLOWS else 8
            length = int.from_bytes(ahead[2 : start - 4], "big")
        end = start + length
        if ahead[0] not in _WHOLE or end > len(ahead) or length > self.message_limit:
            return None
        data: bytes = apply_mask(ahead[start:end], bytes(ahead[start - 4 : start]))
        try:
            message = data.decode() if ahead[0] == _WHOLE_TEXT else data
        except UnicodeDecodeError:
            return None
        self.socket.skip(end)
        return message


def _apply_overrides() -> frozenset[str]:
    ours: dict[str, Any] = {"_apply_mask": staticmethod(unmask), "close": _close}
    applied = set()
    for name, digest in _WRITTEN_FOR.items():
        if _source_digest(RFC6455WebSocket, name) != digest:
            log.warning("eventlet's websocket.%s has changed; the stock one serves", name)
            continue
        applied.add(name)
        if name in ours:
            setattr(WireWebSocket, name, ours[name])
    return frozenset(applied)


APPLIED = _apply_overrides()
_READS_AT_ONCE = {"wait", "_iter_frames", "_recv_frame"} <= APPLIED


class WireWSGI(WebSocketWSGI):  # type: ignore[misc]
    """The handshake: no permessage-deflate, and our websocket class."""

    def __init__(self, frames: FramePath, handler: Any, server: Any) -> None:
        """``handler`` is a method of an engineio.Socket."""
        super().__init__(self._serve, server)
        self.message_limit = int(server.max_http_buffer_size)
        self._frames = frames
        self._engine_handler = handler

    def _serve(self, websocket: WireWebSocket) -> None:
        websocket.frames, websocket.line = self._frames, self._engine_handler.__self__.sid
        try:
            self._engine_handler(websocket)
        finally:
            websocket.socket.leave()

    def _handle_hybi_request(self, environ: dict[str, Any]) -> WireWebSocket:
        # Browsers offer compression always and eventlet accepts it always; JPEG does not shrink,
        # and a zlib window a client costs memory. Without the offer there is nothing to accept.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        stock = super()._handle_hybi_request(environ)
        return WireWebSocket(
            StandingReader(stock.socket),
            environ,
            stock.version,
            protocol=stock.protocol,
            message_limit=self.message_limit,
        )


def install(server: Any) -> None:
    """Have ``server`` (a socketio.Server in eventlet mode) speak through `WireWSGI`."""
    engine = server.eio
    engine._async = {**engine._async, "websocket": partial(WireWSGI, FramePath(server))}
