"""Where a picture has changed, seen on a thumbnail with one cell for 8 x 8 pixels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from streamapp.vision.codec import Image
from streamapp.vision.resample import resize

CELL = 8
Cells = npt.NDArray[np.float32]

# Cells are scaled to a median of 100, so that light flicker and automatic exposure, which change
# every pixel alike, are no change. Noise of a cell's mean is below 1.
_MEDIAN = 100.0
_DARKEST_MEDIAN = 16.0
CHANGED = 6.0
_CUT_CHANGE, _CUT_SHARE = 20.0, 0.5


def thumbnail(picture: Image) -> Cells:
    """Mean brightness of each cell of ``picture`` (H, W), shape (ceil(H / 8), ceil(W / 8))."""
    height, width = picture.shape
    cells = resize(picture, -(-width // CELL), -(-height // CELL)).astype(np.float32)
    gain = _MEDIAN / max(float(np.median(cells)), _DARKEST_MEDIAN)
    return np.asarray(cells * gain, np.float32)


def is_cut(before: Cells, after: Cells) -> bool:
    """Whether the picture changed as a whole: another camera, another scene."""
    return bool(np.mean(np.abs(after - before) > _CUT_CHANGE) > _CUT_SHARE)
