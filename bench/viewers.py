"""Many who look on, in a process of their own, so that the webcams' clocks know nothing of them.

with looking_on(server.url, token, 200) as crowd: ...
crowd.messages
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench import wire
from bench.load import address

_OPENING_TOGETHER = 16
_COUNT = b'["count"'


@dataclass
class Crowd:
    """What all viewers together got; known at the end of the block."""

    messages: int = 0
    fewest: int = 0
    """Messages of the viewer that got the fewest."""
    lost: int = 0
    """Viewers whose line ended."""
    pictures: int = 0
    """Binary messages: there may be none."""


class Viewer(asyncio.Protocol):
    """One viewer of a shared stream: counts what comes."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._reader = wire.FrameReader()
        self._head: bytearray | None = bytearray()
        self._transport: asyncio.Transport | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.messages = 0
        self.pictures = 0
        self.lost = False

    async def open(self, host: str, port: int) -> None:
        """Connect and wait for the state. Raises OSError or ConnectionError."""
        await asyncio.get_running_loop().create_connection(lambda: self, host, port)
        assert self._transport
        self._transport.write(wire.handshake(host, port))
        await self.ready

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        if self._head is not None:
            self._head += data
            _, blank, data = bytes(self._head).partition(b"\r\n\r\n")
            if not blank:
                return
            self._head = None
        for opcode, payload in self._reader.feed(data):
            self.pictures += opcode is wire.Opcode.BINARY
            self._on_text(payload)

    def connection_lost(self, _error: Exception | None) -> None:
        """Called by asyncio."""
        self.lost = True
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("a viewer was let go before it saw anything"))

    def _on_text(self, payload: bytes) -> None:
        assert self._transport
        if _COUNT in payload:
            self.messages += 1
        elif payload.startswith(b"0"):
            hello = "40/watch," + json.dumps({"token": self._token})
            self._transport.write(wire.frame(wire.Opcode.TEXT, hello.encode()))
        elif payload == b"2":
            self._transport.write(wire.PONG)
        elif b'["state"' in payload and not self.ready.done():
            self.ready.set_result(None)


@contextmanager
def looking_on(url: str, token: str, count: int) -> Iterator[Crowd]:
    """``count`` viewers, connected, until the end of the block. Raises RuntimeError."""
    command = [sys.executable, "-m", "bench.viewers", url, token, str(count)]
    crowd = Crowd()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the viewers could not connect")
        yield crowd
        told, _ = process.communicate("")
    for name, value in json.loads(told).items():
        setattr(crowd, name, value)


async def _look_on(url: str, token: str, count: int) -> Crowd:
    host, port = address(url)
    viewers = [Viewer(token) for _ in range(count)]
    for start in range(0, count, _OPENING_TOGETHER):
        group = viewers[start : start + _OPENING_TOGETHER]
        await asyncio.gather(*(viewer.open(host, port) for viewer in group))
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    return Crowd(
        messages=sum(viewer.messages for viewer in viewers),
        fewest=min(viewer.messages for viewer in viewers),
        lost=sum(viewer.lost for viewer in viewers),
        pictures=sum(viewer.pictures for viewer in viewers),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """``URL TOKEN COUNT``: look on until standard input ends, then print what was seen."""
    url, token, count = arguments or sys.argv[1:]
    print(json.dumps(vars(asyncio.run(_look_on(url, token, int(count))))))


if __name__ == "__main__":
    main()
