"""Stills: both engines on photos, scenes, and pictures of odd sizes."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from bench.detection.measure import matched
from bench.detection.photos import FACES, Photo, old
from bench.media import media
from streamapp.errors import ConfigError, InvalidParameter
from streamapp.vision import stills_yunet, yunet
from streamapp.vision.boxes import as_boxes
from streamapp.vision.engines import DETECTORS, Engines
from streamapp.vision.stills import detect_still


def read(name: str) -> np.ndarray:
    return cv2.imread(str(media(name)))


@pytest.mark.parametrize("name", ["multi_face.jpg", "thai_people.jpg", "obama.jpg"])
def test_yunet_finds_every_face_of_a_photo_and_no_other(engines: Engines, name: str) -> None:
    found = detect_still(engines, read(name), "yunet")
    truth = as_boxes(FACES[name])
    assert len(found) == len(truth) == len(matched(truth, found.xyxy))


@pytest.mark.parametrize(
    ("name", "least"), [("multi_face.jpg", 4), ("thai_people.jpg", 3), ("obama.jpg", 1)]
)
def test_cascades_find_most_faces_of_a_photo_and_nothing_else(
    engines: Engines, name: str, least: int
) -> None:
    found = detect_still(engines, read(name), "cascade")
    assert least <= len(found) == len(matched(as_boxes(FACES[name]), found.xyxy))


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize("name", ["coffee.png", "brick.png", "gravel.png", "page.png", "text.png"])
def test_a_scene_without_faces_has_none(engines: Engines, detector: str, name: str) -> None:
    assert len(detect_still(engines, read(name), detector)) == 0


@pytest.mark.parametrize("detector", DETECTORS)
def test_an_old_print_still_shows_its_faces(
    engines: Engines, group_photo: np.ndarray, detector: str
) -> None:
    truth = as_boxes(FACES["multi_face.jpg"])
    worn = old(Photo("", group_photo, truth), np.random.default_rng(0))
    found = detect_still(engines, worn.image, detector)
    assert len(matched(truth, found.xyxy)) >= 4
    assert len(found) <= 5


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize("size", [(8, 8), (3, 200), (300, 9), (64, 48)])
def test_pictures_too_small_for_a_face_are_no_error(
    engines: Engines, detector: str, size: tuple[int, int]
) -> None:
    picture = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 3), np.uint8)
    assert len(detect_still(engines, picture, detector)) == 0


@pytest.mark.parametrize("detector", DETECTORS)
def test_boxes_are_inside_and_the_surest_come_first(
    engines: Engines, group_photo: np.ndarray, detector: str
) -> None:
    found = detect_still(engines, group_photo[60:400, 230:760].copy(), detector)
    assert ((found.xyxy >= 0) & (found.xyxy <= [530, 340, 530, 340])).all()
    assert (np.diff(found.confidence) <= 0).all()
    assert ((found.confidence > 0) & (found.confidence <= 1)).all()


def test_a_small_face_in_a_large_picture_is_found_in_its_tile(engines: Engines) -> None:
    face = cv2.resize(read("obama.jpg"), None, fx=0.12, fy=0.12, interpolation=cv2.INTER_AREA)
    picture = np.full((1900, 2700, 3), 128, np.uint8)
    picture[1205 : 1205 + face.shape[0], 1250 : 1250 + face.shape[1]] = face
    found = detect_still(engines, picture, "yunet")
    assert len(found) == 1
    assert 1250 < found.xyxy[0, 0] < 1310


@pytest.mark.parametrize("length", [1, 100, 800, 801, 1440, 1441, 2500, 6000])
def test_tiles_cover_an_axis_and_overlap(length: int) -> None:
    spans = stills_yunet._spans(length)
    assert (spans[0][0], spans[-1][1]) == (0, length)
    assert all(end - start <= 800 for start, end in spans)
    assert all(end - after >= 160 for (_, end), (after, _) in pairwise(spans))


def test_an_unknown_detector_is_refused_by_name(engines: Engines, group_photo: np.ndarray) -> None:
    with pytest.raises(InvalidParameter, match=r"'hog'.*cascade, yunet"):
        detect_still(engines, group_photo, "hog")


def test_a_missing_model_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yunet, "_DISTRIBUTION", "no-such-distribution")
    with pytest.raises(ConfigError, match=r"pip install -r requirements\.txt"):
        Engines().yunet  # noqa: B018 - loading happens on access


def test_another_model_is_not_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yunet, "_SHA256", "0" * 64)
    with pytest.raises(ConfigError, match="not the pinned file"):
        Engines().yunet  # noqa: B018 - loading happens on access
