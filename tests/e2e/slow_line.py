"""A TCP relay that is as slow and as far away as one asks for: a bad uplink on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

_CHUNK = 1460  # a packet's payload
# What a home router holds before it stops taking more: 64 kB are half a second at 1 Mbit/s.
_BUFFER_BYTES = 65_536


class Line:
    """One direction: bytes leave at ``rate`` and arrive ``delay`` seconds later."""

    def __init__(self, bits_per_second: float, delay: float) -> None:
        self._bytes_per_second = bits_per_second / 8
        self._delay = delay

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until either end closes."""
        loop = asyncio.get_running_loop()
        arriving: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_BUFFER_BYTES // _CHUNK)
        deliver = asyncio.create_task(self._deliver(arriving, writer))
        free_at = loop.time()
        with contextlib.suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                free_at = max(free_at, loop.time()) + len(chunk) / self._bytes_per_second
                await asyncio.sleep(free_at - loop.time())
                await arriving.put((free_at + self._delay, chunk))
        await arriving.put((0.0, b""))
        await deliver

    async def _deliver(
        self, arriving: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while True:
                at, chunk = await arriving.get()
                if not chunk:
                    break
                await asyncio.sleep(max(0.0, at - loop.time()))
                writer.write(chunk)
                await writer.drain()
        writer.close()


@contextlib.contextmanager
def slow_line(port: int, bits_per_second: float, round_trip: float) -> Iterator[int]:
    """A port of this machine behind which ``port`` lies, slow and ``round_trip`` s away."""
    loop = asyncio.new_event_loop()
    ready: list[int] = []
    started = threading.Event()

    async def serve() -> None:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            line = Line(bits_per_second, round_trip / 2)
            with contextlib.suppress(OSError, asyncio.CancelledError):
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
                await asyncio.gather(line.carry(reader, far_writer), line.carry(far_reader, writer))

        server = await asyncio.start_server(accept, "127.0.0.1", 0, limit=_BUFFER_BYTES)
        ready.append(server.sockets[0].getsockname()[1])
        started.set()
        async with server:
            await server.serve_forever()

    def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()

    task = loop.create_task(serve())
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(lambda: [t.cancel() for t in asyncio.all_tasks(loop)])
        thread.join(10)
