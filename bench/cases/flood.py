"""One client of eight sends 200 frames a second; the other seven must not feel it."""

from __future__ import annotations

from bench import load
from bench.cases.common import Case, Check, Effort, Findings
from bench.client import Plan
from bench.report import markdown_table, number
from bench.results import Load, LoadResult
from bench.servers import product
from bench.statistics import ratio

WELL_BEHAVED = Plan(15.0)
FLOODER = Plan(200.0, in_flight=None)


def run(effort: Effort) -> Findings:
    """Eight well behaved clients first, then the last of them floods."""
    frames = load.webcam_frames()

    def measured(last: Plan) -> LoadResult:
        plans = (WELL_BEHAVED,) * 7 + (last,)
        wanted = Load(plans, effort.seconds, effort.warm_up, probing=0)
        with product() as server:
            return load.run(server, wanted, frames)

    calm, flooded = measured(WELL_BEHAVED), measured(FLOODER)
    rows = [
        (
            name,
            number(min(client.kept for client in result.clients[:7]) * 100, 1, " %"),
            number(_seven_p95(result)),
            number(result.clients[7].results_per_second),
            number(result.dropped, 0),
        )
        for name, result in (("8 at 15 frames/s", calm), ("7 at 15, 1 at 200", flooded))
    ]
    header = (
        "clients",
        "frames counted, worst of the seven",
        "p95 ms, worst of the seven",
        "results/s of the eighth",
        "answered with an error",
    )
    kept = min(client.kept for client in flooded.clients[:7])
    slower = ratio(_seven_p95(flooded), _seven_p95(calm))
    return Findings(
        markdown_table(header, rows),
        [
            Check("share of frames kept by the worst of the seven", kept, at_least=0.95),
            Check("p95 of the seven, flooded over calm", slower, at_most=1.5),
        ],
    )


def _seven_p95(result: LoadResult) -> float:
    return max(client.p95_ms for client in result.clients[:7])


CASE = Case("flood", "Can one client slow the others?", run)
