"""Frames in, counts or a named error out: real engines, real JPEG, an injected clock."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from bench.media import frames
from streamapp.concurrency import NativeLane, native_execute
from streamapp.config import Settings, load
from streamapp.errors import Busy, Superseded
from streamapp.metrics import Metrics
from streamapp.packets import OversizedMessage
from streamapp.stream_session import MAX_FPS, StreamSession
from streamapp.streaming import RETRY_AFTER_SECONDS, StreamService
from streamapp.vision.engines import Engines
from streamapp.vision.live import LivePipeline, LiveSettings

FPS = 15


class Clock:
    """Time that passes when told to, in seconds."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def webcam() -> list[bytes]:
    """Frames of one person in front of a webcam, as JPEG."""
    return frames(count=12)


@pytest.fixture(scope="module")
def lane() -> NativeLane[Engines]:
    return NativeLane([Engines()], native_execute("threading", 1))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"DATA_DIR": tmp_path, "MAX_CLIENTS": 2, "SECRET_KEY": "known to every reader"})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def streams(lane: NativeLane[Engines], settings: Settings, clock: Clock) -> StreamService:
    service = StreamService(lane, settings, Metrics(), clock)
    for client in ("ann", "bob", "cy"):
        service.open(client)
    return service


@pytest.fixture
def told(streams: StreamService) -> list[tuple[str, dict[str, Any]]]:
    """What clients were notified of."""
    told: list[tuple[str, dict[str, Any]]] = []
    streams.notify = lambda client, status: told.append((client, status))
    return told


def encoded(extension: str, width: int, height: int) -> bytes:
    return cv2.imencode(extension, np.zeros((height, width, 3), np.uint8))[1].tobytes()


def refusal(answer: dict[str, Any]) -> str:
    """The code of an error and of nothing but an error."""
    assert set(answer) == {"seq", "error"}
    assert answer["error"]["message"].endswith((".", ")"))
    code: str = answer["error"]["code"]
    return code


def test_a_good_frame_is_answered_with_all_the_contract_names(
    streams: StreamService, webcam: list[bytes], clock: Clock
) -> None:
    for seq, jpeg in enumerate(webcam):
        answer = streams.frame("ann", {"seq": seq}, jpeg)
        clock.now += 1 / FPS
    assert set(answer) == {
        *("seq", "width", "height", "count", "faces", "peak", "tracks_seen"),
        *("timing", "dropped", "capture"),
    }
    assert (answer["seq"], answer["width"], answer["height"]) == (11, 640, 480)
    assert (answer["count"], answer["peak"], answer["dropped"]) == (1, 1, 0)
    (face,) = answer["faces"]
    x, y, width, height = face["box"]
    assert 0 <= x < x + width <= 640
    assert 0 <= y < y + height <= 480
    assert answer["capture"] == {"width": 640, "quality": 0.7, "fps": 15}
    assert set(answer["timing"]) == {"queue_ms", "process_ms"}


WRONG = [
    pytest.param(None, None, "invalid_frame", id="nothing"),
    pytest.param("seq", b"", "invalid_frame", id="metadata that is a text"),
    pytest.param({}, b"", "invalid_frame", id="no seq"),
    pytest.param({"seq": True}, b"", "invalid_frame", id="seq that is a truth"),
    pytest.param({"seq": -1}, b"", "invalid_frame", id="seq below 0"),
    pytest.param({"seq": 2**53 + 1}, b"", "invalid_frame", id="seq no browser can count"),
    pytest.param({"seq": 1.5}, b"", "invalid_frame", id="seq that is a fraction"),
    pytest.param({"seq": 1}, None, "invalid_frame", id="no picture"),
    pytest.param({"seq": 1}, "data:image/jpeg;base64,", "invalid_frame", id="picture as text"),
    pytest.param({"seq": 1}, [1, 2], "invalid_frame", id="picture as list"),
    pytest.param({"seq": 1}, b"", "invalid_frame", id="no bytes"),
    pytest.param({"seq": 1}, b"\xff\xd8\xff", "invalid_frame", id="three bytes"),
    pytest.param({"seq": 1}, b"GIF89a" + bytes(99), "invalid_frame", id="GIF"),
    pytest.param({"seq": 1}, encoded(".png", 64, 48), "invalid_frame", id="PNG"),
    pytest.param({"seq": 1}, encoded(".jpg", 64, 48)[:300], "invalid_frame", id="cut off"),
    pytest.param({"seq": 1}, encoded(".jpg", 1921, 1080), "frame_too_large", id="pixels"),
    pytest.param({"seq": 1}, bytes(1_000_001), "frame_too_large", id="bytes"),
    pytest.param({"seq": 1}, OversizedMessage.of(9**9), "frame_too_large", id="not even read"),
]


