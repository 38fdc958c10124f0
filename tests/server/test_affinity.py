"""Long polling through a balancer: with session affinity it works, without it cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests
import socketio

from bench.balancer import balancer
from bench.fleet import Fleet
from bench.servers import wait_until
from bench.services import Postgres, Process
from tests.server.fleets import SECONDS, fleet_or_skip, streaming, viewer

pytestmark = pytest.mark.server

HANDSHAKE = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture(scope="module")
def sticky(postgres: Postgres, s3: Process, redis: Process) -> Iterator[Fleet]:
    """Two processes behind a balancer with a cookie."""
    given = {**postgres.env, **s3.env, **redis.env}
    with fleet_or_skip({}, given, affinity=True) as running:
        yield running
        assert "Traceback" not in running.logs(), running.logs()


def test_with_affinity_a_polling_camera_streams_and_a_polling_viewer_watches(
    sticky: Fleet, webcam: list[bytes]
) -> None:
    with streaming(sticky.url, webcam, 4, "polling") as camera:
        token = camera.call("share", {"on": True})["token"]
        with viewer(sticky.url, {"token": token}, transport="polling") as watching:
            (stream,) = watching.wait("state")["streams"]
            assert stream["running"]
            before = len(camera.answered)
            assert wait_until(lambda: len(camera.answered) > before + 8, SECONDS)
            watching.wait("count")
        assert (camera.unanswered, camera.refused, camera.connections) == (0, [], 1)
        assert camera.transport() == "polling"


def test_without_affinity_long_polling_never_gets_through(sticky: Fleet) -> None:
    with balancer([sticky[0].port, sticky[1].port]) as port:
        url = f"http://127.0.0.1:{port}"
        client = socketio.Client(reconnection=False)
        try:
            with pytest.raises(socketio.exceptions.ConnectionError):
                client.connect(url, transports=["polling"], wait_timeout=5)
        finally:
            client.disconnect()


def test_the_other_process_answers_400_at_once_to_a_session_that_is_not_its_own(
    sticky: Fleet,
) -> None:
    opened = requests.get(sticky[0].url + HANDSHAKE, timeout=SECONDS)
    sid = json.loads(opened.text[1:])["sid"]
    for method in ("GET", "POST"):
        answer = requests.request(
            method, f"{sticky[1].url}{HANDSHAKE}&sid={sid}", data=b"40", timeout=5
        )
        assert answer.status_code == 400
        assert "Invalid session" in answer.text
