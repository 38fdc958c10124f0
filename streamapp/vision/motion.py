"""Where a picture has changed, seen on a thumbnail with one cell for 8 x 8 pixels."""

from __future__ import annotations

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


# What a cell of the thumbnail shows, as far as it is known.
Kinds = npt.NDArray[np.uint8]
BODY, FACE = 1, 2


def thumbnail(picture: Image) -> Cells:
    """Mean brightness of each cell of ``picture`` (H, W), shape (ceil(H / 8), ceil(W / 8))."""
    height, width = picture.shape
    cells = resize(picture, -(-width // CELL), -(-height // CELL))
    some = cells[::2, ::2].ravel()
    median = float(np.partition(some, some.size // 2)[some.size // 2])
    return cells * np.float32(_MEDIAN / max(median, _DARKEST_MEDIAN))


def is_cut(before: Cells, after: Cells) -> bool:
    """Whether the picture changed as a whole: another camera, another scene."""
    changed = np.count_nonzero(np.abs(after - before) > _CUT_CHANGE)
    return bool(changed > _CUT_SHARE * after.size)


def explained(known: Boxes, shape: tuple[int, ...]) -> Kinds:
    """Cells of a thumbnail of ``shape`` in which movement is no news, 0 elsewhere.

    `FACE` where one of the faces ``known`` (xyxy squares, pixels) is, `BODY` around and below it.
    """
    kinds = np.zeros(shape, np.uint8)
    squares = known.tolist()
    for x1, y1, x2, y2 in squares:
        side = x2 - x1
        reach = _cells(x1 - 0.8 * side, x2 + 0.8 * side)
        kinds[_cells(y1 - 0.4 * side, y2 + 2.5 * side), reach] = BODY
    for x1, y1, x2, y2 in squares:
        kinds[_cells(y1, y2), _cells(x1, x2)] = FACE
    return kinds


def _cells(start: float, stop: float) -> slice:
    """The cells that begin or end between two places of one axis."""
    return slice(max(0, int(start // CELL)), max(0, int(stop // CELL) + 1))
