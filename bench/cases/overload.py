"""Four times what the server can do, sent on schedule whatever comes back."""

from __future__ import annotations

from bench.cases.common import Case, Check, Effort, Findings, measure
from bench.client import Plan
from bench.load import webcam_frames
from bench.report import describe, number
from bench.results import Load

CLIENTS = 24
TIMES = 4
_SATURATING_FPS = 60.0  # of each client: more than any two cores count, below the rate limit


def run(effort: Effort) -> Findings:
    """Find the capacity in a closed loop, then send ``TIMES`` as much in an open one."""
    frames = webcam_frames()
    # One frame in flight each: every core is busy, and no frame is thrown away on the way.
    saturating = (Plan(_SATURATING_FPS, in_flight=1),) * CLIENTS
    wanted = Load(saturating, effort.seconds, effort.warm_up, probing=0)
    capacity = measure("product", wanted, frames).results_per_second
    flooding = (Plan(capacity * TIMES / CLIENTS, in_flight=None),) * CLIENTS
    wanted = Load(flooding, effort.overload_seconds, effort.warm_up, probing=effort.probing)
    result = measure("product", wanted, frames)
    said = (
        f"{CLIENTS} clients that wait for answers get {number(capacity)} results a second in all. "
        f"Sent {TIMES} times as many for {number(effort.overload_seconds, 0)} s without waiting:"
    )
    return Findings(
        f"{said}\n\n{describe(result)}",
        [
            Check("p95, last third over first third", result.growth, at_most=1.2),
            Check("frames unanswered", result.unanswered, at_most=0),
            Check("connections lost", sum(result.lost.values()), at_most=0),
            Check("worst / best client", result.fairness, at_least=0.8),
            Check("/healthz p95, ms", result.health_p95_ms, at_most=50),
        ],
    )


CASE = Case("overload", "What happens when four times too much comes in?", run)
