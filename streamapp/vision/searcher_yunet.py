"""Live search with YuNet: the whole small picture, now and then, sooner when there is reason.

Between its runs the known faces are followed by cascades, like those found by the cascade
search. At 320 x 240 one run costs about as much as ten followed faces.
"""

from __future__ import annotations

import cv2
import numpy as np

from streamapp.vision.boxes import Boxes, square_from_face
from streamapp.vision.codec import Image
from streamapp.vision.engines import Engines
from streamapp.vision.following import likeness, remember
from streamapp.vision.motion import BODY, CHANGED, Cells, explained
from streamapp.vision.tracking import Track, Tracker, distance

# Seconds between runs: at most, while a face is doubtful, and where something new moves; the
# last grows while the movement turns out to be no face.
_EVERY_SECONDS, _DOUBTFUL_SECONDS = 0.45, 0.18
_MOVED_SECONDS, _MOVING_SECONDS = 0.12, 0.36
_FEWEST_CELLS = 6
_CANDIDATE = 0.6


class NetworkSearch:
    """When the network ran last, and what the picture looked like then."""

    def __init__(self) -> None:
        self._ran: float | None = None
        self._seen: Cells | None = None
        self._soonest = _MOVED_SECONDS

    def forget(self) -> None:
        """After a cut: run at once."""
        self._ran = None

    def run(
        self, engines: Engines, picture: Image, thumb: Cells, tracker: Tracker, time: float
    ) -> None:
        """Look at the whole of ``picture`` if it is due, and tell ``tracker`` what is there."""
        if not self._is_due(thumb, tracker, time):
            return
        hurried = self._ran is not None and time - self._ran < _EVERY_SECONDS
        self._soonest = min(self._soonest * 1.5, _MOVING_SECONDS) if hurried else _MOVED_SECONDS
        self._ran, self._seen = time, thumb
        found = engines.yunet.detect(
            cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False), _CANDIDATE
        )
        squares = square_from_face(found.xyxy)
        pairs = _assigned(picture, squares, tracker.tracks, time)
        for index, (square, score) in enumerate(zip(squares, found.confidence, strict=True)):
            track = pairs.get(index)
            crowded = False
            if track is None:
                track = tracker.start(square, float(score), time)
            else:
                crowded = tracker.crowds(track, time)
                track.weigh(float(score), time)
                track.see(square, time, verified=True, vague=crowded)
            if track is not None and not crowded:
                remember(picture, square, track.appearance)

    def _is_due(self, thumb: Cells, tracker: Tracker, time: float) -> bool:
        if self._ran is None or self._seen is None or self._seen.shape != thumb.shape:
            return True
        age = time - self._ran
        if age >= _EVERY_SECONDS:
            return True
        doubtful = any(track.misses or not track.confirmed for track in tracker.tracks)
        if doubtful and age >= _DOUBTFUL_SECONDS:
            return True
        kinds = explained(tracker.predicted(time), thumb.shape)
        changed = (np.abs(thumb - self._seen) > CHANGED) & (kinds < BODY)
        return bool(np.count_nonzero(changed) >= _FEWEST_CELLS and age >= self._soonest)


def _assigned(picture: Image, squares: Boxes, tracks: list[Track], time: float) -> dict[int, Track]:
    """Which square is which track: near to where it should be, and of the same look."""
    costs = []
    for index, square in enumerate(squares):
        for track in tracks:
            way = distance(track, square, time)
            if way is not None:
                template = track.appearance.template
                alike = 0.0 if template is None else likeness(picture, square, template)
                costs.append((way - alike, index, track))
    pairs: dict[int, Track] = {}
    taken: set[int] = set()
    for _, index, track in sorted(costs, key=lambda cost: cost[:2]):
        if index not in pairs and track.id not in taken:
            pairs[index] = track
            taken.add(track.id)
    return pairs
