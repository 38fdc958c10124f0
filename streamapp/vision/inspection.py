"""A second look at one place: is there a face, how sure, and where exactly?

The place is cut out and scaled so that the face would be `FACE` pixels wide, which makes the
look cheap (about 2000 pixels) and the same for near and far faces. Cascades then vote by the
number of windows they accept around the middle: a real face is accepted many times, at
neighbouring places and sizes, a chance pattern once or twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from streamapp.vision.boxes import Boxes, as_boxes
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
        middle = self.to_picture[:, :2] @ ((box[:2] + box[2:]) / 2) + self.to_picture[:, 2]
        half = (box[2] - box[0]) / 2 * np.hypot(*self.to_picture[:, 0])
        return np.concatenate([middle - half, middle + half]).astype(np.float32)


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
# alt, best of both sides for profile, constant. Fitted by bench/detection/calibrate.py.
_WEIGHTS = np.array([1.06, 0.99, 0.83, 1.30, 1.19, -4.22])


def votes(engines: Engines, gray: Image, box: Box) -> Votes:
    """Let four cascades look at ``box`` (xyxy) of ``gray`` from four sides."""
    accepted: list[Boxes] = []
    counts = np.zeros((3, len(_LOOKS)))
    for column, (degrees, mirror) in enumerate(_LOOKS):
        view = look(gray, box, degrees, mirror)
        voters = [engines.alt2, engines.alt] + ([] if degrees else [engines.profile])
        for row, cascade in enumerate(voters):
            found = windows(cascade, view.image)
            counts[row, column] = len(found)
            accepted.append(as_boxes([view.box_in_picture(window) for window in found]))
    features = evidence(counts)
    confidence = 1 / (1 + np.exp(-features @ _WEIGHTS))
    agreed = np.concatenate(accepted)
    place = np.median(agreed, axis=0).astype(np.float32) if len(agreed) else box
    return Votes(place, float(confidence))


def evidence_is_thin(engines: Engines, gray: Image, box: Box) -> bool:
    """A cheap first question: whether alt sees nothing at ``box``, straight on or turned."""
    for degrees in (0.0, 18.0, -18.0):
        if len(windows(engines.alt, look(gray, box, degrees).image)):
            return False
    return True


def evidence(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The six features of ``counts`` (rows alt2, alt, profile; a column a look)."""
    alt2, alt, profile = np.log1p(counts)
    return np.array([alt2.mean(), alt2.max(), alt.mean(), alt.max(), profile.max(), 1.0])
