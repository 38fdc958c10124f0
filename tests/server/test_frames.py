"""Webcam frames against a real server, over both transports."""

from __future__ import annotations

import io
import threading

import pytest
from PIL import Image

from bench.servers import Server
from tests.server.conftest import camera

TRANSPORTS = ["websocket", "polling"]


@pytest.mark.server
@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_frame_is_answered_to_the_letter_of_the_contract(
    server: Server, webcam: list[bytes], transport: str
) -> None:
    with camera(server, transport) as client:
        answer = client.watch(webcam, until=lambda answer: answer["count"] == 1)
    assert set(answer) == {
        "seq", "width", "height", "count", "faces", "peak", "tracks_seen", "timing", "dropped",
        "capture",
    }  # fmt: skip
    assert isinstance(answer["seq"], int)
    assert (answer["width"], answer["height"]) == (640, 480)
    assert answer["count"] == len(answer["faces"]) == answer["peak"] == answer["tracks_seen"] == 1
    face = answer["faces"][0]
    assert set(face) == {"id", "box", "confidence"}
    assert all(isinstance(edge, int) for edge in [face["id"], *face["box"]])
    x, y, width, height = face["box"]
    assert 0 <= x < x + width <= 640
    assert 0 <= y < y + height <= 480
    assert 0 <= face["confidence"] <= 1
    assert set(answer["timing"]) == {"queue_ms", "process_ms"}
    assert answer["dropped"] == 0
    assert answer["capture"] == {"width": 640, "quality": 0.7, "fps": 15}


@pytest.mark.server
def test_a_client_is_told_limits_and_wishes_when_it_connects(server: Server) -> None:
    with camera(server) as client:
        status = client.wait_ready()
    assert status["max_frame_bytes"] == 1_000_000
    assert status["detectors"] == ["cascade", "yunet"]
    assert status["capture"]["width"] == 640


def _png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


def _grey(width: int, height: int) -> bytes:
    """A JPEG with nothing in it."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "grey").save(file, "JPEG")
    return file.getvalue()


def _jpeg_claiming(side: int) -> bytes:
    """A small JPEG whose frame header claims to be huge."""
    file = io.BytesIO()
    Image.new("L", (16, 16)).save(file, "JPEG")
    data = bytearray(file.getvalue())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = 2 * side.to_bytes(2, "big")
    return bytes(data)


WRONG = {
    "a text of 100 kB": ({"seq": 1}, "x" * 100_000, "invalid_frame"),
    "binary that is no picture": ({"seq": 1}, b"x" * 100_000, "invalid_frame"),
    "0 bytes": ({"seq": 1}, b"", "invalid_frame"),
    "a PNG": ({"seq": 1}, _png(64, 64), "invalid_frame"),
    "a PNG of 20,000 x 20,000 pixels": ({"seq": 1}, _png(20_000, 20_000), "invalid_frame"),
    "a JPEG that claims 20,000 x 20,000": ({"seq": 1}, _jpeg_claiming(20_000), "frame_too_large"),
    "one byte over the limit": ({"seq": 1}, bytes(1_000_001), "frame_too_large"),
    "no binary": ({"seq": 1}, None, "invalid_frame"),
    "no metadata": (None, b"\xff\xd8\xff", "invalid_frame"),
    "metadata without seq": ({}, b"\xff\xd8\xff", "invalid_frame"),
    "a seq that is text": ({"seq": "1"}, b"\xff\xd8\xff", "invalid_frame"),
    "a negative seq": ({"seq": -1}, b"\xff\xd8\xff", "invalid_frame"),
    "a list for metadata": ([1, 2], b"\xff\xd8\xff", "invalid_frame"),
}  # fmt: skip


@pytest.mark.server
@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(("metadata", "data", "code"), WRONG.values(), ids=WRONG)
def test_a_wrong_frame_is_named_and_the_next_good_one_processed(
    server: Server, webcam: list[bytes], transport: str, metadata: object, data: object, code: str
) -> None:
    with camera(server, transport) as client:
        refused = client.send(metadata, data)
        good = client.send({"seq": 2}, webcam[0])
    assert refused["error"]["code"] == code
    assert len(refused["error"]["message"]) > 20
    assert good["seq"] == 2
    assert good["width"] == 640
    assert good["dropped"] == 1


@pytest.mark.server
def test_every_truncation_of_a_frame_is_refused_by_name(
    server: Server, webcam: list[bytes]
) -> None:
    jpeg = webcam[0]
    with camera(server) as client:
        for cut in range(1, len(jpeg), len(jpeg) // 17):
            assert client.send({"seq": cut}, jpeg[:cut])["error"]["code"] == "invalid_frame"
        assert client.send({"seq": 0}, jpeg)["width"] == 640


@pytest.mark.server
def test_30_megabytes_over_a_websocket_are_named_and_the_next_good_frame_processed(
    server: Server, webcam: list[bytes]
) -> None:
    with camera(server) as client:
        refused = client.send({"seq": 1}, bytes(30_000_000))
        good = client.send({"seq": 2}, webcam[0])
    assert refused["error"]["code"] == "frame_too_large"
    assert "30000000" in refused["error"]["message"]
    assert good["width"] == 640


@pytest.mark.server
def test_a_newer_frame_supersedes_one_that_waits_and_every_frame_is_answered(
    server: Server, webcam: list[bytes]
) -> None:
    answers: list[dict[str, object]] = []
    lock, complete = threading.Lock(), threading.Event()

    def collect(answer: dict[str, object]) -> None:
        with lock:
            answers.append(answer)
            if len(answers) == len(webcam):
                complete.set()

    with camera(server) as client:
        for seq, jpeg in enumerate(webcam):
            client.client.emit("frame", ({"seq": seq}, jpeg), callback=collect)
        assert complete.wait(30), f"{len(answers)} of {len(webcam)} frames were answered"
    assert sorted(answer["seq"] for answer in answers) == list(range(len(webcam)))
    refused = {answer["error"]["code"] for answer in answers if "error" in answer}
    assert refused <= {"superseded"}
    assert "error" not in next(a for a in answers if a["seq"] == len(webcam) - 1)


@pytest.mark.server
def test_two_clients_never_share_a_session(server: Server, webcam: list[bytes]) -> None:
    blank = _grey(320, 240)
    with camera(server) as one, camera(server) as other:
        one.watch(
            webcam,
            # each frame of the one is followed by one of the other
            until=lambda seen: bool(other.send({"seq": 0}, blank)) and seen["count"] == 1,
        )
        empty = other.send({"seq": 1}, blank)
    assert (empty["count"], empty["peak"], empty["tracks_seen"]) == (0, 0, 0)
    assert (empty["width"], empty["height"]) == (320, 240)


@pytest.mark.server
def test_configure_and_reset_answer_what_is_in_force(server: Server, webcam: list[bytes]) -> None:
    with camera(server) as client:
        ask = client.client.call
        assert ask("configure", {"detector": "yunet", "min_face": 60})["detector"] == "yunet"
        assert ask("configure", {"detector": "magic"})["error"]["code"] == "invalid_parameter"
        assert ask("configure", {})["detector"] == "yunet"
        client.watch(webcam, until=lambda answer: answer["tracks_seen"] == 1)
        assert ask("reset") == {}
        after = client.send({"seq": 99}, _grey(320, 240))
        assert (after["count"], after["peak"], after["tracks_seen"]) == (0, 0, 0)
