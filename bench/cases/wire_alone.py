"""What carrying a frame costs by itself, with the counting taken out of both servers."""

from __future__ import annotations

from bench import load
from bench.cases.common import Case, Check, Effort, Findings
from bench.client import Plan
from bench.report import markdown_table, number
from bench.results import Load
from bench.servers import product, toy
from bench.statistics import ratio

CLIENTS, FPS = 8, 15.0


def run(effort: Effort) -> Findings:
    """8 clients at 15 frames a second against each."""
    wanted = Load((Plan(FPS),) * CLIENTS, effort.seconds, effort.warm_up, probing=0)
    frames = load.webcam_frames()
    with product(application="bench.wire_only.product:create_app()") as server:
        ours = load.run(server, wanted, frames)
    with toy(application="bench.wire_only.toy:create_app()") as server:
        stock = load.run(server, wanted, frames)
    rows = [
        (
            result.server,
            number(result.results_per_second),
            number(result.p95_ms, 1),
            number(result.cpu_ms_per_frame, 2),
        )
        for result in (ours, stock)
    ]
    table = markdown_table(("detection off", "results/s", "p95 ms", "CPU ms/frame"), rows)
    times = ratio(stock.cpu_ms_per_frame, ours.cpu_ms_per_frame)
    return Findings(
        f"{table}\n\nThe stock wire costs {number(times)} times as much.",
        [Check("CPU of the wire a frame, ms", ours.cpu_ms_per_frame, at_most=0.7)],
    )


CASE = Case("wire", "What does it cost to carry a frame, without looking at it?", run)
