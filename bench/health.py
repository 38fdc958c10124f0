"""Asks /healthz many times a second beside a load: does the hub answer while frames are counted?"""

from __future__ import annotations

import asyncio
from contextlib import suppress


class HealthProbe:
    """GETs ``path`` on one keep-alive connection, ``rate`` times a second.

    A question that is due while the one before still waits is counted from the moment it was due
    (as Gil Tene's HdrHistogram corrects "coordinated omission"): a hub that stands still for a
    second shows as twenty slow answers, not as one.
    """

    def __init__(self, host: str, port: int, path: str = "/healthz", rate: float = 20.0) -> None:
        self.latencies: list[float] = []
        """Seconds from due to answered."""
        self.failures = 0
        """Answers other than 200, and connections lost."""
        self._host, self._port = host, port
        self._request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode()
        self._interval = 1 / rate

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            try:
                reader, writer = await asyncio.open_connection(self._host, self._port)
            except OSError:
                self.failures += 1
                await asyncio.sleep(self._interval)
                continue
            try:
                await self._ask_on(reader, writer)
            except (OSError, EOFError, ValueError):
                self.failures += 1
            finally:
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()

    async def _ask_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            writer.write(self._request)
            try:
                status, closing = await _answer(reader)
            finally:  # cancelled while it waits: what it has waited so far counts
                now = clock()
                while due <= now:
                    self.latencies.append(now - due)
                    due += self._interval
            self.failures += status != 200
            if closing:
                return
            await asyncio.sleep(due - now)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Status of one HTTP/1.1 response with a Content-Length, and whether the server hangs up."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, *lines = head.strip().split("\r\n")
    fields = {
        name.lower(): value.strip().lower()
        for name, _, value in (line.partition(":") for line in lines)
    }
    await reader.readexactly(int(fields["content-length"]))
    return int(status.split()[1]), fields.get("connection") == "close"
