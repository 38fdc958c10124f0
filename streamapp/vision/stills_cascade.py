"""Stills by cascades: propose generously, then let four cascades vote on every proposal.

A single cascade trades recall for precision by its ``minNeighbors``. Here even one accepted
window is a proposal, from frontal and profile cascades over the upright, turned and mirrored
picture; what becomes of it is decided by `voting.vote`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from streamapp.vision.boxes import Boxes, as_boxes, clip, face_from_square, grouped, suppress
from streamapp.vision.cascade import Cascade
from streamapp.vision.codec import Image
from streamapp.vision.detection import Detections
from streamapp.vision.engines import Engines
from streamapp.vision.resample import resize
from streamapp.vision.voting import vote

PIXELS = 800_000  # larger pictures are scaled down to this: time and memory stay bounded
SMALLEST_FACE = 24
TURN_DEGREES = 18.0
SHOWN_CONFIDENCE = 0.75
_SAME_IOU = 0.3
_MOST_PROPOSALS = 80


@dataclass(frozen=True)
class _Scan:
    """One pass of a cascade over the picture, scaled, turned or mirrored."""

    cascade: Cascade
    scale: float
    degrees: float = 0.0
    mirror: bool = False
    factor: float = 1.2


def detect_by_votes(engines: Engines, gray: Image) -> Detections:
    """Faces of ``gray`` (H, W), from about 24 pixels of a 0.8 megapixel picture upwards."""
    height, width = gray.shape
    shrink = min(1.0, (PIXELS / (height * width)) ** 0.5)
    picture = resize(gray, width * shrink, height * shrink)
    squares, chances = _judge(engines, picture, proposals(engines, picture))
    kept = suppress(squares, chances, _SAME_IOU, overlap_limit=0.6)
    ratio = np.array([width / picture.shape[1], height / picture.shape[0]] * 2, np.float32)
    faces = face_from_square(squares[kept]) * ratio
    found = Detections(clip(faces, width, height), chances[kept])
    return found.at_least(SHOWN_CONFIDENCE).surest_first()


def _judge(
    engines: Engines, picture: Image, proposals: Boxes
) -> tuple[Boxes, npt.NDArray[np.float32]]:
    """Each proposal with its voted place (xyxy) and chance (0 to 1)."""
    results = [vote(engines, picture, box) for box in proposals]
    squares = as_boxes([result.box for result in results])
    return squares, np.array([result.confidence for result in results], np.float32)


def proposals(engines: Engines, picture: Image) -> Boxes:
    """Places worth a second look, the most often hit first, at most `_MOST_PROPOSALS`."""
    scans = (
        _Scan(engines.alt2, 1.0, factor=1.3),
        _Scan(engines.alt2, 0.45, degrees=TURN_DEGREES),
        _Scan(engines.alt2, 0.45, degrees=-TURN_DEGREES),
        _Scan(engines.profile, 0.36),
        _Scan(engines.profile, 0.36, mirror=True),
    )
    windows = np.concatenate([_windows(scan, picture) for scan in scans])
    return grouped(windows)[:_MOST_PROPOSALS]


def _windows(scan: _Scan, picture: Image) -> Boxes:
    """All windows the scan's cascade accepts, as upright squares of ``picture``."""
    height, width = picture.shape
    small = resize(picture, width * scan.scale, height * scan.scale)
    centre = (small.shape[1] / 2, small.shape[0] / 2)
    matrix = cv2.getRotationMatrix2D(centre, scan.degrees, 1.0)
    if scan.mirror:
        matrix = np.array([[-1.0, 0, small.shape[1] - 1], [0, 1, 0]])
    if scan.mirror or scan.degrees:
        size = (small.shape[1], small.shape[0])
        turned = cv2.warpAffine(small, matrix, size, borderMode=cv2.BORDER_REPLICATE)
        small = turned.astype(np.uint8, copy=False)
    found = scan.cascade.find(small, SMALLEST_FACE, factor=scan.factor, neighbors=0)
    back = cv2.invertAffineTransform(matrix)
    middles = (found[:, :2] + found[:, 2:]) / 2 @ back[:, :2].T + back[:, 2]
    half = (found[:, 2:] - found[:, :2]) / 2
    ratio = np.array([width / small.shape[1], height / small.shape[0]] * 2)
    return as_boxes(np.hstack([middles - half, middles + half]) * ratio)
