"""Haar cascades, the classifiers of Viola and Jones as OpenCV ships them.

P. Viola, M. Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR
2001; R. Lienhart, J. Maydt, "An Extended Set of Haar-like Features for Rapid Object Detection",
ICIP 2002.
"""

from __future__ import annotations

from pathlib import Path

import cv2

from streamapp.errors import ConfigError
from streamapp.vision.boxes import NO_BOXES, Boxes, as_boxes, xyxy_from_xywh
from streamapp.vision.codec import Image

# OpenCV 5 has neither the class nor the files.
AVAILABLE = hasattr(cv2, "CascadeClassifier")


class Cascade:
    """One cascade. Not thread safe: OpenCV keeps the integral images in the object."""

    def __init__(self, name: str) -> None:
        """``name`` as in ``haarcascade_<name>.xml``. Raises ConfigError when it does not load."""
        path = Path(cv2.__file__).parent / "data" / f"haarcascade_{name}.xml"
        self._classifier = cv2.CascadeClassifier(str(path))
        if self._classifier.empty():
            raise ConfigError(f"The cascade {path.name} is missing or broken in {path.parent}.")

    def find(
        self,
        gray: Image,
        smallest: float = 0,
        largest: float = 0,
        factor: float = 1.1,
        neighbors: int = 3,
    ) -> Boxes:
        """Square xyxy boxes of the faces in ``gray`` (H, W).

        ``smallest`` and ``largest`` are sides in pixels (0: no limit), ``factor`` is the step
        from one size to the next, ``neighbors`` the hits that make a face.
        """
        low, high = round(smallest), round(largest)
        found = self._classifier.detectMultiScale(
            gray, factor, neighbors, 0, (low, low), (high, high)
        )
        return xyxy_from_xywh(as_boxes(found)) if len(found) else NO_BOXES
