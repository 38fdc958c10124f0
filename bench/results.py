"""What a load is and what came of it, with no I/O."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench import statistics
from bench.client import Answer, Plan, Webcam
from bench.health import HealthProbe


@dataclass(frozen=True)
class Load:
    """What is sent: one plan a client, for ``seconds`` after ``warm_up`` seconds not measured."""

    plans: tuple[Plan, ...]
    seconds: float
    warm_up: float = 2.0
    patience: float = 5.0
    """Seconds after the last frame in which an answer still counts as given."""
    probing: float = 5.0
    """Seconds of the same load, after the measured ones, in which /healthz is asked; the asking
    costs the server CPU, which must not count as a frame's."""


@dataclass
class Window:
    """The measured time, on the event loop's clock, and what the kernel said of it."""

    began: float
    ended: float = 0.0
    server_cpu_s: float = 0.0
    generator_cpu_s: float = 0.0
    rss_mb: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class ClientResult:
    """What one client got in the measured time."""

    results_per_second: float
    kept: float
    """Results over the frames its plan had for that time."""
    p95_ms: float
    turned_away: bool
    """Whether the server had no place for it: every frame answered ``busy``."""


@dataclass(frozen=True)
class LoadResult:
    """What came of a load. Latency is from sending a frame to its result.

    Counts of frames (``sent``, ``errors``, ``unanswered``, ``thrown_away``) are of the whole run,
    warm-up included, so that they add up; the other figures are of the measured time.
    """

    server: str
    clients: tuple[ClientResult, ...]
    seconds: float
    results: int
    sent: int
    errors: dict[str, int]
    """Frames answered with an error, by the contract's code."""
    unanswered: int
    thrown_away: int
    """Frames of the schedule that a client did not send, its credit being used up."""
    lost: dict[str, int]
    """Connections that ended before the load did, by reason."""
    p50_ms: float
    p95_ms: float
    p99_ms: float
    slope_ms_per_s: float
    growth: float
    """p95 of the last third of the time over that of the first."""
    mean_count: float
    """Faces a result, to see that they were counted at all."""
    server_cpu_s: float
    rss_mb: tuple[float, ...]
    """Resident memory of the server's processes, once a second; empty when it is not ours."""
    health_p95_ms: float
    health_failures: int
    generator_cpu_s: float
    generator_late_p95_ms: float
    """How late the generator's own frames were."""

    @property
    def results_per_second(self) -> float:
        """Frames counted a second, all clients together."""
        return self.results / self.seconds

    @property
    def let_in(self) -> list[ClientResult]:
        """The clients that were not turned away."""
        return [client for client in self.clients if not client.turned_away]

    @property
    def fairness(self) -> float:
        """Results of the worst served client over those of the best, of those let in."""
        return statistics.fairness([client.results_per_second for client in self.let_in])

    @property
    def slowest_client(self) -> float:
        """Results a second of the worst served client, of those let in."""
        return min((client.results_per_second for client in self.let_in), default=math.nan)

    @property
    def cpu_ms_per_frame(self) -> float:
        """CPU of the server, all of it, for each frame that was counted; NaN without results."""
        return statistics.ratio(self.server_cpu_s * 1000, self.results)

    @property
    def dropped(self) -> int:
        """Frames answered with an error."""
        return sum(self.errors.values())


def summary(name: str, webcams: Sequence[Webcam], window: Window, probe: HealthProbe) -> LoadResult:
    """The figures of one run."""
    seconds = window.ended - window.began
    per_client = [_results_within(webcam, window) for webcam in webcams]
    results = [answer for client in per_client for answer in client]
    latencies = [answer.latency * 1000 for answer in results]
    times = [answer.answered for answer in results]
    lateness = [late * 1000 for webcam in webcams for late in webcam.lateness]
    codes = (answer.code for webcam in webcams for answer in webcam.answers)
    return LoadResult(
        server=name,
        clients=tuple(
            _client_result(webcam, client, seconds)
            for webcam, client in zip(webcams, per_client, strict=True)
        ),
        seconds=seconds,
        results=len(results),
        sent=sum(webcam.sent for webcam in webcams),
        errors=dict(Counter(code for code in codes if code is not None)),
        unanswered=sum(len(webcam.waiting) for webcam in webcams),
        thrown_away=sum(webcam.thrown_away for webcam in webcams),
        lost=dict(Counter(webcam.lost for webcam in webcams if webcam.lost)),
        p50_ms=statistics.percentile(latencies, 0.50),
        p95_ms=statistics.percentile(latencies, 0.95),
        p99_ms=statistics.percentile(latencies, 0.99),
        slope_ms_per_s=statistics.slope(times, latencies),
        growth=statistics.growth(times, latencies),
        mean_count=statistics.ratio(sum(answer.faces for answer in results), len(results)),
        server_cpu_s=window.server_cpu_s,
        rss_mb=tuple(window.rss_mb),
        health_p95_ms=statistics.percentile(probe.latencies, 0.95) * 1000,
        health_failures=probe.failures,
        generator_cpu_s=window.generator_cpu_s,
        generator_late_p95_ms=statistics.percentile(lateness, 0.95),
    )


def _results_within(webcam: Webcam, window: Window) -> list[Answer]:
    return [
        answer
        for answer in webcam.answers
        if answer.code is None and window.began <= answer.answered < window.ended
    ]


def _client_result(webcam: Webcam, results: Sequence[Answer], seconds: float) -> ClientResult:
    latencies = [answer.latency * 1000 for answer in results]
    return ClientResult(
        results_per_second=len(results) / seconds,
        kept=len(results) / (webcam.plan.fps * seconds),
        p95_ms=statistics.percentile(latencies, 0.95),
        turned_away=bool(webcam.answers) and all(a.code == "busy" for a in webcam.answers),
    )
