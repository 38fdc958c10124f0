"""A Socket.IO client on long polling, for the few places that need one."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

_PATH = "/socket.io/?EIO=4&transport=polling"


@dataclass(frozen=True)
class Poller:
    """One session of Engine.IO on long polling."""

    host: str
    port: int
    sid: str

    @classmethod
    async def open(cls, host: str, port: int) -> Poller:
        """Open a session and join the namespace ``/``. Raises OSError, ValueError."""
        said = await request(host, port, "GET", _PATH)
        poller = cls(host, port, json.loads(_body(said)[1:])["sid"])
        await poller.post(b"40")
        await poller.poll()
        return poller

    async def post(self, *packets: bytes) -> str:
        """Send packets in one request; returns the status line."""
        path = f"{_PATH}&sid={self.sid}"
        said = await request(self.host, self.port, "POST", path, b"\x1e".join(packets))
        return said.partition(b"\r\n")[0].decode()

    async def poll(self) -> bytes:
        """Ask for what the server has to say; it may take until its next ping."""
        return _body(await request(self.host, self.port, "GET", f"{_PATH}&sid={self.sid}"))


async def request(host: str, port: int, method: str, path: str, body: bytes = b"") -> bytes:
    """The whole answer to one request of HTTP/1.0, which knows no chunks."""
    reader, writer = await asyncio.open_connection(host, port)
    head = (
        f"{method} {path} HTTP/1.0\r\nHost: {host}\r\n"
        f"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    try:
        return await reader.read()
    finally:
        writer.close()


def _body(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]
