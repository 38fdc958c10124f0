"""What the server tells Prometheus. One registry an app, so that apps in one process keep apart.

Counted in plain numbers and handed to prometheus-client when it is asked for them: each of the
library's own counters is a lock and a few calls, and for a frame there are five of them.
"""

from __future__ import annotations

import os
import resource
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from streamapp.concurrency import ShortLock

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class _Histogram:
    """How many observations lie in each of the buckets that end at `_SECONDS`."""

    def __init__(self, name: str, meaning: str) -> None:
        self._name, self._meaning = name, meaning
        self._counts = [0] * (len(_SECONDS) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        """One more. A bucket's own bound lies in it."""
        self._counts[bisect_left(_SECONDS, seconds)] += 1
        self._sum += seconds

    def family(self) -> Metric:
        """As Prometheus has it: each bucket holds those below it, too."""
        bounds = [*map(str, _SECONDS), "+Inf"]
        buckets = list(zip(bounds, accumulate(self._counts), strict=True))
        return HistogramMetricFamily(self._name, self._meaning, buckets, self._sum)


class _Numbers(Collector):
    """What is counted; read when asked."""

    def __init__(self) -> None:
        self.lock = ShortLock()
        self.frames: Counter[str] = Counter()
        self.uploads: Counter[str] = Counter()
        self.cpu = 0.0
        self.queue = _Histogram(
            "streamapp_frame_queue_seconds", "Time a frame waited for a native thread"
        )
        self.process = _Histogram(
            "streamapp_frame_process_seconds", "Time a frame spent in its native thread"
        )
        self.hub_lag = _Histogram(
            "streamapp_hub_lag_seconds", "How late a task of the hub's woke that only slept"
        )

    def collect(self) -> Iterator[Metric]:
        """See prometheus_client."""
        yield _by_result("streamapp_frames", "Webcam frames by result", self.frames)
        yield self.queue.family()
        yield self.process.family()
        meaning = "CPU time of native threads spent on frames"
        yield CounterMetricFamily("streamapp_frame_cpu_seconds", meaning, self.cpu)
        yield _by_result("streamapp_uploads", "Uploaded images by result", self.uploads)
        yield self.hub_lag.family()


def _by_result(name: str, meaning: str, counts: Counter[str]) -> Metric:
    family = CounterMetricFamily(name, meaning, labels=["result"])
    for result, count in counts.items():
        family.add_metric([result], count)
    return family


class Metrics:
    """Counters of one app."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._registry = CollectorRegistry()
        self._registry.register(self._numbers)
        self._registry.register(_Process())

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """A gauge ``streamapp_<name>``, read by ``read`` when it is asked for."""
        Gauge(f"streamapp_{name}", meaning, registry=self._registry).set_function(read)

    def hub_lag(self, seconds: float) -> None:
        """The hub was this late."""
        with self._numbers.lock:
            self._numbers.hub_lag.observe(seconds)

    def frame(self, result: str) -> None:
        """One frame was answered with ``result``: ``ok`` or the error's code."""
        with self._numbers.lock:
            self._numbers.frames[result] += 1

    def frame_times(self, queue: float, process: float, cpu: float) -> None:
        """Seconds one processed frame waited, took, and cost."""
        numbers = self._numbers
        with numbers.lock:
            numbers.queue.observe(queue)
            numbers.process.observe(process)
            numbers.cpu += cpu

    def upload(self, result: str) -> None:
        """One upload ended with ``result``: ``ok`` or the error's code."""
        with self._numbers.lock:
            self._numbers.uploads[result] += 1

    def render(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self._registry)


class _Process(Collector):
    """Memory and CPU of this process, read when asked."""

    def collect(self) -> list[Metric]:
        """See prometheus_client."""
        usage = resource.getrusage(resource.RUSAGE_SELF)
        families: list[Metric] = [
            GaugeMetricFamily(
                "streamapp_process_cpu_seconds", "CPU time used", usage.ru_utime + usage.ru_stime
            )
        ]
        statm = Path("/proc/self/statm")
        if statm.exists():
            resident = int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            families.append(
                GaugeMetricFamily("streamapp_process_resident_bytes", "Memory held", resident)
            )
        return families
