"""What may arrive in a packet: bounds that python-socketio 5.18 and python-engineio 4.15 lack.

A client that breaks the protocol is disconnected with one line in the log, instead of a
traceback a packet and a connection that lingers.
"""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import engineio
import orjson
import socketio
from engineio.exceptions import EngineIOError

log = logging.getLogger(__name__)

_COMPACT = json.JSONEncoder(separators=(",", ":"))

# The contract's `frame` carries one attachment; the rest is room for other events.
MAX_ATTACHMENTS = 4
# Packets in one polling request. engineio's 16 are lost silently over the limit, and a page that
# was busy for a second sends more; the request's size is bounded besides.
MAX_PACKETS = 256

# What has arrived is taken in a row; after so many messages others get their turn. A frame is two
# messages, so this costs webcams nothing, and a burst of tiny events holds nobody up.
MESSAGES_A_TURN = 16

_EVENTS = (socketio.packet.EVENT, socketio.packet.BINARY_EVENT)
_KNOWN = (
    socketio.packet.CONNECT,
    socketio.packet.DISCONNECT,
    socketio.packet.ACK,
    socketio.packet.BINARY_ACK,
    *_EVENTS,
)


class MalformedPacket(ValueError):
    """A client broke the Socket.IO protocol."""


class MalformedPayload(EngineIOError):  # type: ignore[misc]
    """A client broke the Engine.IO protocol; engineio answers 400 and lets the client go."""


class OversizedMessage(bytes):
    """Stands for a binary message of ``length`` bytes that was over the limit; itself empty.

    Made by `streamapp.wire`, so that a frame too large can be answered by name.
    """

    length: int

    @classmethod
    def of(cls, length: int) -> OversizedMessage:
        """The stand-in for a message of ``length`` bytes."""
        message = cls()
        message.length = length
        return message


class PlainJson:
    """The json module as the packets use it, with depth no reason to crash."""

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        """As json.dumps, compact: the one way packets ask for."""
        try:
            return orjson.dumps(value).decode()
        except TypeError:  # what a client sent and gets back: a number of 65 bits, half a character
            return _COMPACT.encode(value)

    @staticmethod
    def loads(text: str, **options: Any) -> Any:
        """As json.loads; nesting too deep for the parser is a ValueError like any other fault."""
        try:
            return json.loads(text, **options)
        except RecursionError:
            raise MalformedPacket("JSON is nested too deep") from None


class BoundedPacket(socketio.packet.Packet):  # type: ignore[misc]
    """A packet of a known kind and shape, with a bound on its attachments.

    A header such as ``4519999999-`` would otherwise have the server collect them for ever.
    """

    def __init__(self, *args: Any, encoded_packet: Any = None, **kwargs: Any) -> None:
        # The base takes an empty message for an event that has yet to be filled in.
        if encoded_packet is not None and not encoded_packet:
            raise MalformedPacket("an empty message")
        super().__init__(*args, encoded_packet=encoded_packet, **kwargs)

    def decode(self, encoded_packet: Any) -> int:
        """As the base. Raises MalformedPacket."""
        try:
            count: int = super().decode(encoded_packet)
        except MalformedPacket:
            raise
        except Exception as error:
            raise MalformedPacket(f"not a Socket.IO packet ({error})") from error
        if count > MAX_ATTACHMENTS:
            raise MalformedPacket(f"{count} attachments; at most {MAX_ATTACHMENTS} are allowed")
        if self.packet_type not in _KNOWN:
            raise MalformedPacket("a packet type that clients do not send")
        data = self.data
        if self.packet_type in _EVENTS and not (
            isinstance(data, list) and data and isinstance(data[0], str)
        ):
            raise MalformedPacket("an event without a name")
        return count

    def add_attachment(self, attachment: Any) -> bool:
        """As the base. Raises MalformedPacket."""
        try:
            complete: bool = super().add_attachment(attachment)
        except Exception as error:
            raise MalformedPacket(f"an attachment out of place ({error})") from error
        return complete

    @classmethod
    def data_is_binary(cls, _data: Any) -> bool:
        """This server sends no binary; looking for it in every answer costs more than the rest."""
        return False


class BoundedPayload(engineio.payload.Payload):  # type: ignore[misc]
    """The packets of one polling request."""

    max_decode_packets = MAX_PACKETS

    def decode(self, encoded_payload: str) -> None:
        """As the base. Raises MalformedPayload."""
        try:
            super().decode(encoded_payload)
        except Exception as error:
            raise MalformedPayload(str(error)) from error


def turns(server: Any, most: int) -> Callable[[], None]:
    """To be called with each message or frame: after ``most`` of them others get their turn."""
    count = itertools.count(1)

    def took() -> None:
        if next(count) % most == 0:
            server.sleep(0)

    return took


def install(server: Any) -> None:
    """Have ``server`` (a socketio.Server) disconnect clients that break the protocol.

    And have it listen to all others between the messages of one that sends a great many.
    """
    engineio.payload.Payload = BoundedPayload
    handle = server.eio.handlers["message"]
    took = turns(server, MESSAGES_A_TURN)

    def on_message(client: str, data: Any) -> None:
        took()
        try:
            handle(client, data)
        except ValueError as error:
            log.info("client %s is disconnected: %s", client, error)
            socket = server.eio.sockets.get(client)
            if socket is not None:
                socket.close(wait=False, abort=True)

    server.eio.on("message", on_message)
    _forget_closed(server.eio)


def _forget_closed(engine: Any) -> None:
    """Have a late POST for a closed session answered 400: engineio raises KeyError, a 500."""
    handle = engine.handle_request

    def handle_request(environ: Any, start_response: Any) -> Any:
        client = parse_qs(environ.get("QUERY_STRING", "")).get("sid", [""])[0]
        socket = engine.sockets.get(client)
        if socket is not None and socket.closed:
            engine.sockets.pop(client, None)
        return handle(environ, start_response)

    engine.handle_request = handle_request
