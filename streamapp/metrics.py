"""What the server tells Prometheus. One registry an app, so that apps in one process keep apart."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """Counters of one app. Update them on the hub only: inside are locks."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._frames = Counter(
            "streamapp_frames", "Webcam frames by result", ["result"], registry=self._registry
        )
        self._queue = Histogram(
            "streamapp_frame_queue_seconds",
            "Time a frame waited for a native thread",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._process = Histogram(
            "streamapp_frame_process_seconds",
            "Time a frame spent in its native thread",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._cpu = Counter(
            "streamapp_frame_cpu_seconds",
            "CPU time of native threads spent on frames",
            registry=self._registry,
        )
        self._uploads = Counter(
            "streamapp_uploads", "Uploaded images by result", ["result"], registry=self._registry
        )
        self._hub_lag = Histogram(
            "streamapp_hub_lag_seconds",
            "How late a task of the hub's woke that only slept",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(_Process())

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """A gauge ``streamapp_<name>``, read by ``read`` when it is asked for."""
        Gauge(f"streamapp_{name}", meaning, registry=self._registry).set_function(read)

    def hub_lag(self, seconds: float) -> None:
        """The hub was this late."""
        self._hub_lag.observe(seconds)

    def frame(self, result: str) -> None:
        """One frame was answered with ``result``: ``ok`` or the error's code."""
        self._frames.labels(result).inc()

    def frame_times(self, queue: float, process: float, cpu: float) -> None:
        """Seconds one processed frame waited, took, and cost."""
        self._queue.observe(queue)
        self._process.observe(process)
        self._cpu.inc(cpu)

    def upload(self, result: str) -> None:
        """One upload ended with ``result``: ``ok`` or the error's code."""
        self._uploads.labels(result).inc()

    def render(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self._registry)


class _Process(Collector):
    """Memory and CPU of this process, read when asked."""

    def collect(self) -> list[Metric]:
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
