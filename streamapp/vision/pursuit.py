"""Follow all known faces through one frame, and settle who is who where they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from streamapp.vision.boxes import NO_BOXES, Boxes, as_boxes, iou
from streamapp.vision.codec import Image
from streamapp.vision.engines import Engines
from streamapp.vision.following import Sighting, fit, follow, look_around, remember
from streamapp.vision.inspection import Box
from streamapp.vision.tracking import TOUCHING_IOU, Track, Tracker

# Faces that a cascade verifies in each frame; the others are spared while they look the same.
# In a crowd they take turns at being followed at all.
_VERIFIED_PER_FRAME = 2
_FOLLOWED_PER_FRAME = 6
_SPARED_SECONDS = 0.4

_COVERED_IOU, _SAME_IOU = 0.25, 0.4


@dataclass(frozen=True)
class _Chase:
    """One face that is looked for: where it is expected, and what is expected around it."""

    track: Track
    expected: Box
    others: Boxes  # of the faces that are not covered
    is_touched: bool  # by one of those: what is seen there may be a part of either
    is_crowded: bool  # by any other face


def pursue(engines: Engines, picture: Image, tracker: Tracker, time: float) -> None:
    """Look for the known faces where they should be now, and move or miss their tracks."""
    found: list[tuple[_Chase, Sighting]] = []
    chases = _chases(tracker.tracks, time)
    stale = sorted((chase.track for chase in chases), key=lambda track: track.last_verified)
    for chase in chases:
        rested = time - chase.track.last_verified < _SPARED_SECONDS
        may_rest = rested or chase.track not in stale[:_VERIFIED_PER_FRAME]
        sighting = _sighting(engines, picture, chase, may_rest)
        if sighting is None:
            chase.track.miss(time, covered=_covers(chase.expected, chase.others))
        else:
            found.append((chase, sighting))
    for (chase, sighting), rivals in zip(found, _rivals(found), strict=True):
        if _winner(picture, sighting.box, rivals) is chase:
            _take(picture, chase, sighting, time)
        else:
            chase.track.miss(time, covered=True)


def _rivals(found: list[tuple[_Chase, Sighting]]) -> list[list[_Chase]]:
    """For each face that was found, those that were found at its place, itself included."""
    if len(found) < 2:
        return [[chase] for chase, _ in found]
    boxes = as_boxes([sighting.box for _, sighting in found])
    same = np.asarray(iou(boxes, boxes) > _SAME_IOU)
    return [[found[other][0] for other in np.flatnonzero(row).tolist()] for row in same]


def _chases(tracks: list[Track], time: float) -> list[_Chase]:
    """The faces to be looked for in this frame, those seen longest ago first."""
    if len(tracks) == 1:  # most of the time, most people are alone
        return [_Chase(tracks[0], tracks[0].predicted(time), NO_BOXES, False, False)]
    places = as_boxes([track.predicted(time) for track in tracks])
    shown = np.array([not track.covered for track in tracks], bool)
    touching = np.asarray(iou(places, places) > TOUCHING_IOU)
    np.fill_diagonal(touching, False)
    touched = [bool((row & shown).any()) for row in touching]
    crowded = [bool(row.any()) for row in touching]
    order = sorted(range(len(tracks)), key=lambda index: tracks[index].last_seen)
    chases = []
    for index in order[:_FOLLOWED_PER_FRAME]:
        others = shown.copy()
        others[index] = False
        chases.append(
            _Chase(
                tracks[index],
                places[index],
                places[others],
                bool(touched[index]),
                bool(crowded[index]),
            )
        )
    return chases


def _sighting(engines: Engines, picture: Image, chase: _Chase, may_rest: bool) -> Sighting | None:
    track, expected, others = chase.track, chase.expected, chase.others
    crowded = chase.is_touched
    spare = track.confirmed and not crowded and may_rest
    tries = 1 if track.confirmed and not track.covered else 0
    found = follow(engines, picture, expected, track.appearance, spare, tries, others)
    if found is not None and not found.verified and _covers(found.box, others):
        found = None  # the likeness of another face, most likely
    if found is None and not crowded and track.misses < 2 and track.confirmed:
        found = look_around(engines, picture, expected, others)
    return found


def _winner(picture: Image, box: Box, rivals: list[_Chase]) -> _Chase:
    """Of several faces found at one place, the one that is seen there."""
    if len(rivals) == 1:
        return rivals[0]
    return max(rivals, key=lambda r: fit(picture, box, r.expected, r.track.appearance))


def _take(picture: Image, chase: _Chase, found: Sighting, time: float) -> None:
    """Move the track; learn how the face looks only where it is seen alone."""
    vague = chase.is_crowded or not found.is_clear
    chase.track.see(found.box, time, found.verified, vague)
    if found.verified and not chase.is_crowded:
        remember(picture, found.box, chase.track.appearance)


def _covers(box: Box, others: Boxes) -> bool:
    return len(others) > 0 and bool((iou(as_boxes([box]), others) > _COVERED_IOU).any())
