"""Live search with cascades: slices of the picture, then questions about what was found."""

from __future__ import annotations

from streamapp.vision.boxes import Boxes, as_boxes, grouped, iou
from streamapp.vision.candidates import Candidates
from streamapp.vision.codec import Image
from streamapp.vision.engines import Engines
from streamapp.vision.following import remember
from streamapp.vision.inspection import Box, votes
from streamapp.vision.motion import Cells
from streamapp.vision.search import Search
from streamapp.vision.tracking import CONFIRM_CONFIDENCE, Tracker

# Places that may be faces and are questioned in each frame; more after a cut, which is rare.
_JUDGED_PER_FRAME, _JUDGED_AT_ONCE = 1, 8
# A doubtful face is asked about again after so many seconds, and given up below this confidence.
# After some seconds of doubt it is a pattern, and refused.
_DOUBT_SECONDS, _LEAST_CONFIDENCE = 0.2, 0.4
_LONGEST_DOUBT_SECONDS = 3.0
_PRESENT_IOU = 0.25


class CascadeSearch:
    """Search state of one client for pictures of ``width`` x ``height``."""

    def __init__(self, width: int, height: int) -> None:
        self._slices = Search(width, height)
        self._candidates = Candidates()
        self._all_is_new = True

    def forget(self) -> None:
        """After a cut: look everywhere at once."""
        self._slices.forget()
        self._all_is_new = True

    def run(
        self, engines: Engines, picture: Image, thumb: Cells, tracker: Tracker, time: float
    ) -> None:
        """Scan what is due of ``picture``, and tell ``tracker`` what is there."""
        self._reconsider(engines, picture, tracker, time)
        known = tracker.predicted(time)
        windows = self._slices.run(engines.default, picture, thumb, known, time)
        fresh = self._unknown(picture, windows, tracker, time) if len(windows) else []
        if fresh or self._candidates.waiting:
            self._candidates.add(as_boxes(fresh), time)
            self._welcome(engines, picture, tracker, time)
        self._all_is_new = False

    def _unknown(self, picture: Image, windows: Boxes, tracker: Tracker, time: float) -> list[Box]:
        """Places that are no known face; one that was not seen lately may have gone there."""
        present = as_boxes([track.box for track in tracker.tracks if not track.misses])
        fresh: list[Box] = []
        for box in grouped(windows):
            if (iou(as_boxes([box]), present) > _PRESENT_IOU).any():
                continue
            track = tracker.claim(box, time)
            if track is None:
                fresh.append(box)
            else:
                track.see(box, time, verified=True)
                remember(picture, box, track.appearance)
        return fresh

    def _welcome(self, engines: Engines, picture: Image, tracker: Tracker, time: float) -> None:
        """Question the most urgent candidates and start tracks for those that are faces."""
        most = _JUDGED_AT_ONCE if self._all_is_new else _JUDGED_PER_FRAME
        known = tracker.predicted(time)
        for box, confidence in self._candidates.judge(engines, picture, known, time, most):
            started = tracker.start(box, confidence, time)
            if started is not None:
                remember(picture, box, started.appearance)

    def _reconsider(self, engines: Engines, picture: Image, tracker: Tracker, time: float) -> None:
        """Ask again about the doubtful face that was asked about longest ago."""
        doubtful = [
            track
            for track in tracker.tracks
            if not track.confirmed
            and track.confidence < CONFIRM_CONFIDENCE
            and not track.misses
            and time - track.last_weighed >= _DOUBT_SECONDS
        ]
        for track in sorted(doubtful, key=lambda track: track.last_weighed)[:1]:
            track.weigh(votes(engines, picture, track.box).confidence, time)
            undecided = time - track.first_seen > _LONGEST_DOUBT_SECONDS
            if track.confidence < (CONFIRM_CONFIDENCE if undecided else _LEAST_CONFIDENCE):
                self._candidates.refuse(picture, track.box, time)
                tracker.drop(track)
