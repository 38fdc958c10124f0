"""Faces over time: which detection is which face, and when a face has come or gone.

Time comes from outside, in seconds, so that any frame rate works and a test needs no clock.
Motion is predicted at constant velocity by an alpha-beta filter (R. Penoyer, "The Alpha-Beta
Filter", C Users Journal, 1993), in seconds, not frames.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from streamapp.vision.boxes import Boxes, as_boxes, iou, overlap
from streamapp.vision.following import Appearance
from streamapp.vision.inspection import Box

MAX_TRACKS = 64
CONFIRM_HITS = 2
CONFIRM_CONFIDENCE = 0.75
SURE_CONFIDENCE = 0.92  # no second sighting needed

# How long a face counts on after it was last verified: when nothing is known of it, while it
# still looks alike, while another face covers it, and when it was never confirmed.
HOLD, HOLD_ALIKE, HOLD_COVERED, HOLD_TENTATIVE = 0.5, 3.0, 1.5, 0.35
_FEWEST_MISSES = 2
_REJOIN_SECONDS, _MOST_LOST = 2.5, 16
_ESTABLISHED_SECONDS = 0.6
# Of the smallest side wanted: where a face begins to count, and where it ceases to.
_COUNTS_FROM, _STAYS_FROM = 0.85, 0.7
_LONGEST_DOUBT = 6.0
TOUCHING_IOU = 0.03  # of two faces: what is seen of either may be a part of the other

_ALPHA, _BETA, _SIZE = 0.75, 0.35, 0.35
_COAST_SECONDS = 0.6  # a face that is not seen loses its speed by 1/e in this time
_COAST_COVERED_SECONDS = 4.0  # who walks behind another one walks on
_FASTEST = 6.0  # face widths a second


@dataclass(eq=False)
class Track:
    """One face over time. ``box``: xyxy square when last seen; ``velocity``: pixels a second."""

    id: int
    box: Box
    confidence: float
    first_seen: float
    last_verified: float
    last_seen: float
    velocity: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(2))
    hits: int = 1
    misses: int = 0
    confirmed: bool = False
    covered: bool = False  # since it was last seen, another face was in front of it,
    last_covered: float = 0.0  # and at this time for the last time
    last_weighed: float = 0.0
    appearance: Appearance = field(default_factory=Appearance)

    @property
    def side(self) -> float:
        """Pixels."""
        return float(self.box[2] - self.box[0])

    def predicted(self, time: float) -> Box:
        """Where the face should be at ``time``, xyxy."""
        gone = time - self.last_seen
        coast = _COAST_COVERED_SECONDS if self.covered else _COAST_SECONDS
        x, y = (self.velocity * (coast * (1 - math.exp(-gone / coast)))).tolist()
        return self.box + np.array([x, y, x, y], np.float32)

    def see(self, box: Box, time: float, verified: bool, vague: bool = False) -> None:
        """Move to where the face is now; ``verified`` by a detector, or only alike.

        ``vague``: what is seen may be a part of the face only, and its apparent movement is not
        to be trusted.
        """
        gone = max(time - self.last_seen, 1e-3)
        # Plain numbers: for a few of them numpy costs more than it does.
        left, top, right, bottom = self.predicted(time).tolist()
        x1, y1, x2, y2 = box.tolist()
        x, y = (left + right) / 2, (top + bottom) / 2
        error_x, error_y = (x1 + x2) / 2 - x, (y1 + y2) / 2 - y
        vx, vy = self.velocity.tolist()
        if not vague:
            kept, gain = math.exp(-gone / _COAST_SECONDS), _BETA / max(gone, 0.03)
            vx, vy = vx * kept + error_x * gain, vy * kept + error_y * gain
        fastest = _FASTEST * self.side
        self.velocity = np.array([max(-fastest, min(vx, fastest)), max(-fastest, min(vy, fastest))])
        x, y = x + _ALPHA * error_x, y + _ALPHA * error_y
        half = (self.side + (_SIZE * (x2 - x1 - self.side) if verified else 0.0)) / 2
        self.box = np.array([x - half, y - half, x + half, y + half], np.float32)
        self.last_seen = time
        self.misses = 0
        self.covered = False
        if verified:
            self.last_verified = time
            self.hits += 1

    def miss(self, time: float, covered: bool = False) -> None:
        """The face was looked for and not found, or another face was found in its place."""
        self.misses += 1
        if covered:
            self.covered, self.last_covered = True, time

    def weigh(self, confidence: float, time: float) -> None:
        """Take a new opinion into account."""
        self.confidence += 0.4 * (confidence - self.confidence)
        self.last_weighed = time


class Tracker:
    """The tracks of one client; bounded in number and memory."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.seen = 0
        self._lost: list[Track] = []
        self._next_id = 1

    @property
    def confirmed(self) -> list[Track]:
        """Faces that count, oldest first."""
        return [track for track in self.tracks if track.confirmed]

    def predicted(self, time: float, without: Track | None = None) -> Boxes:
        """Where all faces should be, xyxy (N, 4), but those that are covered."""
        shown = [t for t in self.tracks if t is not without and not t.covered]
        return as_boxes([track.predicted(time) for track in shown])

    def crowds(self, track: Track, time: float) -> bool:
        """Whether another face, covered ones included, overlaps where this one should be."""
        others = [other.predicted(time) for other in self.tracks if other is not track]
        return touches(track.predicted(time), as_boxes(others))

    def drop(self, track: Track) -> None:
        """It was no face."""
        self.tracks.remove(track)

    def claim(self, box: Box, time: float) -> Track | None:
        """The track that was not seen lately and may have gone to ``box``, the nearest first."""
        return nearest([track for track in self.tracks if track.misses], box, time)

    def start(self, box: Box, confidence: float, time: float) -> Track | None:
        """A new track, or a face that was lost a moment ago and is back, with its old id.

        None when there are already `MAX_TRACKS`.
        """
        if len(self.tracks) >= MAX_TRACKS:
            return None
        back = nearest(self._lost, box, time)
        if back is not None and confidence >= CONFIRM_CONFIDENCE:
            self._lost.remove(back)
            back.velocity[:] = 0
            back.box, back.last_seen, back.last_verified = box, time, time
            back.misses, back.covered = 0, False
            self.tracks.append(back)
            return back
        track = Track(self._next_id, box, confidence, time, time, time, last_weighed=time)
        self._next_id += 1
        self.tracks.append(track)
        return track

    def rescale(self, x: float, y: float) -> None:
        """The picture's size changed by these factors: all places move along."""
        factors = np.array([x, y], np.float32)
        for track in self.tracks + self._lost:
            middle = (track.box[:2] + track.box[2:]) / 2 * factors
            half = track.side * float(np.sqrt(x * y)) / 2
            track.box = np.concatenate([middle - half, middle + half]).astype(np.float32)
            track.velocity = track.velocity * factors

    def end_all(self) -> None:
        """After a cut: whoever is still at the same place is found again, with the old id."""
        self._lost = (self._lost + self.confirmed)[-_MOST_LOST:]
        self.tracks = []

    def settle(self, time: float, width: float, height: float, smallest: float = 0.0) -> None:
        """Confirm and end tracks at the end of a frame of ``width`` x ``height``.

        Faces clearly below ``smallest`` pixels do not count.
        """
        for track in self.tracks:
            needed = SURE_CONFIDENCE if track.hits < CONFIRM_HITS else CONFIRM_CONFIDENCE
            if track.confirmed:
                track.confirmed = track.side >= _STAYS_FROM * smallest
            elif track.confidence >= needed and track.side >= _COUNTS_FROM * smallest:
                track.confirmed = True
                self.seen += 1
        self._end_doubles(time)
        ended = [t for t in self.tracks if self._is_over(t, time, width, height)]
        self.tracks = [track for track in self.tracks if track not in ended]
        recent = [t for t in self._lost if time - t.last_seen <= _REJOIN_SECONDS]
        self._lost = (recent + [t for t in ended if t.confirmed])[-_MOST_LOST:]

    def _is_over(self, track: Track, time: float, width: float, height: float) -> bool:
        unseen = time - track.last_verified
        if not track.confirmed:
            undecided = time - track.first_seen > _LONGEST_DOUBT
            return undecided or (track.misses > 0 and unseen > HOLD_TENTATIVE)
        if not track.misses:
            return unseen > HOLD_ALIKE
        x, y = (track.predicted(time)[:2] + track.predicted(time)[2:]) / 2
        if not (0 <= x <= width and 0 <= y <= height):
            return True
        if track.covered:
            return unseen > HOLD_COVERED or time - track.last_covered > HOLD
        return track.misses >= _FEWEST_MISSES and unseen > HOLD

    def _end_doubles(self, time: float) -> None:
        """Two tracks on one face: the younger goes, unless it is well established: they pass."""
        if len(self.tracks) < 2:
            return
        boxes = as_boxes([track.box for track in self.tracks])
        near = (iou(boxes, boxes) > 0.4) | (overlap(boxes, boxes) > 0.7)
        doubles = []
        for row, column in np.argwhere(near).tolist():
            older, younger = self.tracks[row], self.tracks[column]
            established = younger.confirmed and time - younger.first_seen > _ESTABLISHED_SECONDS
            if older.id < younger.id and not established and older not in doubles:
                doubles.append(younger)
        self.tracks = [track for track in self.tracks if track not in doubles]


def touches(box: Box, others: Boxes) -> bool:
    """Whether another face overlaps ``box``: what is seen there may be a part of either."""
    return len(others) > 0 and bool((iou(as_boxes([box]), others) > TOUCHING_IOU).any())


def nearest(tracks: Iterable[Track], box: Box, time: float) -> Track | None:
    """The track whose face may have moved to ``box`` by ``time``; None: too far or too unlike."""
    ways = [(distance(track, box, time), track) for track in tracks]
    near = [(way, track) for way, track in ways if way is not None]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def distance(track: Track, box: Box, time: float) -> float | None:
    """How far ``box`` is from where the face should be, 1 being the farthest it can have come.

    None: farther, or of another size.
    """
    side = float(box[2] - box[0])
    if not 0.6 < side / track.side < 1.65:
        return None
    expected = track.predicted(time)
    way = np.hypot(*((box[:2] + box[2:] - expected[:2] - expected[2:]) / 2)) / track.side
    share = float(way) / min(0.6 + 1.5 * (time - track.last_seen), 2.0)
    return share if share < 1 else None
