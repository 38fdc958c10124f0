"""Geometry of boxes: arrays of shape (N, 4), float32, in pixels, y pointing down.

``xyxy`` is left, top, right, bottom; ``xywh`` is left, top, width, height.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float32]

# Of a cascade's square side: how the face in it lies and how wide and high it is.
_SHIFT_X, _SHIFT_Y = 0.0, 0.03
_SIDE_X, _SIDE_Y = 0.82, 1.07
_FACE_SHIFT = np.array([_SHIFT_X, _SHIFT_Y], np.float32)
_FACE_SIDES = np.array([_SIDE_X, _SIDE_Y], np.float32)


def as_boxes(rows: npt.ArrayLike) -> Boxes:
    """Any rows of four numbers, none included, as a float32 array of shape (N, 4)."""
    return np.asarray(rows, np.float32).reshape(-1, 4)


NO_BOXES = as_boxes([])


def xyxy_from_xywh(xywh: Boxes) -> Boxes:
    """Corners from corner and size."""
    return np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1)


def clip(xyxy: Boxes, width: float, height: float) -> Boxes:
    """The parts of the boxes inside a picture of ``width`` x ``height``."""
    limits = np.array([width, height, width, height], np.float32)
    return np.clip(xyxy, 0, limits).astype(np.float32)


def area(xyxy: Boxes) -> npt.NDArray[np.float32]:
    """Square pixels, shape (N,); 0 for a box turned inside out."""
    sides = np.maximum(xyxy[:, 2:] - xyxy[:, :2], 0)
    return np.asarray(sides[:, 0] * sides[:, 1], np.float32)


def intersection(a: Boxes, b: Boxes) -> npt.NDArray[np.float32]:
    """Square pixels common to each pair, shape (len(a), len(b))."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    sides = np.maximum(high - low, 0)
    return np.asarray(sides[..., 0] * sides[..., 1], np.float32)


def iou(a: Boxes, b: Boxes) -> npt.NDArray[np.float32]:
    """Intersection over union of each pair, shape (len(a), len(b)), 0 to 1."""
    common = intersection(a, b)
    union = area(a)[:, None] + area(b)[None, :] - common
    return np.asarray(common / np.maximum(union, 1e-9), np.float32)


def overlap(a: Boxes, b: Boxes) -> npt.NDArray[np.float32]:
    """Intersection over the smaller of the two, shape (len(a), len(b)), 0 to 1.

    1 where one box lies inside the other, whatever their sizes.
    """
    smaller = np.minimum(area(a)[:, None], area(b)[None, :])
    return np.asarray(intersection(a, b) / np.maximum(smaller, 1e-9), np.float32)


def suppress(
    xyxy: Boxes, scores: npt.NDArray[np.float32], iou_limit: float, overlap_limit: float = 1.0
) -> list[int]:
    """Greedy non-maximum suppression: indices kept, by falling score.

    A box goes when its `iou` with a better one exceeds ``iou_limit`` or its `overlap` exceeds
    ``overlap_limit`` (a nose found inside a face).
    """
    close = (iou(xyxy, xyxy) > iou_limit) | (overlap(xyxy, xyxy) > overlap_limit)
    kept: list[int] = []
    for index in np.argsort(-scores, kind="stable").tolist():
        if not close[index, kept].any():
            kept.append(index)
    return kept


def grouped(xyxy: Boxes, iou_limit: float = 0.4) -> Boxes:
    """The means of groups of overlapping boxes, the largest group first."""
    if not len(xyxy):
        return xyxy
    near = iou(xyxy, xyxy) > iou_limit
    left = np.ones(len(xyxy), bool)
    means: list[npt.NDArray[np.float32]] = []
    while left.any():
        group = left & near[int(np.where(left, (near & left).sum(axis=1), 0).argmax())]
        means.append(xyxy[group].mean(axis=0))
        left &= ~group
    return as_boxes(means)


def face_from_square(squares: Boxes) -> Boxes:
    """From a cascade's square to the face in it, hair line to chin, as `yunet` marks it.

    The proportions are medians over the faces of the still test set.
    """
    side = squares[:, 2:] - squares[:, :2]
    middle = (squares[:, :2] + squares[:, 2:]) / 2 + side * _FACE_SHIFT
    half = side * _FACE_SIDES / 2
    return np.concatenate([middle - half, middle + half], axis=1).astype(np.float32)


def face_in_square(x1: float, y1: float, x2: float, y2: float) -> tuple[float, float, float, float]:
    """`face_from_square` of one box, in plain numbers: for a few of them numpy costs more."""
    width, height = x2 - x1, y2 - y1
    x, y = (x1 + x2) / 2 + width * _SHIFT_X, (y1 + y2) / 2 + height * _SHIFT_Y
    across, down = width * _SIDE_X / 2, height * _SIDE_Y / 2
    return x - across, y - down, x + across, y + down


def square_from_face(faces: Boxes) -> Boxes:
    """The inverse of `face_from_square`: where a cascade would see the face."""
    side = np.sqrt(area(faces) / _FACE_SIDES.prod())[:, None].repeat(2, axis=1)
    middle = (faces[:, :2] + faces[:, 2:]) / 2 - side * _FACE_SHIFT
    return np.concatenate([middle - side / 2, middle + side / 2], axis=1).astype(np.float32)
