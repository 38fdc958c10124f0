"""SIGTERM while a hundred webcams stream, and a worker killed without warning."""

from __future__ import annotations

import asyncio
import os
import signal
import time

from bench import load, wire
from bench.cases.common import Case, Check, Effort, Findings
from bench.client import Plan, Webcam
from bench.polling import Poller
from bench.report import markdown_table, number
from bench.servers import Server, answers, product, wait_until

CLIENTS = 100
KEEP_ALIVES = 10
POLLERS = 10
_FPS = 1.0  # a hundred frames a second in all
_PATIENCE = 40.0  # Heroku kills after 30
_ROOM_FOR_ALL = {"MAX_CLIENTS": str(CLIENTS + 10)}


def run(effort: Effort) -> Findings:
    """How long the process takes to go, and what became of the frames sent before the signal."""
    with product(env=_ROOM_FOR_ALL) as server:
        seconds, owed, told = asyncio.run(_say_goodbye(server, effort.warm_up))
    with product() as server:
        respawned = _seconds_without_a_worker(server)
    rows = [
        ("process gone after", number(seconds, 2, " s")),
        ("frames sent before the signal and never answered", number(owed, 0)),
        ("clients whose websocket was closed by the server", number(told, 0)),
        ("worker killed with -9: answers again after", number(respawned, 2, " s")),
    ]
    connected = f"{CLIENTS} webcams, {POLLERS} long polls, {KEEP_ALIVES} idle connections"
    return Findings(
        markdown_table((connected, ""), rows),
        [
            Check("seconds from SIGTERM to gone", seconds, at_most=5),
            Check("frames never answered", owed, at_most=0),
        ],
    )


async def _say_goodbye(server: Server, seconds: float) -> tuple[float, int, int]:
    """Seconds from SIGTERM to gone, frames left unanswered, clients told."""
    host, port = load.address(server.url)
    packed = [wire.frame(wire.Opcode.BINARY, jpeg) for jpeg in load.webcam_frames()]
    webcams = [Webcam(Plan(_FPS), packed, first=number) for number in range(CLIENTS)]
    idle = [await _idle_connection(host, port) for _ in range(KEEP_ALIVES)]
    polls = [asyncio.create_task((await Poller.open(host, port)).poll()) for _ in range(POLLERS)]
    try:
        await load.open_all(webcams, host, port)
        load.start_all(webcams)
        await asyncio.sleep(seconds)
        began, signalled = time.monotonic(), asyncio.get_running_loop().time()
        server.signal(signal.SIGTERM)
        await asyncio.to_thread(server.wait, _PATIENCE)
        took = time.monotonic() - began
        await asyncio.sleep(0)  # let the last answers in
        owed = sum(sent < signalled for webcam in webcams for sent in webcam.waiting.values())
        return took, owed, sum(webcam.lost is not None for webcam in webcams)
    finally:
        for webcam in webcams:
            webcam.close()
        for writer in idle:
            writer.close()
        for poll in polls:
            poll.cancel()
        await asyncio.gather(*polls, return_exceptions=True)


async def _idle_connection(host: str, port: int) -> asyncio.StreamWriter:
    """A connection that has asked once and now is only kept open."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    return writer


def _seconds_without_a_worker(server: Server) -> float:
    began = time.monotonic()
    for pid in server.pids():
        if pid != server.pid:
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: answers(server.port, "/healthz"), _PATIENCE)
    return time.monotonic() - began


CASE = Case("goodbye", "How does it leave, and how does it come back?", run)