@pytest.mark.parametrize(("metadata", "data", "code"), WRONG)
def test_a_wrong_frame_is_refused_by_name_and_the_next_good_one_is_counted(
    metadata: object, data: object, code: str, streams: StreamService, webcam: list[bytes]
) -> None:
    assert refusal(streams.frame("ann", metadata, data)) == code
    answer = streams.frame("ann", {"seq": 2}, webcam[0])
    assert (answer["seq"], answer["dropped"], answer["width"]) == (2, 1, 640)


@pytest.mark.parametrize(
    ("metadata", "echo"),
    [({"seq": 7}, 7), ({"seq": -7}, -7), ({"seq": "7"}, None), ({"seq": True}, None), (7, None)],
)
def test_a_refusal_echoes_what_number_there_is(
    metadata: object, echo: int | None, streams: StreamService
) -> None:
    assert streams.frame("ann", metadata, None)["seq"] == echo


def test_a_refused_frame_leaves_the_count_as_it_was(
    streams: StreamService, webcam: list[bytes], clock: Clock
) -> None:
    with_rubbish, without = [], []
    for jpeg in webcam:
        with_rubbish.append(streams.frame("ann", {"seq": 1}, jpeg)["faces"])
        streams.frame("ann", {"seq": 1}, jpeg[: len(jpeg) // 4])
        without.append(streams.frame("bob", {"seq": 1}, jpeg)["faces"])
        clock.now += 1 / FPS
    assert with_rubbish == without


def test_a_refusal_over_the_limit_says_how_much_was_sent_and_allowed(
    streams: StreamService,
) -> None:
    message = streams.frame("ann", {"seq": 1}, OversizedMessage.of(5_000_000))["error"]["message"]
    assert "5000000" in message
    assert "1000000" in message


def test_more_frames_than_any_webcam_has_are_turned_away_until_time_passes(
    streams: StreamService, clock: Clock
) -> None:
    codes = [refusal(streams.frame("ann", {"seq": n}, b"x")) for n in range(MAX_FPS + 2)]
    assert codes == ["invalid_frame"] * MAX_FPS + ["rate_limited"] * 2
    assert refusal(streams.frame("bob", {"seq": 1}, b"x")) == "invalid_frame"
    clock.now += 0.1
    assert refusal(streams.frame("ann", {"seq": 1}, b"x")) == "invalid_frame"


def test_one_webcam_too_many_is_told_to_wait_once_and_refused_each_time(
    streams: StreamService, webcam: list[bytes], told: list[tuple[str, dict[str, Any]]]
) -> None:
    for client in ("ann", "bob"):
        assert "count" in streams.frame(client, {"seq": 1}, webcam[0])
    answers = [streams.frame("cy", {"seq": n}, webcam[0]) for n in range(3)]
    assert [refusal(answer) for answer in answers] == ["busy"] * 3
    ((client, status),) = told
    assert (client, status["state"]) == ("cy", "busy")
    assert status["retry_after"] == RETRY_AFTER_SECONDS
    assert "All 2 places are taken" in status["message"]
    streams.close("ann")
    assert "count" in streams.frame("cy", {"seq": 4}, webcam[0])


def test_a_place_that_idles_for_thirty_seconds_is_given_to_the_next(
    streams: StreamService, webcam: list[bytes], clock: Clock
) -> None:
    streams.frame("ann", {"seq": 1}, webcam[0])
    clock.now += 1
    streams.frame("bob", {"seq": 1}, webcam[0])
    clock.now += 29
    assert refusal(streams.frame("cy", {"seq": 1}, webcam[0])) == "busy"
    clock.now += 0.5
    assert "count" in streams.frame("cy", {"seq": 2}, webcam[0])
    assert refusal(streams.frame("ann", {"seq": 2}, webcam[0])) == "busy"


def test_who_was_served_and_must_wait_again_is_told_again(
    streams: StreamService,
    webcam: list[bytes],
    clock: Clock,
    told: list[tuple[str, dict[str, Any]]],
) -> None:
    for client in ("ann", "bob", "cy"):
        streams.frame(client, {"seq": 1}, webcam[0])
    clock.now += 31
    for client in ("cy", "ann", "bob"):
        streams.frame(client, {"seq": 2}, webcam[0])
    assert [client for client, _ in told] == ["cy", "bob"]


def test_a_draining_server_serves_its_webcams_and_takes_no_new_one(
    streams: StreamService, webcam: list[bytes], told: list[tuple[str, dict[str, Any]]]
) -> None:
    streams.frame("ann", {"seq": 1}, webcam[0])
    streams.draining = True
    assert "count" in streams.frame("ann", {"seq": 2}, webcam[1])
    assert refusal(streams.frame("bob", {"seq": 1}, webcam[0])) == "busy"
    assert "going away" in told[0][1]["message"]


def test_a_client_without_a_session_is_refused_and_holds_no_place(
    streams: StreamService, webcam: list[bytes]
) -> None:
    streams.close("ann")
    for _ in range(2):
        assert refusal(streams.frame("ann", {"seq": 1}, webcam[0])) == "busy"
    for client in ("bob", "cy"):
        assert "count" in streams.frame(client, {"seq": 1}, webcam[0])
    with pytest.raises(Busy):
        streams.session("ann")
    streams.close("ann")  # again


def test_a_reset_is_carried_out_before_the_next_frame(
    streams: StreamService, webcam: list[bytes]
) -> None:
    blank = encoded(".jpg", 640, 480)
    streams.frame("ann", {"seq": 1}, webcam[0])
    before = streams.frame("ann", {"seq": 2}, blank)
    streams.session("ann").reset()
    after = streams.frame("ann", {"seq": 3}, blank)
    assert (before["peak"], before["tracks_seen"]) == (1, 1)
    assert (after["count"], after["peak"], after["tracks_seen"]) == (0, 0, 0)


def test_a_new_configuration_is_carried_out_once_before_the_next_frame(
    streams: StreamService, webcam: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    configured = []
    monkeypatch.setattr(LivePipeline, "configure", lambda _, live: configured.append(live.min_face))
    for wish in (50, 60):
        ann = streams.session("ann")
        ann.apply(ann.wished({"min_face": wish}))
    assert configured == []
    for seq in range(2):
        streams.frame("ann", {"seq": seq}, webcam[0])
    assert configured == [60]


def test_a_failure_of_ours_is_answered_and_logged_and_the_next_frame_is_counted(
    streams: StreamService,
    webcam: list[bytes],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("of the pipeline")

    with monkeypatch.context() as patch:
        patch.setattr(LivePipeline, "process", fail)
        answer = streams.frame("ann", {"seq": 1}, webcam[0])
    assert refusal(answer) == "invalid_frame"
    assert "pipeline" not in answer["error"]["message"]
    (record,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert record.exc_info is not None
    assert streams.frame("ann", {"seq": 2}, webcam[0])["dropped"] == 1


def test_the_log_line_at_the_end_has_totals_and_nothing_of_a_face(
    streams: StreamService, webcam: list[bytes], clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for jpeg in webcam:
        streams.frame("ann", {"seq": 1}, jpeg)
        clock.now += 1 / FPS
    streams.frame("ann", {"seq": 1}, b"rubbish")
    streams.close("ann")
    streams.close("bob")
    assert caplog.messages == [
        "session ann ends: 12 ok, 1 invalid_frame, peak 1, tracks seen 1",
        "session bob ends: no frames, peak 0, tracks seen 0",
    ]


class Stuck:
    """Engines' place, in which a job can be held up."""

    def __init__(self) -> None:
        self.go = threading.Event()


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    stuck = Stuck()
    yield stuck
    stuck.go.set()


def test_a_frame_that_waits_is_superseded_by_the_next_and_counts_as_dropped(
    settings: Settings, webcam: list[bytes], stuck: Stuck, lane: NativeLane[Engines]
) -> None:
    streams = StreamService(lane, settings, Metrics(), Clock())
    streams.open("ann")
    held = threading.Thread(target=lane.run, args=("other", lambda _: stuck.go.wait(10)))
    held.start()
    answers: dict[int, dict[str, Any]] = {}

    def send(seq: int) -> None:
        answers[seq] = streams.frame("ann", {"seq": seq}, webcam[0])

    first, second = (threading.Thread(target=send, args=(seq,)) for seq in (1, 2))
    first.start()
    deadline = time.monotonic() + 10
    while streams.in_flight < 2:
        assert time.monotonic() < deadline
    second.start()
    first.join(10)
    assert refusal(answers[1]) == Superseded.code
    stuck.go.set()
    for thread in (second, held):
        thread.join(10)
    assert (answers[2]["seq"], answers[2]["dropped"]) == (2, 1)


def test_metrics_tell_results_and_who_streams(
    lane: NativeLane[Engines], settings: Settings, webcam: list[bytes]
) -> None:
    metrics = Metrics()
    streams = StreamService(lane, settings, metrics, Clock())
    streams.open("ann")
    streams.frame("ann", {"seq": 1}, webcam[0])
    streams.frame("ann", {"seq": 2}, b"")
    text = metrics.render().decode()
    for line in (
        'streamapp_frames_total{result="ok"} 1.0',
        'streamapp_frames_total{result="invalid_frame"} 1.0',
        "streamapp_frame_process_seconds_count 1.0",
        "streamapp_clients 1.0",
    ):
        assert line in text


def test_a_session_is_nobody_elses(streams: StreamService) -> None:
    sessions = [streams.session(client) for client in ("ann", "bob")]
    assert all(isinstance(session, StreamSession) for session in sessions)
    sessions[0].apply(sessions[0].wished({"detector": "yunet"}))
    assert sessions[1].wished({}) == LiveSettings("cascade", 40)
