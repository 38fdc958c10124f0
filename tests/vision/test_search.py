"""The search in slices: nothing is left out, nothing costs more than the budget."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from streamapp.vision import search
from streamapp.vision.boxes import Boxes, as_boxes
from streamapp.vision.motion import BODY, FACE, explained, is_cut, thumbnail
from streamapp.vision.search import Search

NOBODY = as_boxes([])


class CountingCascade:
    """Finds nothing, and adds up the pixels it is shown."""

    def __init__(self) -> None:
        self.pixels = 0

    def find(self, gray: np.ndarray, *_: float, neighbors: int) -> Boxes:  # noqa: ARG002
        self.pixels += gray.size
        return NOBODY


def noise(width: int, height: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (height, width)).astype(np.uint8)


def blocks(width: int, height: int, seed: int) -> np.ndarray:
    """Large random blocks: a picture whose thumbnail changes with the seed."""
    coarse = noise(-(-width // 16), -(-height // 16), seed)
    return np.kron(coarse, np.ones((16, 16), np.uint8))[:height, :width]


def test_the_first_frame_is_searched_whole() -> None:
    cascade, picture = CountingCascade(), noise(320, 240)
    Search(320, 240).run(cascade, picture, thumbnail(picture), NOBODY, 0.0)
    assert cascade.pixels >= picture.size


def test_a_still_background_costs_almost_nothing() -> None:
    cascade, picture, plan = CountingCascade(), blocks(320, 240, 1), Search(320, 240)
    thumb = thumbnail(picture)
    plan.run(cascade, picture, thumb, NOBODY, 0.0)
    cascade.pixels = 0
    for tick in range(1, 60):
        plan.run(cascade, picture, thumb, NOBODY, tick / 15)
    assert cascade.pixels == 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(1 / 30, 3.0), min_size=5, max_size=30))
def test_the_budget_holds_at_any_frame_rate(intervals: list[float]) -> None:
    cascade, plan, time = CountingCascade(), Search(320, 240), 0.0
    full = plan._full
    for index, interval in enumerate(intervals):
        time += interval
        before = cascade.pixels
        picture = blocks(320, 240, index)
        plan.run(cascade, picture, thumbnail(picture), NOBODY, time)
        assert cascade.pixels - before <= full
    assert cascade.pixels <= full + time * search._PIXELS_PER_SECOND + 1


def test_something_that_moves_is_looked_at_within_a_fifth_of_a_second() -> None:
    cascade, plan = CountingCascade(), Search(320, 240)
    still = blocks(320, 240, 3)
    for tick in range(30):
        plan.run(cascade, still, thumbnail(still), NOBODY, tick / 15)
    moved = still.copy()
    moved[100:140, 200:240] = 255 - moved[100:140, 200:240]
    cascade.pixels = 0
    for tick in range(30, 33):
        plan.run(cascade, moved, thumbnail(moved), NOBODY, tick / 15)
    assert cascade.pixels > 0


def test_movement_of_a_known_face_and_its_body_is_no_news() -> None:
    kinds = explained(as_boxes([100, 60, 140, 100]), (30, 40))
    assert kinds[9, 14] == FACE
    assert kinds[20, 14] == BODY
    assert kinds[9, 35] == 0


def test_another_scene_is_a_cut_and_flickering_light_is_not() -> None:
    room = blocks(320, 240, 1)
    brighter = np.clip(room * 1.25, 0, 255).astype(np.uint8) // 2
    assert not is_cut(thumbnail(room // 2), thumbnail(brighter))
    assert is_cut(thumbnail(room), thumbnail(blocks(320, 240, 9)))
