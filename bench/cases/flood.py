"""One client of eight sends 200 frames a second; the other seven must not feel it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from bench.cases.common import Case, Check, Effort, Findings, measure
from bench.client import Plan
from bench.load import webcam_frames
from bench.report import markdown_table, number
from bench.results import Load, LoadResult
from bench.statistics import ratio

WELL_BEHAVED = Plan(15.0)
FLOODER = Plan(200.0, in_flight=None)
HEADER = (
    "clients",
    "frames counted, worst of the seven",
    "p95 ms, worst of the seven",
    "results/s of the eighth",
    "answered with an error",
)


def run(effort: Effort) -> Findings:
    """Eight well behaved clients, then the last of them floods, by turns; medians of the rounds.

    By turns, because latency depends on what else the machine does at the time.
    """

    def measured(last: Plan) -> LoadResult:
        wanted = Load((WELL_BEHAVED,) * 7 + (last,), effort.seconds, effort.warm_up, probing=0)
        return measure("product", wanted, webcam_frames())

    rounds = [(measured(WELL_BEHAVED), measured(FLOODER)) for _ in range(effort.rounds)]
    calm, flooded = ([pair[which] for pair in rounds] for which in (0, 1))
    slower = median(ratio(_seven_p95(after), _seven_p95(before)) for before, after in rounds)
    return Findings(
        markdown_table(
            HEADER, [_row("8 at 15 frames/s", calm), _row("7 at 15, 1 at 200", flooded)]
        ),
        [
            Check(
                "share of frames kept by the worst of the seven",
                _median(flooded, _seven_kept),
                at_least=0.95,
            ),
            Check("p95 of the seven, flooded over calm", slower, at_most=1.5),
        ],
    )


def _row(name: str, results: Sequence[LoadResult]) -> tuple[str, ...]:
    return (
        name,
        number(_median(results, _seven_kept) * 100, 1, " %"),
        number(_median(results, _seven_p95)),
        number(_median(results, lambda result: result.clients[7].results_per_second)),
        number(_median(results, lambda result: result.dropped), 0),
    )


def _median(results: Sequence[LoadResult], figure: Callable[[LoadResult], float]) -> float:
    return median(map(figure, results))


def _seven_kept(result: LoadResult) -> float:
    return min(client.kept for client in result.clients[:7])


def _seven_p95(result: LoadResult) -> float:
    return max(client.p95_ms for client in result.clients[:7])


CASE = Case("flood", "Can one client slow the others?", run)
