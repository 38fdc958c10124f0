"""The live pipeline on real frames."""

from __future__ import annotations

import pickle

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.media import letterbox, media
from streamapp.errors import InputError
from streamapp.vision.codec import encode_jpeg as jpeg
from streamapp.vision.engines import DETECTORS, Engines
from streamapp.vision.live import LivePipeline, LiveResult, LiveSettings

CLIENT_BYTES = 300_000


def shown(
    engines: Engines, images: list[np.ndarray], detector: str = "cascade", fps: float = 15
) -> list[LiveResult]:
    pipeline = LivePipeline(LiveSettings(detector))
    return [
        pipeline.process(engines, jpeg(image), index / fps) for index, image in enumerate(images)
    ]


@pytest.mark.parametrize("detector", DETECTORS)
def test_one_person_is_one_face_with_one_id_in_every_frame(
    engines: Engines, webcam: list[np.ndarray], detector: str
) -> None:
    results = shown(engines, webcam, detector)
    assert [result.count for result in results[1:]] == [1] * (len(webcam) - 1)
    assert {face.id for result in results for face in result.faces} == {1}
    assert results[-1].tracks_seen == results[-1].peak == 1


@pytest.mark.parametrize("detector", DETECTORS)
def test_the_same_frames_and_times_give_the_same_answers(
    engines: Engines, webcam: list[np.ndarray], detector: str
) -> None:
    first = shown(engines, webcam[:20], detector)
    shown(engines, [webcam[-1][:, ::-1]], detector)  # another client in between
    assert shown(Engines(), webcam[:20], detector) == first


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize(
    "size",
    [(64, 48), (48, 64), (320, 240), (641, 479), (480, 640), (1280, 720), (1920, 1080)],
    ids=lambda size: f"{size[0]}x{size[1]}",
)
def test_a_frame_of_any_size_has_its_faces_inside_it(
    engines: Engines, webcam: list[np.ndarray], detector: str, size: tuple[int, int]
) -> None:
    results = shown(engines, [letterbox(image, size) for image in webcam[:4]], detector)
    for result in results:
        assert (result.width, result.height) == size
        for x, y, width, height in (face.box for face in result.faces):
            assert 0 <= x < x + width <= size[0]
            assert 0 <= y < y + height <= size[1]
    if min(size) >= 240:
        assert results[-1].count == 1


def test_a_size_that_changes_in_mid_stream_keeps_the_face(
    engines: Engines, webcam: list[np.ndarray]
) -> None:
    images = [letterbox(image, (640, 480)) for image in webcam[:8]]
    images += [letterbox(image, (320, 240)) for image in webcam[8:16]]
    images += [letterbox(image, (960, 720)) for image in webcam[16:24]]
    results = shown(engines, images)
    assert {face.id for result in results for face in result.faces} == {1}
    assert all(result.count == 1 for result in results[1:])


def test_a_cut_to_an_empty_scene_is_seen_at_once_and_so_is_the_way_back(
    engines: Engines, webcam: list[np.ndarray]
) -> None:
    empty = letterbox(cv2.imread(str(media("coffee.png"))), (400, 300))
    results = shown(engines, webcam[:6] + [empty] * 6 + webcam[6:12])
    counts = [result.count for result in results]
    assert counts[1:6] == [1] * 5
    assert counts[6:12] == [0] * 6
    assert counts[-1] == 1


@settings(max_examples=6, deadline=None)
@given(intervals=st.lists(st.floats(1 / 30, 0.5) | st.floats(2, 5), min_size=8, max_size=12))
def test_irregular_intervals_and_gaps_lose_nobody(
    engines: Engines, webcam: list[np.ndarray], intervals: list[float]
) -> None:
    pipeline, time = LivePipeline(), 0.0
    for image, interval in zip(webcam, intervals, strict=False):
        time += interval
        result = pipeline.process(engines, jpeg(image), time)
    assert result.count == 1


@pytest.mark.parametrize(
    "frame",
    [b"", b"not a picture", b"\xff\xd8\xff\xe0", "half"],
    ids=["empty", "text", "beginning only", "truncated"],
)
def test_a_broken_frame_is_refused_and_changes_nothing(
    engines: Engines, webcam: list[np.ndarray], frame: bytes | str
) -> None:
    good = [jpeg(image) for image in webcam[:4]]
    broken = good[3][: len(good[3]) // 2] if isinstance(frame, str) else frame
    pipeline, untouched = LivePipeline(), LivePipeline()
    for index in range(3):
        pipeline.process(engines, good[index], index / 15)
        untouched.process(engines, good[index], index / 15)
    with pytest.raises(InputError):
        pipeline.process(engines, broken, 0.19)
    assert pipeline.process(engines, good[3], 0.2) == untouched.process(engines, good[3], 0.2)


def test_a_client_costs_at_most_a_few_hundred_kilobytes(engines: Engines) -> None:
    rng = np.random.default_rng(1)
    pipeline = LivePipeline(LiveSettings(min_face=16))
    for tick in range(12):
        image = cv2.resize(rng.integers(0, 255, (60, 80, 3), np.uint8), (1920, 1080))
        pipeline.process(engines, jpeg(image), tick / 15)
    assert len(pickle.dumps(vars(pipeline))) < CLIENT_BYTES


def test_reset_forgets_the_peak_and_configure_does_not(
    engines: Engines, webcam: list[np.ndarray]
) -> None:
    pipeline = LivePipeline()
    for index, image in enumerate(webcam[:4]):
        pipeline.process(engines, jpeg(image), index / 15)
    pipeline.configure(LiveSettings("yunet", min_face=60))
    assert pipeline.process(engines, jpeg(webcam[4]), 0.3).peak == 1
    pipeline.reset()
    result = pipeline.process(engines, jpeg(np.zeros((300, 400, 3), np.uint8)), 0.4)
    assert (result.count, result.peak, result.tracks_seen) == (0, 0, 0)


@pytest.mark.parametrize("scene", ["brick.png", "gravel.png", "page.png", "motorcycle_left.png"])
def test_a_pattern_on_the_wall_is_never_counted(engines: Engines, scene: str) -> None:
    image = letterbox(cv2.imread(str(media(scene))), (640, 480))
    rng = np.random.default_rng(2)
    noisy = [
        np.clip(image + rng.normal(0, 5, image.shape), 0, 255).astype(np.uint8) for _ in range(25)
    ]
    assert shown(engines, noisy)[-1].peak == 0


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize(
    ("share", "counted"), [(0.6, 0), (1.3, 1)], ids=["smaller than wanted", "larger than wanted"]
)
def test_only_faces_of_the_wanted_size_count(
    engines: Engines, webcam: list[np.ndarray], detector: str, share: float, counted: int
) -> None:
    side = shown(engines, webcam[:5], detector)[-1].faces[0].box[3] * 640 / webcam[0].shape[1]
    pipeline = LivePipeline(LiveSettings(detector, min_face=round(side / share)))
    results = [
        pipeline.process(engines, jpeg(image), index / 15) for index, image in enumerate(webcam)
    ]
    assert results[-1].count == counted
