"""The value a detector returns."""

from __future__ import annotations

import numpy as np
import pytest

from streamapp.vision.detection import Detections


def three() -> Detections:
    boxes = np.arange(12, dtype=np.float32).reshape(3, 4)
    return Detections(boxes, np.array([0.3, 0.9, 0.6], np.float32))


def test_the_surest_come_first() -> None:
    assert three().surest_first().confidence.tolist() == pytest.approx([0.9, 0.6, 0.3])


def test_the_doubtful_can_be_left_out_with_their_boxes() -> None:
    sure = three().at_least(0.6)
    assert len(sure) == 2
    assert sure.xyxy.tolist() == [[4, 5, 6, 7], [8, 9, 10, 11]]


@pytest.mark.parametrize(
    ("boxes", "confidence", "said"),
    [
        (np.zeros((2, 3)), np.zeros(2), r"\(2, 3\)"),
        (np.zeros((2, 4)), np.zeros(3), r"\(3,\)"),
    ],
    ids=["three numbers a box", "one confidence too many"],
)
def test_wrong_shapes_are_refused_by_name(
    boxes: np.ndarray, confidence: np.ndarray, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Detections(boxes.astype(np.float32), confidence.astype(np.float32))
