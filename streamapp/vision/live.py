"""One client's webcam: JPEG frames and their times in, faces with ids and a calm count out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from streamapp.vision.boxes import Boxes, clip
from streamapp.vision.codec import decode_gray_reduced, read_header
from streamapp.vision.engines import Engines
from streamapp.vision.resample import resize
from streamapp.vision.tracking import Tracker

_SEARCH_FACE = 20


@dataclass(frozen=True)
class LiveSettings:
    """What a client may choose.

    ``detector``: one of `engines.DETECTORS`. ``min_face``: side of the smallest face that is
    looked for, in pixels of a frame 640 wide (40: a face a sixteenth of the frame's width).
    """

    detector: str = "cascade"
    min_face: int = 40


@dataclass(frozen=True)
class LiveFace:
    """``box`` is x, y, width, height, whole pixels of the sent frame, inside it."""

    id: int
    box: tuple[int, int, int, int]
    confidence: float


@dataclass(frozen=True)
class LiveResult:
    """What one frame says. ``count`` is smoothed, ``peak`` its maximum since the start or reset,
    ``tracks_seen`` how many different tracks there were (not people: who comes back is new)."""

    width: int
    height: int
    faces: tuple[LiveFace, ...]
    count: int
    peak: int
    tracks_seen: int


class LivePipeline:
    """State of one client. Pure: no clock, no I/O; the same frames give the same answers."""

    def __init__(self, settings: LiveSettings = LiveSettings()) -> None:
        self._settings = settings
        self.reset()

    def configure(self, settings: LiveSettings) -> None:
        """Apply new settings from the next frame on; tracks and peak stay."""
        self._settings = settings

    def reset(self) -> None:
        """Forget everything but the settings."""
        self._tracker = Tracker()
        self._peak = 0

    def process(self, engines: Engines, jpeg: bytes, time: float) -> LiveResult:
        """Answer for one frame, taken at ``time`` (seconds, any origin, never falling).

        Raises UnreadableImage or UnsupportedMedia for a frame that cannot be decoded; the state
        then is as it was before.
        """
        header = read_header(jpeg)
        width, height = header.upright_wh
        gray = decode_gray_reduced(jpeg, 2)
        scale = _SEARCH_FACE / (self._settings.min_face * width / 640)
        small = resize(gray, width * scale, height * scale)
        boxes: Boxes
        if self._settings.detector == "yunet":
            found = engines.yunet.detect(np.dstack([small] * 3), 0.7)
            boxes, confidence = found.xyxy, found.confidence
        else:
            boxes = engines.alt2.find(small, _SEARCH_FACE, factor=1.2)
            confidence = np.full(len(boxes), 0.9, np.float32)
        self._tracker.update(clip(boxes / scale, width, height), confidence, time)
        shown = [track for track in self._tracker.tracks if track.confirmed]
        self._peak = max(self._peak, len(shown))
        faces = tuple(
            LiveFace(t.id, _whole(t.box, width, height), round(t.confidence, 3)) for t in shown
        )
        return LiveResult(width, height, faces, len(faces), self._peak, self._tracker.seen)


def _whole(
    box: np.ndarray[tuple[int], np.dtype[np.float32]], width: int, height: int
) -> tuple[int, int, int, int]:
    """xyxy floats as x, y, width, height in whole pixels, at least one, inside the frame."""
    x1, y1, x2, y2 = (round(float(edge)) for edge in box)
    x1, y1 = min(max(x1, 0), width - 1), min(max(y1, 0), height - 1)
    return x1, y1, max(1, min(x2, width) - x1), max(1, min(y2, height) - y1)
