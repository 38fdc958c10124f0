"""Faces in one picture, when accuracy counts more than time."""

from __future__ import annotations

import cv2
import numpy as np

from streamapp.vision.codec import Image
from streamapp.vision.detection import Detections
from streamapp.vision.engines import Engines, check_detector
from streamapp.vision.stills_cascade import detect_by_votes
from streamapp.vision.stills_yunet import detect_by_network


def detect_still(engines: Engines, image: Image, detector: str = "cascade") -> Detections:
    """All faces of ``image`` (H, W, 3) BGR, the surest first; boxes from hair line to chin.

    ``detector`` is one of `engines.DETECTORS`. Raises InvalidParameter for another.
    """
    check_detector(detector)
    if detector == "yunet":
        return detect_by_network(engines.yunet, image)
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    return detect_by_votes(engines, gray)
