"""Clients that mean harm. Each returns, in a few words, how the server took it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from bench import wire
from bench.polling import Poller, request

Attack = Callable[[str, int], Coroutine[Any, Any, str]]

_MEGABYTE = 1 << 20
_TOO_MUCH = 64 * _MEGABYTE  # what no frame and no message needs
_HALF_OPEN = 200
_DROPPED = 500
_WRONG_EVENTS = 2000
_PATIENCE = 5.0
_SEED = 7


async def endless_continuation(host: str, port: int) -> str:
    """A message whose frames never end; the limit of one frame does not stop it."""
    piece = wire.frame(wire.Opcode.CONTINUATION, bytes(_MEGABYTE // 4), final=False)
    pieces = (piece for _ in range(_TOO_MUCH // len(piece)))
    first = wire.frame(wire.Opcode.BINARY, b"begin", final=False)
    return await _pour(host, port, first, pieces)


async def attachment_bomb(host: str, port: int) -> str:
    """An event that announces a million attachments and begins to send them."""
    text = b'451000000-1["frame",{"seq":1},{"_placeholder":true,"num":0}]'
    piece = wire.frame(wire.Opcode.BINARY, bytes(_MEGABYTE // 4))
    pieces = (piece for _ in range(_TOO_MUCH // len(piece)))
    return await _pour(host, port, wire.frame(wire.Opcode.TEXT, text), pieces)


async def packets_in_one_post(host: str, port: int) -> str:
    """Forty packets in one polling request, more than Engine.IO takes at once."""
    poller = await Poller.open(host, port)
    return await poller.post(*[b'42["reset"]'] * 40)


async def half_open(host: str, port: int) -> str:
    """Connections that begin a request and say no more."""
    writers = []
    for _ in range(_HALF_OPEN):
        _, writer = await asyncio.open_connection(host, port)
        writer.write(b"GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: a")
        await writer.drain()
        writers.append(writer)
    alive = await request(host, port, "GET", "/healthz")
    for writer in writers:
        writer.close()
    return f"{_HALF_OPEN} held, others get {alive.split(b' ', 2)[1].decode()}"


async def connect_and_drop(host: str, port: int) -> str:
    """Clients that join and vanish without a word."""
    for _ in range(_DROPPED):
        _, writer = await _websocket(host, port)
        writer.transport.abort()
    return f"{_DROPPED} joined and left"


async def random_bytes(host: str, port: int) -> str:
    """Noise instead of websocket frames."""
    noise = random.Random(_SEED)
    closed = 0
    for _ in range(50):
        reader, writer = await _websocket(host, port)
        closed += await _closed_after(reader, writer, [noise.randbytes(4096)])
    return f"closed {closed} of 50"


async def wrong_events(host: str, port: int) -> str:
    """Events with arguments of every wrong shape; each ``frame`` wants its answer."""
    shapes = ("null", "17", '"text"', "[]", "{}", '{"seq":-1}', '{"seq":"x"}', '{"seq":1e400}')
    choice = random.Random(_SEED)
    reader, writer = await _websocket(host, port)
    for number in range(_WRONG_EVENTS):
        arguments = ",".join(choice.choices(shapes, k=choice.randrange(4)))
        event = f'42{number}["frame"{"," * bool(arguments)}{arguments}]'
        writer.write(wire.frame(wire.Opcode.TEXT, event.encode()))
    frames, answered = wire.FrameReader(), 0
    try:
        async with asyncio.timeout(_PATIENCE):
            while answered < _WRONG_EVENTS and (data := await reader.read(65_536)):
                answered += sum(payload[:2] == b"43" for _, payload in frames.feed(data))
    except TimeoutError:
        pass  # the count says it
    writer.transport.abort()
    return f"answered {answered} of {_WRONG_EVENTS}"


ATTACKS: dict[str, Attack] = {
    "continuation frames without end": endless_continuation,
    "a million attachments": attachment_bomb,
    "40 packets in one POST": packets_in_one_post,
    "half-open requests": half_open,
    "500 connects and drops": connect_and_drop,
    "random bytes": random_bytes,
    "wrong event shapes": wrong_events,
}


async def _websocket(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An open websocket in the namespace ``/``; what the server says first is still unread."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(wire.handshake(host, port))
    wire.check_handshake(await reader.readuntil(b"\r\n\r\n"))
    writer.write(wire.CONNECT)
    return reader, writer


async def _pour(host: str, port: int, first: bytes, pieces: Iterable[bytes]) -> str:
    reader, writer = await _websocket(host, port)
    closed = await _closed_after(reader, writer, [first, *pieces])
    return "closed" if closed else f"took {_TOO_MUCH // _MEGABYTE} MB"


async def _closed_after(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pieces: Iterable[bytes]
) -> bool:
    """Whether the server hangs up while the pieces are sent, or within a little time after."""
    try:
        async with asyncio.timeout(_PATIENCE):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            while await reader.read(65_536):
                pass
    except OSError as error:
        return not isinstance(error, TimeoutError)
    finally:
        writer.transport.abort()
    return True
