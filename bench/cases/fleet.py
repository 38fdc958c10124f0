"""One process and two behind a load balancer, on real Redis, PostgreSQL and S3."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import socketio

from bench import load, services
from bench.cases.common import Case, Check, Effort, Findings
from bench.client import Plan
from bench.fleet import Fleet, fleet
from bench.report import markdown_table, number
from bench.results import Load, LoadResult
from bench.servers import wait_until
from bench.statistics import percentile
from bench.streamer import Streamer
from streamapp.shared import connect

_CLIENTS, _FPS = 32, 30.0
_WATCHED, _WATCHED_FPS = 8, 5.0
_SECONDS = 20.0


def run(effort: Effort) -> Findings:
    """Throughput of one and two processes; bytes through Redis; how late viewers are told."""
    with ExitStack() as stack:
        redis = stack.enter_context(services.redis())
        running = [stack.enter_context(s) for s in (services.postgres(), services.s3())]
        given: dict[str, str] = {**redis.env}
        for service in running:
            given |= service.env
        loads = []
        for processes in (1, 2):
            with fleet(processes, given=given) as many:
                loads.append(_throughput(many, effort))
        with fleet(2, given=given) as many:
            each_second, here, there = _watched(many, redis.env["REDIS_URL"], effort.seconds)
    rows = [_row(processes, result) for processes, result in enumerate(loads, 1)]
    header = ("processes", "results/s", "p95 ms", "worst / best", "CPU ms/frame", "RSS MB")
    watching = [
        (
            f"Redis, bytes a second a client ({_WATCHED} clients, all watched)",
            number(each_second, 0),
        ),
        ("a viewer of the same process is told after, median ms", number(here, 0)),
        ("a viewer of the other process is told after, median ms", number(there, 0)),
    ]
    text = markdown_table(header, rows) + "\n\n" + markdown_table(("watching", ""), watching)
    checks = [
        Check("Redis, bytes a second a client", each_second, at_most=2000),
        Check("connections lost", sum(sum(result.lost.values()) for result in loads), at_most=0),
    ]
    return Findings(text, checks)


def _throughput(many: Fleet, effort: Effort) -> LoadResult:
    wanted = Load((Plan(_FPS),) * _CLIENTS, effort.seconds, 2 * effort.warm_up, probing=0)
    return load.run_against(many.url, wanted, load.webcam_frames(), name="fleet", pids=many.pids)


def _row(processes: int, result: LoadResult) -> tuple[str, ...]:
    return (
        str(processes),
        number(result.results_per_second),
        number(result.p95_ms, 0),
        number(result.fairness, 2),
        number(result.cpu_ms_per_frame, 2),
        number(max(result.rss_mb, default=0), 0),
    )


def _watched(many: Fleet, redis_url: str, seconds: float) -> tuple[float, float, float]:
    """Bytes through Redis a second a client; milliseconds until viewers here and there are told."""
    with ExitStack() as stack:
        cameras = [
            Streamer(many[0].url, load.webcam_frames(), _WATCHED_FPS) for _ in range(_WATCHED)
        ]
        for camera in cameras:
            camera.start()
            stack.callback(camera.stop)
        wait_until(lambda: all(camera.answered for camera in cameras), _SECONDS)
        here: list[float] = []
        there: list[float] = []
        for number_of, late in ((0, here), (1, there)):
            for camera in cameras:
                stack.enter_context(_viewer(many[number_of].url, camera.owner, late))
        wait_until(lambda: len(there) > _WATCHED, _SECONDS)
        began, before = time.monotonic(), _through(redis_url)
        threading.Event().wait(seconds)
        passed = _through(redis_url) - before
        each_second = passed / (time.monotonic() - began) / _WATCHED
    return each_second, *(percentile(late, 0.5) * 1000 for late in (here, there))


@contextmanager
def _viewer(url: str, owner: dict[str, str], late: list[float]) -> Iterator[None]:
    client = socketio.Client(reconnection=False)

    def on_count(content: dict[str, Any]) -> None:
        late.append(time.time() - content["at"] / 1000)

    client.on("count", on_count, namespace="/watch")
    client.connect(
        url, owner, {"wall": True}, transports=["websocket"], namespaces=["/watch"], wait_timeout=10
    )
    try:
        yield
    finally:
        client.disconnect()


def _through(redis_url: str) -> int:
    client = connect(redis_url)
    try:
        stats = client.info("stats")
    finally:
        client.close()
    return int(stats["total_net_input_bytes"]) + int(stats["total_net_output_bytes"])


CASE = Case("fleet", "What do two processes do together?", run)
