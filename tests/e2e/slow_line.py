"""A TCP relay that is as slow and as far away as one asks for: a bad uplink on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import queue
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
        free_at = loop.time()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._deliver(arriving, writer))
            with contextlib.suppress(OSError):
                while chunk := await reader.read(_CHUNK):
                    free_at = max(free_at, loop.time()) + len(chunk) / self._bytes_per_second
                    await asyncio.sleep(free_at - loop.time())
                    await arriving.put((free_at + self._delay, chunk))
            await arriving.put((0.0, b""))

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


class _Relay:
    """The connections of one slow line, all cut when it goes."""

    def __init__(self, port: int, bits_per_second: float, delay: float) -> None:
        self._port = port
        self._bits_per_second, self._delay = bits_per_second, delay
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Of one connection: relay it until either end closes."""
        self._writers.append(writer)
        task = asyncio.ensure_future(self._relay(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
            self._writers.append(far_writer)
            line = Line(self._bits_per_second, self._delay)
            await asyncio.gather(line.carry(reader, far_writer), line.carry(far_reader, writer))

    async def close(self) -> None:
        """Cut every connection and wait until its sockets are closed."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


@contextlib.contextmanager
def slow_line(port: int, bits_per_second: float, round_trip: float) -> Iterator[int]:
    """A port of this machine behind which ``port`` lies, slow and ``round_trip`` s away."""
    listening: queue.Queue[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = queue.Queue()

    async def serve() -> None:
        relay, leave = _Relay(port, bits_per_second, round_trip / 2), asyncio.Event()
        server = await asyncio.start_server(relay.accept, "127.0.0.1", 0, limit=_BUFFER_BYTES)
        listening.put((asyncio.get_running_loop(), leave, server.sockets[0].getsockname()[1]))
        await leave.wait()
        server.close()
        await relay.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    loop, leave, near_port = listening.get(timeout=10)
    try:
        yield near_port
    finally:
        loop.call_soon_threadsafe(leave.set)
        thread.join(10)
