"""The product beside the tutorials' server under the same webcams, one server after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bench.cases.common import Case, Check, Effort, Findings, measure
from bench.client import Plan
from bench.load import webcam_frames
from bench.plots import Point, scaling_plot
from bench.report import markdown_table, number
from bench.results import Load, LoadResult
from bench.statistics import ratio

FPS = 15.0
FEW = (1, 8)
MANY = (1, 8, 16, 24)
HEADER = (
    "server",
    "clients",
    "results/s",
    "worst client, results/s",
    "worst / best",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "CPU ms/frame",
    "RSS MB",
    "/healthz p95 ms",
)


def compare(effort: Effort, counts: Sequence[int]) -> list[LoadResult]:
    """Each number of clients against the product, then against the toy."""
    return [
        measure(
            server,
            Load((Plan(FPS),) * clients, effort.seconds, effort.warm_up, probing=effort.probing),
            webcam_frames(),
        )
        for clients in counts
        for server in ("product", "toy")
    ]


def row(result: LoadResult) -> tuple[str, ...]:
    """The columns of HEADER."""
    return (
        result.server,
        str(len(result.clients)),
        number(result.results_per_second),
        number(result.slowest_client),
        number(result.fairness, 2),
        number(result.p50_ms, 0),
        number(result.p95_ms, 0),
        number(result.p99_ms, 0),
        number(result.cpu_ms_per_frame, 2),
        number(max(result.rss_mb, default=math.nan), 0),
        number(result.health_p95_ms, 0),
    )


def cpu_ratio(results: Sequence[LoadResult], clients: int) -> float:
    """CPU a frame of the toy over that of the product, at one number of clients."""
    per_frame = {
        result.server: result.cpu_ms_per_frame
        for result in results
        if len(result.clients) == clients
    }
    return ratio(per_frame["toy"], per_frame["product"])


def table(results: Sequence[LoadResult]) -> str:
    """All results, and the ratio of CPU a frame below."""
    ratios = ", ".join(
        f"{number(cpu_ratio(results, clients))} at {clients}"
        for clients in sorted({len(result.clients) for result in results})
    )
    return "\n".join(
        [
            markdown_table(HEADER, map(row, results)),
            "",
            f"The toy needs this many times the product's CPU for a frame: {ratios} clients.",
        ]
    )


def run_few(effort: Effort) -> Findings:
    """1 and 8 clients."""
    return Findings(table(compare(effort, FEW)))


def run_many(effort: Effort) -> Findings:
    """1 to 24 clients, with the plot and the bounds."""
    results = compare(effort, MANY)
    points = [
        Point(r.server, len(r.clients), r.p95_ms, r.cpu_ms_per_frame, r.results_per_second)
        for r in results
    ]
    product = [result for result in results if result.server == "product"]
    most = product[-1]
    checks = [
        Check(
            "results/s of the worst client", min(r.slowest_client for r in product), at_least=14.5
        ),
        Check(f"p95 at {len(most.clients)} clients, ms", most.p95_ms, at_most=100),
        Check("CPU a frame, ms", max(r.cpu_ms_per_frame for r in product), at_most=4),
        Check(
            "CPU a frame, toy over product", min(cpu_ratio(results, n) for n in MANY), at_least=35
        ),
        Check(f"RSS at {len(most.clients)} clients, MB", max(most.rss_mb), at_most=150),
        Check("frames unanswered", sum(r.unanswered for r in product), at_most=0),
        Check("/healthz p95, ms", max(r.health_p95_ms for r in product), at_most=50),
    ]
    return Findings(table(results), checks, {"performance.svg": scaling_plot(points)})


QUESTION = "What do webcams at 15 frames a second get, and what does a frame cost?"
FEW_CLIENTS = Case("compare", QUESTION, run_few)
MANY_CLIENTS = Case("scaling", QUESTION, run_many)
