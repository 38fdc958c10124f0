"""Where a picture has changed, seen on a thumbnail with one cell for 8 x 8 pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from streamapp.vision.boxes import Boxes
from streamapp.vision.codec import Image
from streamapp.vision.resample import resize

CELL = 8
Cells = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Cells are scaled to a median of 100, so that light flicker and automatic exposure, which change
# every pixel alike, are no change. Noise of a cell's mean is below 1.
_MEDIAN = 100.0
_DARKEST_MEDIAN = 16.0
CHANGED = 8.0
_CUT_CHANGE, _CUT_SHARE = 20.0, 0.5


def thumbnail(picture: Image) -> Cells:
    """Mean brightness of each cell of ``picture`` (H, W), shape (ceil(H / 8), ceil(W / 8))."""
    height, width = picture.shape
    cells = resize(picture, -(-width // CELL), -(-height // CELL)).astype(np.float32)
    some = cells[::2, ::2].ravel()
    median = float(np.partition(some, some.size // 2)[some.size // 2])
    cells *= _MEDIAN / max(median, _DARKEST_MEDIAN)
    return cells


def is_cut(before: Cells, after: Cells) -> bool:
    """Whether the picture changed as a whole: another camera, another scene."""
    return bool(np.mean(np.abs(after - before) > _CUT_CHANGE) > _CUT_SHARE)


@dataclass(frozen=True)
class Explained:
    """Cells in which movement is no news, because a known face or the body below it is there."""

    faces: Mask
    bodies: Mask  # faces included

    @classmethod
    def by(cls, known: Boxes, shape: tuple[int, ...]) -> Explained:
        """For the faces ``known`` (xyxy squares, pixels) and a thumbnail of ``shape``."""
        faces, bodies = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        for x1, y1, x2, y2 in known.tolist():
            side = x2 - x1
            faces[_cells(y1, y2), _cells(x1, x2)] = True
            reach = _cells(x1 - 0.8 * side, x2 + 0.8 * side)
            bodies[_cells(y1 - 0.4 * side, y2 + 2.5 * side), reach] = True
        return cls(faces, bodies)


def _cells(start: float, stop: float) -> slice:
    """The cells that begin or end between two places of one axis."""
    return slice(max(0, int(start // CELL)), max(0, int(stop // CELL) + 1))
