"""Faces over time: which detection is which face, and when a face has come or gone.

Time comes from outside, in seconds, so that any frame rate works and a test needs no clock.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from streamapp.vision.boxes import Boxes, iou


@dataclass
class Track:
    """One face over time. ``box`` is xyxy as last seen, in pixels of the frame."""

    id: int
    box: npt.NDArray[np.float32]
    confidence: float
    first_seen: float
    last_seen: float
    hits: int = 1
    confirmed: bool = False


class Tracker:
    """Tracks of one client; `update` takes the detections of one frame."""

    CONFIRM_SECONDS = 0.15
    HOLD_SECONDS = 0.7
    MAX_TRACKS = 64

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.seen = 0
        self._next_id = 1

    def update(self, boxes: Boxes, confidence: npt.NDArray[np.float32], time: float) -> None:
        """Match ``boxes`` to the tracks, best overlap first; start and end tracks."""
        free = set(range(len(boxes)))
        if self.tracks and free:
            scores = iou(np.stack([track.box for track in self.tracks]), boxes)
            while scores.size and scores.max() > 0.2:
                row, column = np.unravel_index(int(scores.argmax()), scores.shape)
                self._seen(self.tracks[int(row)], boxes[column], float(confidence[column]), time)
                free.discard(int(column))
                scores[row, :] = scores[:, column] = 0
        for index in sorted(free)[: self.MAX_TRACKS - len(self.tracks)]:
            self.tracks.append(
                Track(self._next_id, boxes[index], float(confidence[index]), time, time)
            )
            self._next_id += 1
        self.tracks = [t for t in self.tracks if time - t.last_seen <= self.HOLD_SECONDS]

    def _seen(
        self, track: Track, box: npt.NDArray[np.float32], confidence: float, time: float
    ) -> None:
        track.box, track.confidence, track.last_seen = box, confidence, time
        track.hits += 1
        if not track.confirmed and time - track.first_seen >= self.CONFIRM_SECONDS:
            track.confirmed = True
            self.seen += 1
