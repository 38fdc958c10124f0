"""Stills by YuNet: several scales, and doubtful faces looked at again.

The network finds faces of about 10 to 300 pixels, so a picture is shown to it at several
scales. A chance pattern that it takes for a face is rarely taken for one again when it is a
little larger, smaller or mirrored: the median score over such looks tells them apart.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from streamapp.vision.boxes import Boxes, as_boxes, iou, overlap, suppress
from streamapp.vision.codec import Image
from streamapp.vision.detection import Detections
from streamapp.vision.resample import resize
from streamapp.vision.yunet import YuNet

SCALES = (0.25, 0.5, 1.0, 1.5)
SHOWN_CONFIDENCE = 0.74
# More than this the network is never shown: larger pictures are made smaller, and those that would
# become larger are not enlarged. That bounds the time, to a third of a second on one core.
PIXELS = 2_300_000
_SMALLEST_SIDE = 40
_TILE, _TILE_OVERLAP = 800, 160  # bounds the network's memory: 90 bytes a pixel
_CUT = 4  # a face so near to the edge of a tile is a part of one
_CANDIDATE = 0.4
_SURE = 0.9
_SAME_IOU = 0.4
_LOOK_HEIGHTS = (28.0, 44.0, 70.0)
_MOST_LOOKS = 60


def detect_by_network(yunet: YuNet, image: Image) -> Detections:
    """Faces of ``image`` (H, W, 3) BGR from about 10 pixels up to the whole picture.

    Of one with more than `PIXELS` it is 10 pixels of the picture made smaller to that.
    """
    height, width = image.shape[:2]
    shrink = min(1.0, (PIXELS / (height * width)) ** 0.5)
    smaller = resize(image, width * shrink, height * shrink)
    scales = _scales(smaller.shape[1], smaller.shape[0])
    parts = [_at_scale(yunet, smaller, scale, (width, height)) for scale in scales]
    boxes = np.concatenate([part.xyxy for part in parts])
    scores = np.concatenate([part.confidence for part in parts])
    kept = suppress(boxes, scores, _SAME_IOU, overlap_limit=0.75)
    checked = [
        (boxes[index], _checked(yunet, image, boxes[index], float(scores[index])))
        for index in kept[:_MOST_LOOKS]
    ]
    faces = as_boxes([box for box, _ in checked])
    confidence = np.array([chance for _, chance in checked], np.float32)
    return Detections(faces, confidence).at_least(SHOWN_CONFIDENCE).surest_first()


def _scales(width: int, height: int) -> list[float]:
    """The scales that make sense; the picture itself always."""
    return [
        scale
        for scale in SCALES
        if scale == 1
        or (scale < 1 and min(width, height) * scale >= _SMALLEST_SIDE)
        or (scale > 1 and width * height * scale**2 <= PIXELS)
    ]


def _at_scale(yunet: YuNet, image: Image, scale: float, into: tuple[int, int]) -> Detections:
    """Candidates found with ``image`` scaled, in coordinates of a picture of that size (w, h)."""
    height, width = image.shape[:2]
    picture = resize(image, width * scale, height * scale)
    found = [_in_tile(yunet, picture, tile) for tile in _tiles(picture)]
    boxes = np.concatenate([part.xyxy for part in found])
    scores = np.concatenate([part.confidence for part in found])
    ratio = np.array([into[0] / picture.shape[1], into[1] / picture.shape[0]] * 2, np.float32)
    return Detections(as_boxes(boxes * ratio), scores)


def _tiles(picture: Image) -> list[tuple[int, int, int, int]]:
    """Overlapping parts of at most `_TILE` squared: left, top, right, bottom."""
    height, width = picture.shape[:2]
    return [
        (left, top, right, bottom)
        for top, bottom in _spans(height)
        for left, right in _spans(width)
    ]


def _in_tile(yunet: YuNet, picture: Image, tile: tuple[int, int, int, int]) -> Detections:
    """Candidates in one tile, in coordinates of ``picture``, without those that its edge cuts.

    A cut face lies whole in the neighbour, or is so large that a smaller scale shows it whole.
    """
    left, top, right, bottom = tile
    found = yunet.detect(np.ascontiguousarray(picture[top:bottom, left:right]), _CANDIDATE)
    boxes = found.xyxy + np.array([left, top, left, top], np.float32)
    height, width = picture.shape[:2]
    low = np.array([left and left + _CUT, top and top + _CUT], np.float32)
    high = np.array(
        [right - _CUT if right < width else width, bottom - _CUT if bottom < height else height],
        np.float32,
    )
    whole = (boxes[:, :2] >= low).all(axis=1) & (boxes[:, 2:] <= high).all(axis=1)
    return Detections(boxes[whole], found.confidence[whole])


def _spans(length: int) -> list[tuple[int, int]]:
    """(start, end) of the tiles of one axis, as few as possible and all about equally long."""
    count = max(1, -(-(length - _TILE_OVERLAP) // (_TILE - _TILE_OVERLAP)))
    part = min(length, -(-(length + (count - 1) * _TILE_OVERLAP) // count))
    starts = [round(index * (length - part) / max(1, count - 1)) for index in range(count)]
    return [(start, start + part) for start in starts]


def _checked(yunet: YuNet, image: Image, box: npt.NDArray[np.float32], score: float) -> float:
    """A calibrated chance (0 to 1) for a candidate with this first score."""
    if score >= _SURE:
        return score
    again = float(np.median(_second_scores(yunet, image, box)))
    # 0.5 where the weighted score is 0.56; steep, because the scores crowd together there
    return float(1 / (1 + np.exp(-12 * (0.4 * score + 0.6 * again - 0.56))))


def _second_scores(yunet: YuNet, image: Image, box: npt.NDArray[np.float32]) -> list[float]:
    """Scores of the same face in cut-outs of three sizes, each as it is and mirrored."""
    face = max(float(box[3] - box[1]), 1.2 * float(box[2] - box[0]), 1.0)
    middle = (box[:2] + box[2:]) / 2
    low = np.maximum(np.round(middle - face), 0).astype(int)
    high = np.minimum(np.round(middle + face), image.shape[1::-1]).astype(int)
    part = image[low[1] : high[1], low[0] : high[0]]
    if not part.size:
        return [0.0]
    inside = as_boxes(box - np.tile(low, 2))
    scores = []
    for height in _LOOK_HEIGHTS:
        scale = height / face
        view = resize(part, part.shape[1] * scale, part.shape[0] * scale)
        expected = as_boxes(inside * scale)
        scores.append(_score_at(yunet, view, expected))
        mirrored = expected[:, [2, 1, 0, 3]] * (-1, 1, -1, 1) + (view.shape[1], 0) * 2
        scores.append(_score_at(yunet, np.ascontiguousarray(view[:, ::-1]), as_boxes(mirrored)))
    return scores


def _score_at(yunet: YuNet, view: Image, expected: Boxes) -> float:
    """The best score of a face of ``view`` that covers ``expected`` (1, 4), or 0."""
    found = yunet.detect(view, 0.2)
    same = (iou(expected, found.xyxy) > _SAME_IOU) & (overlap(expected, found.xyxy) > 0.5)
    return float(found.confidence[same[0]].max(initial=0.0))
