"""Two faces that pass each other keep their ids."""

from __future__ import annotations

import numpy as np
import pytest

from bench.detection.measure import matched, ours
from bench.detection.stages import PHOTOS, crossing
from streamapp.vision.engines import DETECTORS, Engines

CROSSINGS = 6


def ids_kept(engines: Engines, detector: str, seed: int) -> list[bool]:
    """For each of the two people: the same id well before and well after they meet."""
    rng = np.random.default_rng(seed)
    first, second = rng.choice(6, 2, replace=False)
    seconds = float(rng.uniform(2.5, 5))
    clip = crossing(PHOTOS[first], PHOTOS[second], seconds, float(rng.uniform(-30, 30)))
    live = ours(engines, detector)
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    for frame in clip.frames:
        boxes, ids, _ = live(frame.jpeg, frame.time)
        for row, column in matched(frame.demanded, boxes).items():
            if frame.time < 0.35 * seconds:
                before[frame.people[row]] = ids[column]
            if frame.time > 0.65 * seconds:
                after[frame.people[row]] = ids[column]
    return [person in before and before[person] == after.get(person) for person in (0, 1)]


@pytest.mark.parametrize("detector", DETECTORS)
def test_at_least_nine_in_ten_keep_their_id(engines: Engines, detector: str) -> None:
    kept = [same for seed in range(CROSSINGS) for same in ids_kept(engines, detector, seed)]
    assert np.mean(kept) >= 0.9
