"""One webcam that many look on at: does it notice?"""

from __future__ import annotations

import statistics
import urllib.request
from collections.abc import Sequence

import socketio

from bench import load
from bench.cases.common import Case, Check, Effort, Findings
from bench.client import Plan
from bench.load import webcam_frames
from bench.report import markdown_table, number
from bench.results import Load, LoadResult
from bench.servers import Server, product
from bench.viewers import Crowd, looking_on

VIEWERS, FPS = 200, 15.0
HEADER = (
    "viewers",
    "results/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "server's CPU, s/s",
    "messages/s a viewer",
    "lost",
)


def run(effort: Effort) -> Findings:
    """The same webcam alone and looked on at, in turn, on one server."""
    alone: list[LoadResult] = []
    watched: list[LoadResult] = []
    crowds: list[Crowd] = []
    with product() as server:
        plan = shared(server)
        wanted = Load((plan,), effort.seconds, effort.warm_up, probing=0)
        for _ in range(effort.rounds):
            alone.append(load.run(server, wanted, webcam_frames()))
            with looking_on(server.url, plan.token, VIEWERS) as crowd:
                watched.append(load.run(server, wanted, webcam_frames()))
            crowds.append(crowd)
    rows = [row("none", alone, None), row(str(VIEWERS), watched, crowds)]
    checks = [
        Check("p95 with viewers less that without, ms", p95(watched) - p95(alone), at_most=5),
        Check("viewers lost", max(crowd.lost for crowd in crowds), at_most=0),
        Check("binary messages to viewers", max(c.pictures for c in crowds), at_most=0),
    ]
    return Findings(markdown_table(HEADER, rows), checks)


def shared(server: Server) -> Plan:
    """How a webcam streams under a link, which it has made here before."""
    with urllib.request.urlopen(server.url) as answer:
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    client = socketio.Client(reconnection=False)
    client.connect(server.url, headers={"Cookie": cookie}, transports=["websocket"])
    token = client.call("share", {"on": True}, timeout=10)["token"]
    client.disconnect()
    return Plan(FPS, cookie=cookie, token=token)


def p95(results: Sequence[LoadResult]) -> float:
    """The median of the rounds."""
    return statistics.median(result.p95_ms for result in results)


def row(name: str, results: Sequence[LoadResult], crowds: Sequence[Crowd] | None) -> list[str]:
    """The columns of HEADER, medians of the rounds."""

    def median(values: Sequence[float], digits: int = 1) -> str:
        return number(statistics.median(values), digits)

    seconds = [result.sent / FPS for result in results]
    seen = [crowd.fewest / s for crowd, s in zip(crowds or (), seconds, strict=False)]
    return [
        name,
        median([result.results_per_second for result in results]),
        median([result.p50_ms for result in results]),
        median([result.p95_ms for result in results]),
        median([result.p99_ms for result in results]),
        median([result.server_cpu_s / result.seconds for result in results], 2),
        median(seen) if seen else "–",
        str(max((crowd.lost for crowd in crowds or ()), default=0)) if crowds else "–",
    ]


CASE = Case("viewers", f"What does a webcam notice of {VIEWERS} who look on?", run)
