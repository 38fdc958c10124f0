"""Pictures made smaller or larger."""

from __future__ import annotations

import cv2
import numpy as np

from streamapp.vision.codec import Image


def resize(image: Image, width: float, height: float) -> Image:
    """``image`` at ``width`` x ``height`` pixels (rounded, at least one each), 8 bit.

    Averages when it shrinks, so that fine texture does not turn into false edges.
    """
    size = (max(1, round(width)), max(1, round(height)))
    if size == (image.shape[1], image.shape[0]):
        return image
    shrinks = size[0] * size[1] < image.shape[0] * image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(image, size, interpolation=method).astype(np.uint8, copy=False)
