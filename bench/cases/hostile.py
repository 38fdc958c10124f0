"""Attacks one after the other, while four webcams go on streaming."""

from __future__ import annotations

import asyncio

from bench import accounting, load, wire
from bench.attacks import ATTACKS, Attack
from bench.cases.common import Case, Check, Effort, Findings
from bench.client import Plan, Webcam
from bench.report import markdown_table, number
from bench.servers import Server, product
from bench.statistics import percentile

CLIENTS, FPS = 4, 15.0
HEADER = ("attack", "the server", "RSS MB, most", "webcams' p95 ms", "tracebacks in the log")
_MEGABYTE = 1024 * 1024
_EVERY = 0.05  # seconds between two readings


def run(effort: Effort) -> Findings:
    """Memory, the webcams' latency and the server's word, attack by attack."""
    with product() as server:
        rows, growth, worst_p95, lost = asyncio.run(_siege(server, 2 * effort.warm_up))
    return Findings(
        markdown_table(HEADER, rows),
        [
            Check("growth of memory, MB", growth, at_most=20),
            Check("p95 of the webcams, ms", worst_p95, at_most=100),
            Check("webcams lost", lost, at_most=0),
            Check("tracebacks in the log", _tracebacks(server), at_most=0),
        ],
    )


async def _siege(
    server: Server, settling: float
) -> tuple[list[tuple[str, ...]], float, float, int]:
    """Rows of the table, growth of memory in MB, the webcams' worst p95 in ms, webcams lost.

    Memory is first read after ``settling`` seconds of webcams alone.
    """
    host, port = load.address(server.url)
    packed = [wire.frame(wire.Opcode.BINARY, jpeg) for jpeg in load.webcam_frames()]
    webcams = [Webcam(Plan(FPS), packed, first=number) for number in range(CLIENTS)]
    rows: list[tuple[str, ...]] = []
    try:
        await load.open_all(webcams, host, port)
        load.start_all(webcams)
        await asyncio.sleep(settling)
        before = _rss(server)
        most, worst_p95 = before, 0.0
        rows.append(("none", "", number(before), number(_p95(webcams)), ""))
        for name, attack in ATTACKS.items():
            for webcam in webcams:
                webcam.answers.clear()
            logged = _tracebacks(server)
            outcome, peak = await _watched(attack, server)
            p95 = _p95(webcams)
            logged = _tracebacks(server) - logged
            rows.append((name, outcome, number(peak), number(p95), str(logged)))
            most, worst_p95 = max(most, peak), max(worst_p95, p95)
        return rows, most - before, worst_p95, sum(w.lost is not None for w in webcams)
    finally:
        for webcam in webcams:
            webcam.close()


async def _watched(attack: Attack, server: Server) -> tuple[str, float]:
    """The attack's outcome and the most memory seen, half a second after it included."""
    attacking = asyncio.create_task(attack(*load.address(server.url)))
    watching = asyncio.create_task(asyncio.sleep(0.5))
    peak = 0.0
    while not (attacking.done() and watching.done()):
        peak = max(peak, _rss(server))
        await asyncio.sleep(_EVERY)
    return await attacking, peak


def _rss(server: Server) -> float:
    return accounting.usage(server.pids()).rss_bytes / _MEGABYTE


def _tracebacks(server: Server) -> int:
    return server.log().count("Traceback")


def _p95(webcams: list[Webcam]) -> float:
    latencies = [a.latency * 1000 for webcam in webcams for a in webcam.answers if not a.code]
    return percentile(latencies, 0.95)


CASE = Case("hostile", "What can clients that mean harm do to the others?", run)
