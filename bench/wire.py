"""Engine.IO 4 and Socket.IO 5 packets in websocket frames, as bytes, for the load's client.

Written for microseconds: frames are masked with one constant key by a single integer XOR, and a
JPEG is masked once before the load starts, so that only the short text packet before it is made
anew for each frame. (A constant key is fit for a bench only: RFC 6455 wants it unpredictable.)

Sources: RFC 6455, https://socket.io/docs/v4/engine-io-protocol/ and
https://socket.io/docs/v4/socket-io-protocol/ (namespace ``/``, websocket transport).
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any

MASK_KEY = b"\x5a\x17\xc3\x9e"
PATH = "/socket.io/?EIO=4&transport=websocket"

_ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
_HANDSHAKE_KEY = base64.b64encode(b"a bench's nonce.").decode()
_FIN = 0x80
_MASKED = 0x80


class WireError(Exception):
    """The server sent something the protocol does not allow, or refused the handshake."""


class Opcode(IntEnum):
    """The frame types of RFC 6455."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Kind(Enum):
    """What a text packet of the server is about."""

    OPEN = "0"
    CLOSE = "1"
    PING = "2"
    NOOP = "6"
    CONNECTED = "40"
    DISCONNECTED = "41"
    EVENT = "42"
    ACK = "43"
    REFUSED = "44"


@dataclass(frozen=True)
class Packet:
    """One packet: ``number`` is the acknowledgement's id, ``data`` the decoded JSON."""

    kind: Kind
    number: int | None = None
    data: Any = None


def masked(data: bytes, key: bytes = MASK_KEY) -> bytes:
    """``data`` XOR the repeated 4 byte ``key``; its own inverse."""
    size = len(data)
    pad = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")


def frame(opcode: Opcode, payload: bytes, key: bytes = MASK_KEY, *, final: bool = True) -> bytes:
    """One masked frame as a client sends it; ``final`` ends the message."""
    size = len(payload)
    first = opcode | (_FIN if final else 0)
    if size < 126:
        head = bytes((first, _MASKED | size))
    elif size < 1 << 16:
        head = bytes((first, _MASKED | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, _MASKED | 127)) + size.to_bytes(8, "big")
    return head + key + masked(payload, key)


def frame_event(seq: int, binary_frame: bytes) -> bytes:
    """The contract's ``frame`` event; ``seq`` serves as acknowledgement id too.

    ``binary_frame`` is a JPEG already wrapped by ``frame(Opcode.BINARY, jpeg)``.
    """
    text = f'451-{seq}["frame",{{"seq":{seq}}},{{"_placeholder":true,"num":0}}]'
    return frame(Opcode.TEXT, text.encode()) + binary_frame


def event(name: str, *arguments: Any) -> bytes:
    """An event without binary data that wants no acknowledgement."""
    return frame(Opcode.TEXT, ("42" + json.dumps([name, *arguments])).encode())


CONNECT = frame(Opcode.TEXT, b"40")
PONG = frame(Opcode.TEXT, b"3")
CLOSE = frame(Opcode.CLOSE, (1000).to_bytes(2, "big"))


def handshake(host: str, port: int, cookie: str = "") -> bytes:
    """The HTTP request that opens the websocket; no extension is offered."""
    lines = (
        f"GET {PATH} HTTP/1.1",
        f"Host: {host}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {_HANDSHAKE_KEY}",
        "Sec-WebSocket-Version: 13",
        *([f"Cookie: {cookie}"] if cookie else []),
    )
    return "\r\n".join((*lines, "", "")).encode()


def check_handshake(head: bytes) -> None:
    """Raises WireError unless ``head`` (up to the blank line) accepts our handshake."""
    status, *fields = head.decode("latin-1").split("\r\n")
    if " 101 " not in status + " ":
        raise WireError(f"the server refused the websocket: {status}")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (field.partition(":") for field in fields)
    }
    digest = hashlib.sha1((_HANDSHAKE_KEY + _ACCEPT_SUFFIX).encode()).digest()
    if headers.get("sec-websocket-accept") != base64.b64encode(digest).decode():
        raise WireError("the server's Sec-WebSocket-Accept does not belong to our key")


class FrameReader:
    """Cuts the server's byte stream into messages; pieces may end anywhere."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._message = bytearray()
        self._opcode: Opcode | None = None

    def feed(self, data: bytes) -> list[tuple[Opcode, bytes]]:
        """The messages and control frames completed by ``data``. Raises WireError."""
        self._buffer += data
        complete = []
        while (taken := self._take_frame()) is not None:
            final, opcode, payload = taken
            if opcode >= Opcode.CLOSE:
                complete.append((opcode, payload))
                continue
            if (opcode is Opcode.CONTINUATION) != (self._opcode is not None):
                raise WireError("a continuation without a beginning, or the other way round")
            self._opcode = self._opcode or opcode
            self._message += payload
            if final:
                complete.append((self._opcode, bytes(self._message)))
                self._opcode = None
                self._message.clear()
        return complete

    def _take_frame(self) -> tuple[bool, Opcode, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        if buffer[0] & 0x70 or buffer[1] & _MASKED:
            raise WireError("the server set a reserved bit or masked its frame")
        start, size = 2, buffer[1]
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(buffer) < start:
                return None
            size = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < start + size:
            return None
        try:
            opcode = Opcode(buffer[0] & 0x0F)
        except ValueError as error:
            raise WireError(f"unknown opcode {buffer[0] & 0x0F}") from error
        final = bool(buffer[0] & _FIN)
        payload = bytes(buffer[start : start + size])
        del buffer[: start + size]
        return final, opcode, payload


def parse(text: bytes) -> Packet:
    """One text packet of the server. Raises WireError."""
    try:
        if text[:1] != b"4":
            kind = Kind(text[:1].decode())
            return Packet(kind, data=json.loads(text[1:]) if kind is Kind.OPEN else None)
        kind = Kind(text[:2].decode())
        rest = text[2:]
        body = rest.lstrip(b"0123456789")
        number = rest[: len(rest) - len(body)]
        return Packet(kind, int(number) if number else None, json.loads(body) if body else None)
    except ValueError as error:
        raise WireError(f"not a packet we know: {text[:80]!r}") from error
