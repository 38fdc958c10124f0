"""A second look at one place: is there a face, how sure, and where exactly?

The place is cut out and scaled so that the face would be `FACE` pixels wide, which makes the
look cheap (about 2000 pixels) and the same for near and far faces. Cascades then vote by the
number of windows they accept around the middle: a real face is accepted many times, at
neighbouring places and sizes, a chance pattern once or twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from streamapp.vision.boxes import Boxes
from streamapp.vision.cascade import Cascade
from streamapp.vision.codec import Image
from streamapp.vision.engines import Engines
from streamapp.vision.resample import resize

FACE = 30
MARGIN = 1.7  # side of the cut-out in faces
SMALLEST, LARGEST = 0.72 * FACE, 1.4 * FACE
_FAR = 0.28  # of the face: windows with their middle further off belong to something else

Box = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Look:
    """A normalised cut-out of a picture, perhaps turned or mirrored, and the way back."""

    image: Image
    to_picture: npt.NDArray[np.float64]  # affine, (2, 3)

    def box_in_picture(self, box: Box) -> Box:
        """A square of the cut-out (xyxy) as an upright square of the picture."""
        (a, b, c), (d, e, f) = self.to_picture.tolist()
        x1, y1, x2, y2 = box.tolist()
        u, v = (x1 + x2) / 2, (y1 + y2) / 2
        x, y, half = a * u + b * v + c, d * u + e * v + f, (x2 - x1) / 2 * math.hypot(a, d)
        return np.array([x - half, y - half, x + half, y + half], np.float32)


def look(
    gray: Image,
    box: Box,
    degrees: float = 0.0,
    mirror: bool = False,
    face: int = FACE,
    margin: float = MARGIN,
) -> Look:
    """Cut out the square around ``box`` (xyxy square) of ``gray``.

    The box becomes ``face`` pixels wide and the cut-out ``margin`` times that. Beyond the border
    of ``gray`` its edge is repeated.
    """
    if degrees or mirror:
        return _turned(gray, box, degrees, mirror, face, margin)
    x1, y1, x2, y2 = box.tolist()
    reach = max(x2 - x1, 1.0) * margin / 2
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    left, top = math.floor(x - reach + 0.5), math.floor(y - reach + 0.5)
    length = max(1, round(2 * reach))
    part = gray[max(0, top) : max(0, top + length), max(0, left) : max(0, left + length)]
    if part.shape != (length, length):
        part = _with_border(gray, left, top, length)
    side_px = round(face * margin)
    image = resize(part, side_px, side_px)
    scale = length / side_px
    return Look(image, np.array([[scale, 0.0, left], [0.0, scale, top]]))


def _with_border(gray: Image, left: int, top: int, length: int) -> Image:
    """A square that reaches beyond ``gray``, whose edge is repeated there."""
    height, width = gray.shape
    rows = np.clip(np.arange(top, top + length), 0, height - 1)
    columns = np.clip(np.arange(left, left + length), 0, width - 1)
    return gray[np.ix_(rows, columns)]


def _turned(gray: Image, box: Box, degrees: float, mirror: bool, face: int, margin: float) -> Look:
    """The same through an affine map, which may turn and mirror."""
    middle = (box[:2] + box[2:]) / 2
    side = max(float(box[2] - box[0]), 1.0)
    side_px = round(face * margin)
    # a part at about the right size first: warpAffine does not average when it shrinks
    reach = side * margin * (0.75 if degrees else 0.55)
    low = np.maximum(np.floor(middle - reach), 0).astype(int)
    high = np.minimum(np.ceil(middle + reach), gray.shape[1::-1]).astype(int)
    high = np.maximum(high, low + 1)
    low = np.minimum(low, np.array(gray.shape[1::-1]) - 1)
    part = gray[low[1] : high[1], low[0] : high[0]]
    scale = face / side
    small = resize(part, part.shape[1] * scale, part.shape[0] * scale) if scale < 1 else part
    ratio = np.array([small.shape[1] / part.shape[1], small.shape[0] / part.shape[0]])
    turn = cv2.getRotationMatrix2D((0, 0), degrees, 1)[:, :2] * (1.0 if scale < 1 else scale)
    if mirror:
        turn = np.diag([-1.0, 1.0]) @ turn
    offset = side_px / 2 - turn @ ((middle - low) * ratio)
    matrix = np.column_stack([turn, offset])
    image = cv2.warpAffine(
        small, matrix, (side_px, side_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    inverse = cv2.invertAffineTransform(matrix)
    back = np.column_stack([inverse[:, :2] / ratio[:, None], inverse[:, 2] / ratio + low])
    return Look(image.astype(np.uint8, copy=False), back)


def windows(cascade: Cascade, image: Image, factor: float = 1.1) -> Boxes:
    """Windows of a cut-out that ``cascade`` accepts around the middle, xyxy."""
    found = cascade.find(image, SMALLEST, LARGEST, factor, neighbors=0)
    middles = (found[:, :2] + found[:, 2:]) / 2 - FACE * MARGIN / 2
    return found[np.hypot(middles[:, 0], middles[:, 1]) < _FAR * FACE]


@dataclass(frozen=True)
class Votes:
    """The result of `votes`: a square ``box`` (xyxy, picture) and ``confidence`` (0 to 1)."""

    box: Box
    confidence: float


# (degrees, mirrored): a frontal cascade misses a head that leans, and is not symmetric itself
_LOOKS = ((0.0, False), (0.0, True), (18.0, False), (-18.0, False))
# Logistic regression on log(1 + accepted windows): mean and best over the looks for alt2 and
# alt, best of both sides for profile, constant. Fitted once, as bench/detection/calibrate.py fits
# those of stills; that they hold is what `python -m bench.detect --only live` shows.
_VOTERS = ("alt2", "alt", "profile")
_CLEAR_HITS, _CLEAR_CONFIDENCE = 6, 0.99
_WEIGHTS = np.array([1.06, 0.99, 0.83, 1.30, 1.19, -4.22])


def votes(engines: Engines, gray: Image, box: Box) -> Votes:
    """Let three cascades look at ``box`` (xyxy) of ``gray`` from four sides.

    The easy cases end early: nothing seen by alt from any side, or a clear face straight on.
    """
    views = [look(gray, box, degrees, mirror) for degrees, mirror in _LOOKS]
    found = {("alt", side): windows(engines.alt, view.image) for side, view in enumerate(views)}
    if not any(len(boxes) for boxes in found.values()):
        return Votes(box, 0.0)
    straight = [side for side, (degrees, _) in enumerate(_LOOKS) if not degrees]
    for side in straight:
        found["alt2", side] = windows(engines.alt2, views[side].image)
    if all(len(found[name, side]) >= _CLEAR_HITS for name in ("alt", "alt2") for side in straight):
        return Votes(_place(views, found, box), _CLEAR_CONFIDENCE)
    for side, view in enumerate(views):
        if side in straight:
            found["profile", side] = windows(engines.profile, view.image)
        else:
            found["alt2", side] = windows(engines.alt2, view.image)
    counts = np.zeros((3, len(_LOOKS)))
    for (name, side), boxes in found.items():
        counts[_VOTERS.index(name), side] = len(boxes)
    confidence = 1 / (1 + np.exp(-evidence(counts) @ _WEIGHTS))
    return Votes(_place(views, found, box), float(confidence))


def _place(views: list[Look], found: dict[tuple[str, int], Boxes], box: Box) -> Box:
    """The middle one of all accepted windows; ``box`` where there is none."""
    squares = [
        views[side].box_in_picture(window) for (_, side), boxes in found.items() for window in boxes
    ]
    return np.median(squares, axis=0).astype(np.float32) if squares else box


def evidence(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The six features of ``counts`` (rows alt2, alt, profile; a column a look)."""
    alt2, alt, profile = np.log1p(counts)
    return np.array([alt2.mean(), alt2.max(), alt.mean(), alt.max(), profile.max(), 1.0])
