"""More webcams than the server can count at full rate: those that obey it, and those that do not.

The server wishes for fewer frames a second (``capture`` in every answer), and turns away who would
get too few. The page obeys; a client of somebody else's may not.
"""

from __future__ import annotations

from bench.cases.common import Case, Check, Effort, Findings, measure
from bench.client import Plan
from bench.load import webcam_frames
from bench.report import markdown_table, number
from bench.results import Load

CLIENTS, FPS = 60, 30.0
HEADER = (
    f"{CLIENTS} clients at {FPS:g} frames/s",
    "turned away",
    "results/s",
    "worst let in, results/s",
    "worst / best",
    "p95 ms",
    "not sent",
    "superseded",
)


def run(effort: Effort) -> Findings:
    """The same crowd twice, obedient and not; it has a little longer to settle."""
    rows = []
    for name, obeys in (("that obey", True), ("that do not", False)):
        wanted = Load(
            (Plan(FPS, obeys=obeys),) * CLIENTS, effort.seconds, 2.5 * effort.warm_up, probing=0
        )
        result = measure("product", wanted, webcam_frames())
        rows.append(
            (
                name,
                str(CLIENTS - len(result.let_in)),
                number(result.results_per_second),
                number(result.slowest_client),
                number(result.fairness, 2),
                number(result.p95_ms, 0),
                number(result.thrown_away, 0),
                number(result.errors.get("superseded", 0), 0),
            )
        )
        if obeys:
            checks = [
                Check("p95 of the obedient, ms", result.p95_ms, at_most=100),
                Check("worst / best of the obedient", result.fairness, at_least=0.8),
            ]
    return Findings(markdown_table(HEADER, rows), checks)


CASE = Case("crowd", "What if more webcams come than can be counted?", run)
