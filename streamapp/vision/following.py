"""Follow one known face from frame to frame: cheap first, then cascade by cascade.

A face that was there a moment ago is looked for only where it must be now, at the size it must
have. What was seen there last serves as a template: while it still fits, a head that has turned
away from every cascade is not forgotten at once. The template is a few pixels of the last
sighting, kept for seconds; it identifies nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from streamapp.vision.boxes import Boxes, as_boxes
from streamapp.vision.cascade import Cascade
from streamapp.vision.codec import Image
from streamapp.vision.engines import Engines
from streamapp.vision.inspection import Box, Look, look

FACE = 24  # pixels a followed face is scaled to
_MARGIN = 1.75
_SMALLEST, _LARGEST = 0.8 * FACE, 1.3 * FACE
_ALIKE = 0.72  # correlation with the template from which on the face counts as held
_SOMEWHAT_ALIKE = 0.5
_SAME = 0.93  # and from which on a cascade may be spared
_FLATTEST = 2.0  # standard deviation of the grey values
_TURN = 18.0


@dataclass(frozen=True)
class Pose:
    """How a face was last recognised: by which cascade, turned or mirrored."""

    cascade: str
    degrees: float = 0.0
    mirror: bool = False


FRONTAL = Pose("alt2")
_OTHERS = (
    *(Pose("default"), Pose("profile"), Pose("profile", mirror=True)),
    *(Pose("alt2", _TURN), Pose("alt2", -_TURN)),
)


@dataclass
class Appearance:
    """What is remembered of a face: `FACE` squared pixels, the pose, and what to try next."""

    template: Image | None = field(default=None, repr=False)
    pose: Pose = FRONTAL
    attempts: int = 0


@dataclass(frozen=True)
class Sighting:
    """``box`` (xyxy square); ``verified`` by a cascade, or only ``alike``; ``hits`` windows."""

    box: Box
    verified: bool
    alike: float
    hits: int = 0

    @property
    def is_clear(self) -> bool:
        """Whether the place is as good as one that a detector found."""
        return self.verified or self.alike >= _SAME


def follow(
    engines: Engines,
    gray: Image,
    expected: Box,
    memory: Appearance,
    spare: bool,
    tries: int,
    others: Boxes,
) -> Sighting | None:
    """Look for a known face around ``expected`` (xyxy square) of ``gray``; None: it is not there.

    With ``spare`` no cascade runs while the template fits very well. Otherwise the pose that
    worked last is tried first, then up to ``tries`` others in turn. Windows nearer to one of
    ``others`` (places expected for other faces) are left to them. Updates ``memory``.
    """
    view = look(gray, expected, face=FACE, margin=_MARGIN)
    alike, place = _match(view, memory.template)
    if spare and alike >= _SAME:
        return Sighting(view.box_in_picture(place), False, alike)
    for pose in _poses(memory, tries):
        posed = view
        if pose.degrees or pose.mirror:
            posed = look(gray, expected, pose.degrees, pose.mirror, FACE, _MARGIN)
        found = _nearest(getattr(engines, pose.cascade), posed, expected, others)
        # a single window is a chance hit unless the face is also recognised by its look
        if found is not None and (found[1] > 1 or alike >= _SOMEWHAT_ALIKE):
            box, hits = found
            memory.pose, memory.attempts = pose, 0
            return Sighting(box, True, alike, hits)
    if alike >= _ALIKE:
        return Sighting(view.box_in_picture(place), False, alike)
    return None


def look_around(engines: Engines, gray: Image, expected: Box, others: Boxes) -> Sighting | None:
    """Look for a face that jumped: up to 1.3 of its size away, with the best cascade only."""
    view = look(gray, expected, face=FACE, margin=2 * _MARGIN)
    found = _nearest(engines.alt2, view, expected, others, reach=1.3)
    return None if found is None else Sighting(found[0], True, 0.0, found[1])


def fit(gray: Image, box: Box, expected: Box, memory: Appearance) -> float:
    """How well a face expected there and of that look explains what is at ``box``."""
    alike = 0.0 if memory.template is None else likeness(gray, box, memory.template)
    return alike - float(_distances(as_boxes([box]), expected)[0] / (box[2] - box[0]))


def remember(gray: Image, box: Box, memory: Appearance) -> None:
    """Keep how the face looks at ``box``, where it was found."""
    template = look(gray, box, face=FACE, margin=1.0).image
    # what is flat correlates with everything
    deviation = cv2.meanStdDev(template)[1].item()
    memory.template = template if deviation >= _FLATTEST else None


def likeness(gray: Image, box: Box, template: Image) -> float:
    """Correlation (-1 to 1) of ``template`` with what is at about ``box``."""
    return _match(look(gray, box, face=FACE, margin=1.25), template)[0]


def _poses(memory: Appearance, tries: int) -> list[Pose]:
    """The last pose, and the next few of the others, going round from frame to frame."""
    others = [pose for pose in (FRONTAL, *_OTHERS) if pose != memory.pose]
    first = memory.attempts
    memory.attempts = (first + tries) % len(others)
    return [memory.pose] + [others[(first + step) % len(others)] for step in range(tries)]


def _match(view: Look, template: Image | None) -> tuple[float, Box]:
    """The best correlation with the template, and its box in the cut-out."""
    side = view.image.shape[0]
    low = (side - FACE) / 2
    if template is None:
        return 0.0, np.array([low, low, low + FACE, low + FACE], np.float32)
    scores = cv2.matchTemplate(view.image, template, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(scores)
    return float(best), np.array([x, y, x + FACE, y + FACE], np.float32)


def _nearest(
    cascade: Cascade, view: Look, expected: Box, others: Boxes, reach: float = 0.5
) -> tuple[Box, int] | None:
    """The mean of the accepted windows around the one nearest to ``expected``."""
    found = cascade.find(view.image, _SMALLEST, _LARGEST, 1.15, neighbors=0)
    if not len(found):
        return None
    boxes = np.stack([view.box_in_picture(window) for window in found])
    side = float(expected[2] - expected[0])
    distance = _distances(boxes, expected) / side
    if len(others):
        closest = np.min([_distances(boxes, other) for other in others], axis=0) / side
        distance = np.where(closest < distance, np.inf, distance)
    nearest = int(distance.argmin())
    if distance[nearest] > reach:
        return None
    group = _distances(boxes, boxes[nearest]) < 0.3 * side
    return boxes[group].mean(axis=0).astype(np.float32), int(group.sum())


def _distances(boxes: Boxes, box: Box) -> npt.NDArray[np.float32]:
    """Pixels from the middles of ``boxes`` to that of ``box``."""
    middles = (boxes[:, :2] + boxes[:, 2:] - box[:2] - box[2:]) / 2
    return np.asarray(np.hypot(middles[:, 0], middles[:, 1]), np.float32)
