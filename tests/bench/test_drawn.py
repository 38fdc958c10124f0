"""The drawn people are found where they were drawn."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from bench import drawn
from bench.media import WEBCAM_FPS
from streamapp.vision.engines import Engines
from streamapp.vision.live import LivePipeline, LiveSettings

_RATE = 15
_TIMES = np.arange(0, drawn.PERIOD, 1.25)


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two xyxy boxes."""
    wh = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    shared = float(np.prod(wh.clip(0)))
    areas = float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2]))
    return shared / (areas - shared)


def _assert_found(xywh: np.ndarray, true: np.ndarray) -> None:
    assert len(xywh) == len(true)
    found = np.asarray(xywh, np.float32)[np.argsort(np.asarray(xywh)[:, 0])]
    found[:, 2:] += found[:, :2]
    for box, wanted in zip(found, true, strict=True):
        assert _overlap(box, wanted) >= 0.4


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("cascade", ["default", "alt2"])
def test_opencvs_own_cascades_find_every_face_where_it_is(cascade: str, people: int) -> None:
    name = f"haarcascade_frontalface_{cascade}.xml"
    stock = cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / name))
    for time in _TIMES:
        gray = cv2.cvtColor(drawn.scene(time, people), cv2.COLOR_BGR2GRAY)
        _assert_found(stock.detectMultiScale(gray, 1.1, 5), drawn.faces(time, people))


@pytest.mark.parametrize("people", [1, 2, 3])
@pytest.mark.parametrize("detector", ["cascade", "yunet"])
def test_the_live_page_counts_and_follows_them_once_it_has_settled(
    detector: str, people: int
) -> None:
    engines, pipeline = Engines(), LivePipeline(LiveSettings(detector))
    for tick in range(2 * _RATE):
        time = tick / _RATE
        done, jpeg = cv2.imencode(".jpg", drawn.scene(time, people))
        assert done
        result = pipeline.process(engines, jpeg.tobytes(), time)
        if time >= 1:
            boxes = np.array([face.box for face in result.faces])
            _assert_found(boxes, drawn.faces(time, people))
    assert (result.count, result.peak, result.tracks_seen) == (people, people, people)


def test_the_same_time_gives_the_same_picture_and_the_clip_has_no_seam() -> None:
    first = drawn.scene(0.7)
    assert (first.shape, first.dtype) == ((480, 640, 3), np.uint8)
    assert np.array_equal(first, drawn.scene(0.7))
    assert not np.array_equal(first, drawn.scene(1.7))
    assert np.allclose(drawn.faces(0), drawn.faces(drawn.PERIOD), atol=1e-3)


def test_an_empty_room_has_no_faces_and_a_crowd_is_refused() -> None:
    assert drawn.faces(0, 0).shape == (0, 4)
    assert drawn.scene(0, 0).shape == (480, 640, 3)
    for draw in (drawn.scene, drawn.faces):
        with pytest.raises(ValueError, match="0 to 3 people, not of 4"):
            draw(0, 4)


def test_the_clip_is_one_jpeg_per_frame_and_drawn_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "CACHE", tmp_path)
    path = drawn.clip(0.2, people=1)
    written = path.stat().st_mtime_ns
    assert path.read_bytes().count(b"\xff\xd8\xff") == round(0.2 * WEBCAM_FPS)
    assert drawn.clip(0.2, people=1) == path
    assert path.stat().st_mtime_ns == written


def test_the_photo_is_a_jpeg_of_the_scene() -> None:
    image = cv2.imdecode(np.frombuffer(drawn.photo(), np.uint8), cv2.IMREAD_COLOR)
    assert np.abs(image.astype(int) - drawn.scene(0)).mean() < 3
