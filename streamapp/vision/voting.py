"""Stills: is there a face at this place? Cascades vote, from several sides, and so do its parts.

The place is looked at as `inspection` does. A face is accepted by many windows of several
cascades, straight and turned; eyes or a smile where they belong speak for it as well, which
finds faces behind sunglasses that a frontal cascade half believes in. How much each of that is
worth was learnt from real faces and from what cascades mistake for one:
``python -m bench.detection.calibrate``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from streamapp.vision.boxes import Boxes
from streamapp.vision.codec import Image
from streamapp.vision.engines import Engines
from streamapp.vision.inspection import Box, Look, look, windows

# (degrees, mirrored): a frontal cascade misses a head that leans, and is not symmetric itself.
_FIRST_DEGREES = (0.0, 15.0, -15.0)
_LOOKS = ((0.0, False), (0.0, True), (11.0, False), (-11.0, False), (22.0, False), (-22.0, False))
# A proposal is often the mean of windows of several sizes: the smaller place is tried too.
_SMALLER = 0.78
_FEWEST_WINDOWS, _CLEAR_WINDOWS, _CLEAR_CONFIDENCE = 2, 6, 0.99
_STEP = 1.05  # from one window size to the next; finer than a search, since votes are counted
# Parts are sought in a larger cut-out: they have to be 20 pixels wide.
_PART_FACE, _PART_MARGIN, _PART_DEGREES = 90, 1.2, (0.0, 11.0, -11.0)
_MOST_PARTS = 5.0  # log(1 + windows), about as many as a clear smile gives
# Logistic regression on `features`; the last is constant.
WEIGHTS = np.array([2.19, 3.60, -12.68])
_SURE, _HOPELESS = 0.95, 0.3


@dataclass(frozen=True)
class Vote:
    """A square ``box`` (xyxy, pixels of the picture) and its ``confidence`` (0 to 1)."""

    box: Box
    confidence: float


@dataclass(frozen=True)
class _Ballot:
    """Accepted windows at one place: ``counts`` (cascade, look) and where they lie on average."""

    box: Box
    counts: npt.NDArray[np.float64]


def vote(engines: Engines, gray: Image, proposal: Box) -> Vote:
    """Whether there is a face about ``proposal`` (xyxy) of ``gray`` (H, W), and where exactly.

    The easy cases end early: hardly anything seen, or a clear face straight on. The parts are
    asked only where they could turn the vote.
    """
    place = _place(engines, gray, proposal)
    if place is None:
        return Vote(proposal, 0.0)
    if _is_clear(engines, gray, place):
        return Vote(place, _CLEAR_CONFIDENCE)
    ballot = _count(engines, gray, place)
    without, with_most = (chance(features(ballot.counts, p)) for p in (0.0, _MOST_PARTS))
    if without >= _SURE or with_most < _HOPELESS:
        return Vote(ballot.box, without)
    seen = parts(engines, gray, ballot.box)
    return Vote(ballot.box, chance(features(ballot.counts, seen)))


def evidence(
    engines: Engines, gray: Image, proposal: Box
) -> tuple[Box, npt.NDArray[np.float64] | None]:
    """The place and its `features`, for the calibration; None where the vote ends early."""
    place = _place(engines, gray, proposal)
    if place is None or _is_clear(engines, gray, place):
        return (proposal if place is None else place), None
    ballot = _count(engines, gray, place)
    return ballot.box, features(ballot.counts, parts(engines, gray, ballot.box))


def features(counts: npt.NDArray[np.float64], seen: float) -> npt.NDArray[np.float64]:
    """Three numbers: the parts, the cascades' mean over each one's best look, and 1.

    ``counts`` holds accepted windows, a row a cascade and a column a look. Few features, none
    of which can speak against a face the more is seen: they carry over to other photos.
    """
    return np.array([seen, np.log1p(counts.max(axis=1)).mean(), 1.0])


def chance(evidence: npt.NDArray[np.float64]) -> float:
    """The calibrated probability of a face."""
    return float(1 / (1 + np.exp(-evidence @ WEIGHTS)))


def parts(engines: Engines, gray: Image, box: Box) -> float:
    """log(1 + windows) of the eyes, or of the smile if that is clearer, in their half of a face."""
    best = 0
    for degrees in _PART_DEGREES:
        image = look(gray, box, degrees, False, _PART_FACE, _PART_MARGIN).image
        side = image.shape[0]
        upper, lower = image[int(side * 0.2) : int(side * 0.6)], image[int(side * 0.5) :]
        for cascade in (engines.eye, engines.eye_with_glasses):
            best = max(best, len(cascade.find(upper, 18, 34, neighbors=0)))
        best = max(best, len(engines.smile.find(lower, 14, 60, neighbors=0)))
    return min(_MOST_PARTS, float(np.log1p(best)))


def _place(engines: Engines, gray: Image, proposal: Box) -> Box | None:
    """Where the windows about ``proposal`` gather; None where there are hardly any."""
    seen = _seen(engines, gray, proposal)
    if len(seen) < _FEWEST_WINDOWS:
        return None
    return np.median(seen, axis=0).astype(np.float32)


def _seen(engines: Engines, gray: Image, box: Box) -> list[Box]:
    """Windows about ``box`` that two cascades accept from three sides, in the picture."""
    views = [look(gray, box, degrees) for degrees in _FIRST_DEGREES]
    return [
        view.box_in_picture(window)
        for view in views
        for cascade in (engines.default, engines.alt2)
        for window in windows(cascade, view.image)
    ]


def _is_clear(engines: Engines, gray: Image, box: Box) -> bool:
    """Whether the two cascades that err least see it straight on and in the mirror."""
    return all(
        len(windows(cascade, look(gray, box, 0.0, mirror).image)) >= _CLEAR_WINDOWS
        for mirror in (False, True)
        for cascade in (engines.alt, engines.alt2)
    )


def _count(engines: Engines, gray: Image, place: Box) -> _Ballot:
    """The ballot at ``place`` or, in doubt, at its smaller likeness: the better supported."""
    straight = _count_at(engines, gray, place)
    if chance(features(straight.counts, 0.0)) >= _SURE:
        return straight
    smaller = _count_at(engines, gray, _resized(place, _SMALLER))
    return max(straight, smaller, key=lambda ballot: float(np.log1p(ballot.counts).sum()))


def _count_at(engines: Engines, gray: Image, box: Box) -> _Ballot:
    """Look after look, until what was seen is enough: a further look can only add to it."""
    views: list[Look] = []
    accepted: list[list[Boxes]] = [[], [], []]
    counts = np.zeros((3, len(_LOOKS)))
    for index, (degrees, mirror) in enumerate(_LOOKS):
        views.append(look(gray, box, degrees, mirror))
        for row, cascade in enumerate((engines.alt2, engines.alt, engines.default)):
            accepted[row].append(windows(cascade, views[-1].image, _STEP))
            counts[row, index] = len(accepted[row][-1])
        if chance(features(counts, 0.0)) >= _SURE:
            break
    return _Ballot(_middle(views, accepted, box), counts)


def _middle(views: list[Look], accepted: list[list[Boxes]], box: Box) -> Box:
    """The median of all accepted windows; ``box`` where there is none."""
    found = chain.from_iterable(zip(views, row, strict=True) for row in accepted)
    squares = [view.box_in_picture(window) for view, boxes in found for window in boxes]
    return np.median(squares, axis=0).astype(np.float32) if squares else box


def _resized(box: Box, factor: float) -> Box:
    middle, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2 * factor
    return np.concatenate([middle - half, middle + half]).astype(np.float32)
