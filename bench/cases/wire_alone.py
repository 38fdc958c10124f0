"""What carrying a frame costs by itself, with the counting taken out of both servers."""

from __future__ import annotations

from bench import load
from bench.cases.common import Case, Check, Effort, Findings
from bench.client import Plan
from bench.report import markdown_table, number
from bench.results import Load, LoadResult
from bench.servers import product, toy

FPS = 15.0
COUNTS = (8, 24)
HEADER = ("detection off", "clients", "results/s", "p95 ms", "CPU ms/frame")


def run(effort: Effort) -> Findings:
    """8 and 24 clients at 15 frames a second against each."""
    results = [result for clients in COUNTS for result in _both(effort, clients)]
    rows = [
        (
            result.server,
            str(len(result.clients)),
            number(result.results_per_second),
            number(result.p95_ms, 1),
            number(result.cpu_ms_per_frame, 2),
        )
        for result in results
    ]
    dearest = max(r.cpu_ms_per_frame for r in results if r.server == "product")
    return Findings(
        markdown_table(HEADER, rows),
        [Check("CPU of the wire a frame, ms", dearest, at_most=0.7)],
    )


def _both(effort: Effort, clients: int) -> list[LoadResult]:
    wanted = Load((Plan(FPS),) * clients, effort.seconds, effort.warm_up, probing=0)
    frames = load.webcam_frames()
    with product(application="bench.wire_only.product:create_app()") as server:
        ours = load.run(server, wanted, frames)
    with toy(application="bench.wire_only.toy:create_app()") as server:
        return [ours, load.run(server, wanted, frames)]


CASE = Case("wire", "What does it cost to carry a frame, without looking at it?", run)
