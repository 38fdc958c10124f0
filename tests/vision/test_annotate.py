"""Boxes on a picture, and faces made unrecognisable."""

from __future__ import annotations

import numpy as np
import pytest

from streamapp.vision.annotate import annotate, pixelate
from streamapp.vision.detection import Detections

NOISE = np.random.default_rng(7).integers(0, 256, (120, 200, 3), dtype=np.uint8)


def _found(*boxes: tuple[float, float, float, float]) -> Detections:
    xyxy = np.array(boxes, np.float32).reshape(-1, 4)
    return Detections(xyxy, np.ones(len(boxes), np.float32))


BOXES = {
    "inside": (60.0, 40.0, 100.0, 90.0),
    "at the upper left corner": (0.0, 0.0, 30.0, 30.0),
    "at the right edge": (190.0, 50.0, 200.0, 60.0),
    "beyond every edge": (-50.0, -50.0, 400.0, 400.0),
    "of one pixel": (50.0, 50.0, 51.0, 51.0),
}


@pytest.mark.parametrize("draw", [annotate, pixelate])
def test_nothing_found_leaves_the_picture_as_it_is(draw: object) -> None:
    assert np.array_equal(draw(NOISE, _found()), NOISE)


@pytest.mark.parametrize("draw", [annotate, pixelate])
@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_the_given_picture_is_not_touched(
    draw: object, box: tuple[float, float, float, float]
) -> None:
    scene = NOISE.copy()
    drawn = draw(scene, _found(box))
    assert np.array_equal(scene, NOISE)
    assert (drawn.shape, drawn.dtype) == (NOISE.shape, NOISE.dtype)
    assert not np.array_equal(drawn, scene)


def test_the_number_of_a_face_at_the_right_edge_is_inside_the_picture() -> None:
    blank = np.zeros((120, 200, 3), np.uint8)
    at_edge = annotate(blank, _found((192.0, 60.0, 199.0, 70.0)))
    in_middle = annotate(blank, _found((100.0, 60.0, 107.0, 70.0)))
    # As much of the tab's colour is seen at the edge as in the middle, but for what covers it.
    tab = (64, 200, 255)
    seen = [(picture == tab).all(axis=2).sum() for picture in (at_edge, in_middle)]
    assert seen[0] >= 0.8 * seen[1]


@pytest.mark.parametrize("side", [6, 20, 60, 100], ids=lambda side: f"{side} pixels")
def test_a_pixelated_face_keeps_no_more_than_a_few_means(side: int) -> None:
    box = (60.0, 10.0, 60.0 + side, 10.0 + side)
    drawn = pixelate(NOISE, _found(box))
    face = drawn[10 : 10 + side, 60 : 60 + side]
    colours = np.unique(face.reshape(-1, 3), axis=0)
    assert len(colours) <= min(36, max(1, (side * 1.4 + 1) // 4) ** 2)
    outside = drawn.copy()
    margin = int(side * 0.2) + 2
    top, left = max(0, 10 - margin), 60 - margin
    region = (slice(top, 10 + side + margin), slice(left, 60 + side + margin))
    outside[region] = NOISE[region]
    assert np.array_equal(outside, NOISE)
