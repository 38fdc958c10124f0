"""Votes on one place of a still."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.media import media
from streamapp.vision import voting
from streamapp.vision.engines import Engines
from streamapp.vision.stills import detect_still


@pytest.fixture(scope="module")
def engines() -> Engines:
    return Engines()


@pytest.mark.parametrize(
    ("photo", "faces"),
    [
        pytest.param("multi_face.jpg", 5, id="one of five behind sunglasses"),
        pytest.param("thai_people.jpg", 4, id="one of four leaning"),
        pytest.param("astronaut.png", 1, id="one"),
        pytest.param("coffee.png", 0, id="a cup"),
        pytest.param("gravel.png", 0, id="gravel"),
        pytest.param("text.png", 0, id="a page of text"),
    ],
)
def test_cascades_count_the_faces_of_a_photo(engines: Engines, photo: str, faces: int) -> None:
    image = cv2.imread(str(media(photo)))
    assert len(detect_still(engines, image, "cascade")) == faces


def test_an_empty_wall_gets_no_vote(engines: Engines) -> None:
    wall = np.full((200, 200), 128, np.uint8)
    result = voting.vote(engines, wall, np.array([50, 50, 120, 120], np.float32))
    assert result.confidence == 0


COUNTS = st.lists(st.integers(0, 60), min_size=18, max_size=18)


@given(COUNTS, st.integers(0, 17), st.floats(0, 5))
def test_seeing_more_never_speaks_against_a_face(
    counts: list[int], where: int, seen: float
) -> None:
    before = np.array(counts, np.float64).reshape(3, 6)
    after = before.copy()
    after.flat[where] += 5
    chances = [voting.chance(voting.features(votes, seen)) for votes in (before, after)]
    assert chances[0] <= chances[1]
    assert 0 <= chances[0] <= 1
