"""Eight webcams for minutes: does memory grow?"""

from __future__ import annotations

from bench import load
from bench.cases.common import Case, Check, Effort, Findings
from bench.client import Plan
from bench.report import describe, number
from bench.results import Load
from bench.servers import product
from bench.statistics import percentile, ratio

CLIENTS = 8
_SETTLED = 60  # seconds after which every buffer has been full once
_AVERAGED = 10  # seconds


def run(effort: Effort) -> Findings:
    """Compare the memory after the first minute (a third of a shorter run) with the end's."""
    wanted = Load((Plan(15.0),) * CLIENTS, effort.soak_seconds, effort.warm_up, probing=0)
    with product() as server:
        result = load.run(server, wanted, load.webcam_frames())
    settled = min(_SETTLED, len(result.rss_mb) // 3)
    early = percentile(result.rss_mb[settled : settled + _AVERAGED], 0.5)
    late = percentile(result.rss_mb[-_AVERAGED:], 0.5)
    said = (
        f"{number(effort.soak_seconds / 60, 1)} minutes: {number(early)} MB after {settled} s, "
        f"{number(late)} MB at the end."
    )
    return Findings(
        f"{said}\n\n{describe(result)}",
        [
            Check("memory, end over first minute", ratio(late, early), at_most=1.05),
            Check("frames unanswered", result.unanswered, at_most=0),
            Check("connections lost", sum(result.lost.values()), at_most=0),
        ],
    )


CASE = Case("soak", "Does memory grow over minutes?", run)
