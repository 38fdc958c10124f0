"""The yardstick itself: the numbers the detection benchmark prints mean what they say."""

from __future__ import annotations

import numpy as np
import pytest

from bench.detection.clips import Actor, Clip, Frame, Stage, played
from bench.detection.measure import Answer, matched, run_clip, run_photo
from bench.detection.photos import Photo, mirrored, rotated, scaled
from bench.detection.stages import walk
from streamapp.vision.boxes import as_boxes

LEFT, RIGHT = (10, 10, 50, 50), (100, 10, 140, 50)
NOBODY = as_boxes([])


def clip(*faces: tuple[tuple[int, ...], ...]) -> Clip:
    """Ten frames a second, each with these true faces."""
    frames = [
        Frame(b"", tick / 10, len(boxes), as_boxes(boxes), tuple(range(len(boxes))), NOBODY)
        for tick, boxes in enumerate(faces)
    ]
    return Clip("made up", frames)


def answering(*answers: tuple[tuple[int, ...], ...]):
    """An engine that gives these boxes, numbered from 1, whatever it is shown."""
    rest = iter(answers)

    def live(jpeg: bytes, at: float) -> Answer:  # noqa: ARG001
        boxes = next(rest)
        return as_boxes(boxes), tuple(range(1, len(boxes) + 1)), len(boxes)

    return live


def test_a_perfect_engine_scores_perfectly() -> None:
    score = run_clip(answering((LEFT,), (LEFT, RIGHT)), clip((LEFT,), (LEFT, RIGHT)))
    assert (score.recall, score.precision, score.exact) == (1, 1, 2)
    assert score.first == [0, 0]
    assert score.identity_changes == 0


def test_misses_inventions_and_changes_of_the_count_are_counted() -> None:
    score = run_clip(answering((), (LEFT,), (RIGHT,)), clip((LEFT,), (LEFT,), (LEFT,)))
    assert (score.true, score.missed, score.false) == (1, 2, 1)
    assert (score.exact, score.flips) == (2, 1)
    assert score.first == [pytest.approx(0.1)]


def test_the_time_to_drop_ends_when_the_count_is_right_again() -> None:
    score = run_clip(answering((LEFT,), (LEFT,), (LEFT,), ()), clip((LEFT,), (), (), ()))
    assert score.dropped == [pytest.approx(0.2)]


def test_another_number_for_the_same_person_is_an_identity_change() -> None:
    score = run_clip(answering((LEFT, RIGHT), (RIGHT, LEFT)), clip((LEFT, RIGHT), (LEFT, RIGHT)))
    assert score.identity_changes == 2


def test_each_face_is_matched_once_by_the_best_box() -> None:
    found = as_boxes([(14, 10, 54, 50), LEFT, (300, 300, 340, 340)])
    assert matched(as_boxes([LEFT]), found) == {0: 1}


def test_a_tiny_face_is_not_demanded_of_a_still_detector() -> None:
    picture = Photo("", np.zeros((100, 200, 3), np.uint8), as_boxes([LEFT, (0, 0, 9, 9)]))
    score = run_photo(lambda _: as_boxes([LEFT]), picture)
    assert (score.true, score.missed, score.false) == (1, 0, 0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda photo: scaled(photo, 0.5), (5, 5, 25, 25)),
        (mirrored, (150, 10, 190, 50)),
        (lambda photo: rotated(photo, 180), (150, 50, 190, 90)),
    ],
    ids=["half", "mirrored", "turned round"],
)
def test_the_truth_of_a_variant_moves_with_the_picture(change, expected) -> None:
    photo = Photo("", np.zeros((100, 200, 3), np.uint8), as_boxes([LEFT]))
    assert np.allclose(change(photo).truth, [expected], atol=1)


def test_a_face_behind_another_is_tolerated_not_demanded() -> None:
    front = Actor("obama.jpg", walk(300, 301, 240, 120, 0, 10))
    back = Actor("audrey.jpg", walk(310, 311, 240, 110, 0, 10))
    frame = played("", [(0, Stage("coffee.png", (back, front)))], 0.1).frames[0]
    assert frame.people == (1,)
    assert frame.count == 1
    assert len(frame.tolerated) == 1
