"""What Prometheus is told, read back with its own parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from streamapp.metrics import Metrics


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Values by name and labels, in the order of the text."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(metrics.render().decode())
        for sample in family.samples
    }


def test_what_happened_is_counted_by_result() -> None:
    metrics = Metrics()
    for result in ("ok", "ok", "busy"):
        metrics.frame(result)
    metrics.upload("unreadable_image")
    metrics.frame_times(queue=0.004, process=0.02, cpu=0.01)
    metrics.hub_lag(3.0)
    found = samples(metrics)
    assert found["streamapp_frames_total", "ok"] == 2
    assert found["streamapp_frames_total", "busy"] == 1
    assert found["streamapp_uploads_total", "unreadable_image"] == 1
    assert found["streamapp_frame_queue_seconds_bucket", "0.0025"] == 0
    assert found["streamapp_frame_queue_seconds_bucket", "0.005"] == 1
    assert found["streamapp_frame_process_seconds_sum",] == 0.02
    assert found["streamapp_frame_cpu_seconds_total",] == 0.01
    assert found["streamapp_hub_lag_seconds_bucket", "2.5"] == 0
    assert found["streamapp_hub_lag_seconds_bucket", "+Inf"] == 1


@given(st.lists(st.floats(0, 5) | st.sampled_from([0.001, 0.0025, 2.5]), max_size=30))
def test_the_buckets_are_those_of_the_library_itself(waits: list[float]) -> None:
    metrics, theirs = Metrics(), CollectorRegistry()
    bounds = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
    histogram = Histogram("streamapp_hub_lag_seconds", "", buckets=bounds, registry=theirs)
    for wait in waits:
        metrics.hub_lag(wait)
        histogram.observe(wait)
    text = generate_latest(theirs).decode()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if not sample.name.endswith("_created"):
                name = (sample.name, *sample.labels.values())
                assert samples(metrics)[name] == pytest.approx(sample.value)


def test_a_gauge_is_read_when_it_is_asked_for() -> None:
    metrics = Metrics()
    clients = [1.0]
    metrics.watch("clients", "Webcams", lambda: clients[0])
    clients[0] = 5.0
    assert samples(metrics)["streamapp_clients",] == 5


def test_the_process_tells_its_memory_and_cpu() -> None:
    found = samples(Metrics())
    assert found["streamapp_process_cpu_seconds",] > 0
    assert found["streamapp_process_resident_bytes",] > 1_000_000


def test_apps_in_one_process_keep_apart() -> None:
    one, other = Metrics(), Metrics()
    one.frame("ok")
    assert ("streamapp_frames_total", "ok") not in samples(other)
