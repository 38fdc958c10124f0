"""YuNet on pictures too small to hold a face."""

from __future__ import annotations

import numpy as np
import pytest

from streamapp.vision.yunet import YuNet


@pytest.mark.parametrize("level", [0, 17, 128, 255])
@pytest.mark.parametrize(("width", "height"), [(8, 8), (32, 24), (64, 8), (9, 100)])
def test_a_tiny_picture_has_boxes_inside_it_or_none(width: int, height: int, level: int) -> None:
    found = YuNet().detect(np.full((height, width, 3), level, np.uint8), threshold=0.01)
    assert np.isfinite(found.xyxy).all()
    assert (found.xyxy >= 0).all()
    assert (found.xyxy <= [width, height, width, height]).all()
