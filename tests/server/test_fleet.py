"""Two processes behind a real balancer, on a real Redis, PostgreSQL and bucket."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import requests

from bench.fleet import Fleet
from bench.media import media
from bench.servers import wait_until
from bench.services import Postgres, Process
from bench.streamer import Streamer
from streamapp.shared import connect
from tests.server.fleets import SECONDS, fleet_or_skip, streaming, viewer

pytestmark = pytest.mark.server

UPLOADS = 8
CLIENTS = 16
PHOTO = media("single_face.jpg").read_bytes()


@pytest.fixture(scope="module")
def both(postgres: Postgres, s3: Process, redis: Process) -> Iterator[Fleet]:
    """Two processes; their logs may hold no traceback."""
    given = {**postgres.env, **s3.env, **redis.env}
    with fleet_or_skip({"UPLOADS_PER_MINUTE": str(UPLOADS)}, given) as running:
        yield running
        logs = running.logs()
        assert "Traceback" not in logs, logs
        # A loss and a return are told once, not at every message.
        assert logs.count("\n") < 300, logs


def _received(redis: Process) -> int:
    """Bytes that Redis was sent and has sent."""
    client = connect(redis.env["REDIS_URL"])
    try:
        stats = client.info("stats")
        return int(stats["total_net_input_bytes"]) + int(stats["total_net_output_bytes"])
    finally:
        client.close()


def test_a_camera_of_one_process_is_watched_on_the_other(
    both: Fleet, redis: Process, webcam: list[bytes]
) -> None:
    with streaming(both[0].url, webcam) as camera:
        token = camera.call("share", {"on": True})["token"]
        with (
            viewer(both[1].url, {"token": token}) as by_link,
            viewer(both[1].url, {"wall": True}, camera.owner) as wall,
        ):
            for each in (by_link, wall):
                (stream,) = each.wait("state")["streams"]
                assert stream["running"]
                assert each.wait("count")["stream"] == stream["stream"]
            before, began, frames = _received(redis), time.monotonic(), len(camera.answered)
            assert wait_until(lambda: len(camera.answered) >= frames + 24, SECONDS)
            each_second = (_received(redis) - before) / (time.monotonic() - began)
            print(f"Redis: {each_second:.0f} bytes a second for a client that is watched")
            # 8 frames of 36 kB a second, of which none may pass.
            assert each_second < 4000
            by_link.events.clear()
            late = time.time() - by_link.wait("count")["at"] / 1000
            assert late < 2
            assert camera.call("share", {"on": False}) == {"token": None}
            assert by_link.wait("revoked") == {}
            assert wall.wait("count")["stream"] == stream["stream"]
            with viewer(both[1].url, {"token": token}) as too_late:
                assert too_late.wait("refused")["code"] == "not_found"
        with viewer(both[1].url, {"wall": True}, camera.owner) as wall:
            assert wall.wait("state")["streams"][0]["history"]
            camera.stop()
            wall.wait("gone")


def test_a_photo_uploaded_to_one_is_read_from_the_other_and_limits_are_shared(both: Fleet) -> None:
    api = "/api/v1/images"
    owner: dict[str, str] = {}
    statuses = []
    for number in range(UPLOADS + 2):
        answer = requests.post(
            both[number % 2].url + api, files={"image": ("a.jpg", PHOTO)}, headers=owner, timeout=30
        )
        statuses.append(answer.status_code)
        if number == 0:
            owner = {"Cookie": "; ".join(f"{k}={v}" for k, v in answer.cookies.items())}
            there = answer.json()
            for server in both:
                found = requests.get(server.url + there["annotated_url"], headers=owner, timeout=30)
                assert found.content[:2] == b"\xff\xd8"
    assert statuses.count(201) in (UPLOADS, UPLOADS + 1)  # the first one had no owner yet
    assert statuses[-1] == 429
    assert int(answer.headers["Retry-After"]) >= 1
    listed = requests.get(both[1].url + api, headers=owner, timeout=30).json()["images"]
    assert len(listed) == statuses.count(201)


def test_redis_is_lost_and_counting_goes_on_and_all_comes_back(
    both: Fleet, redis: Process, webcam: list[bytes]
) -> None:
    def ready(number: int) -> dict[str, str]:
        checks: dict[str, str] = requests.get(both[number].url + "/readyz", timeout=10).json()[
            "checks"
        ]
        return checks

    with streaming(both[0].url, webcam) as camera:
        with viewer(both[1].url, {"wall": True}, camera.owner) as wall:
            wall.wait("count")
            redis.stop()
            try:
                assert "Redis" in ready(0)["redis"]
                before, refused = len(camera.answered), len(camera.refused)
                assert wait_until(lambda: len(camera.answered) > before + 20, SECONDS)
                assert (camera.unanswered, len(camera.refused)) == (0, refused)
                with viewer(both[0].url, {"wall": True}, camera.owner) as beside:
                    beside.wait("count")  # in one process nothing is missing
            finally:
                redis.start()
            wall.events.clear()
            wall.wait("count", 30)
        assert wait_until(lambda: {ready(0)["redis"], ready(1)["redis"]} == {"ok"}, SECONDS)


def test_a_rolling_restart_loses_no_answered_frame_no_sample_and_no_client(
    both: Fleet, webcam: list[bytes]
) -> None:
    with ExitStack() as stack:
        cameras = [Streamer(both.url, webcam, fps=3) for _ in range(CLIENTS)]
        starting = [threading.Thread(target=camera.start) for camera in cameras]
        for thread in starting:
            thread.start()
        for thread in starting:
            thread.join()
        for camera in cameras:
            stack.callback(camera.stop)
        assert wait_until(lambda: all(len(camera.answered) > 3 for camera in cameras), SECONDS)
        for number in range(len(both)):
            both.restart(number)
            seen = [len(camera.answered) for camera in cameras]
            assert wait_until(
                lambda seen=seen: all(  # type: ignore[misc]
                    len(camera.answered) > before + 2
                    for camera, before in zip(cameras, seen, strict=True)
                ),
                SECONDS,
            )
    assert sum(camera.connections for camera in cameras) > CLIENTS
    assert [camera.unanswered for camera in cameras] == [0] * CLIENTS
    assert [camera.refused for camera in cameras] == [[]] * CLIENTS
    # The last are written within a few seconds.
    assert wait_until(lambda: [_missing(camera) for camera in cameras] == [0] * CLIENTS, SECONDS)


def _missing(camera: Streamer) -> int:
    """Seconds in which a frame was counted and no sample kept; clocks may differ by a little."""
    kept = {at // 1000 for at, _count in camera.samples()}
    return sum(not kept & {int(moment), int(moment - 0.25)} for moment in camera.answered)
