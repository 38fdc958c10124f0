"""Geometry of boxes, for any boxes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamapp.vision import boxes

numbers = st.integers(-500, 500)
sides = st.integers(1, 400)
rows = st.lists(st.tuples(numbers, numbers, sides, sides), max_size=12)
some = st.builds(lambda xywh: boxes.xyxy_from_xywh(boxes.as_boxes(xywh)), rows)


@given(some, some)
def test_iou_is_symmetric_and_between_0_and_1(a: np.ndarray, b: np.ndarray) -> None:
    scores = boxes.iou(a, b)
    assert scores.shape == (len(a), len(b))
    assert ((scores >= 0) & (scores <= 1 + 1e-6)).all()
    assert np.array_equal(scores, boxes.iou(b, a).T)


@given(some)
def test_every_box_covers_itself(a: np.ndarray) -> None:
    assert np.allclose(np.diag(boxes.iou(a, a)), 1)
    assert np.allclose(np.diag(boxes.overlap(a, a)), 1)


@given(some, some)
def test_overlap_is_never_less_than_iou(a: np.ndarray, b: np.ndarray) -> None:
    assert (boxes.overlap(a, b) >= boxes.iou(a, b) - 1e-6).all()


@given(some, st.integers(1, 300), st.integers(1, 300))
def test_clipped_boxes_lie_inside_and_are_not_turned(a: np.ndarray, w: int, h: int) -> None:
    inside = boxes.clip(a, w, h)
    assert ((inside >= 0) & (inside <= [w, h, w, h])).all()
    assert (inside[:, 2:] >= inside[:, :2]).all()


@given(some, st.integers(0, 100))
def test_what_suppression_keeps_is_apart_and_what_it_drops_is_near(
    a: np.ndarray, seed: int
) -> None:
    scores = np.random.default_rng(seed).random(len(a)).astype(np.float32)
    kept = boxes.suppress(a, scores, 0.4)
    near = boxes.iou(a, a)
    for index in range(len(a)):
        others = [other for other in kept if other != index and near[index, other] > 0.4]
        assert (index in kept) == (not [o for o in others if scores[o] >= scores[index]])


@given(some)
def test_grouping_leaves_nothing_out_and_invents_nothing(a: np.ndarray) -> None:
    groups = boxes.grouped(a)
    assert len(groups) <= len(a)
    assert (len(groups) == 0) == (len(a) == 0)
    if len(a):
        assert (groups.min(axis=0) >= a.min(axis=0) - 1e-3).all()
        assert (groups.max(axis=0) <= a.max(axis=0) + 1e-3).all()


@pytest.mark.parametrize("square", [(0, 0, 20, 20), (100, 50, 340, 290)], ids=["small", "large"])
def test_a_face_in_a_square_gives_the_square_back(square: tuple[int, ...]) -> None:
    start = boxes.as_boxes(square)
    back = boxes.square_from_face(boxes.face_from_square(start))
    assert np.allclose(back, start, atol=1e-3)


@given(st.lists(st.floats(-50, 2000, width=32), min_size=4, max_size=4))
def test_one_face_in_plain_numbers_is_that_of_many(square: list[float]) -> None:
    many = boxes.face_from_square(boxes.as_boxes(square))[0]
    assert np.allclose(boxes.face_in_square(*square), many, atol=1e-2)


def test_no_boxes_are_boxes() -> None:
    none = boxes.as_boxes([])
    assert none.shape == (0, 4)
    assert boxes.suppress(none, np.empty(0, np.float32), 0.5) == []
    assert boxes.iou(none, boxes.as_boxes([1, 2, 3, 4])).shape == (0, 1)
