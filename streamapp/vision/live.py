"""One client's webcam: JPEG frames and their times in, faces with ids and a calm count out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from streamapp.vision.boxes import Boxes, as_boxes, face_from_square, grouped, iou
from streamapp.vision.candidates import Candidates
from streamapp.vision.codec import Image, decode_gray_reduced, read_header
from streamapp.vision.engines import Engines
from streamapp.vision.following import Sighting, fit, follow, look_around, remember
from streamapp.vision.inspection import Box, votes
from streamapp.vision.motion import Cells, is_cut, thumbnail
from streamapp.vision.resample import resize
from streamapp.vision.search import SMALLEST, Search
from streamapp.vision.searcher_yunet import NetworkSearch
from streamapp.vision.tracking import CONFIRM_CONFIDENCE, Track, Tracker, touches

_REFERENCE_SIDE = 640
_REDUCTIONS = (8, 4, 2)
_NARROWEST_VIEW, _WIDEST_VIEW = 160, 960

# Faces that a cascade verifies in each frame; the others are spared while they look the same.
# In a crowd they take turns at being followed at all.
_VERIFIED_PER_FRAME = 2
_FOLLOWED_PER_FRAME = 6
# Places that may be faces and are questioned in each frame; more after a cut, which is rare.
_JUDGED_PER_FRAME, _JUDGED_AT_ONCE = 1, 8
_SPARED_SECONDS = 0.3
_DOUBT_SECONDS, _LEAST_CONFIDENCE = 0.2, 0.4


@dataclass(frozen=True)
class LiveSettings:
    """What a client may choose.

    ``detector``: one of `engines.DETECTORS`. ``min_face``: side of the smallest face that is
    looked for, in pixels of a frame whose longer side is 640 (40: a sixteenth of it).
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
    ``tracks_seen`` how many tracks there were: who is away for long comes back as another."""

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
        self._candidates = Candidates()
        self._network = NetworkSearch()
        self._search = Search(1, 1)
        self._view_wh = (0, 0)
        self._thumb: Cells | None = None
        self._fresh = True
        self._peak = 0

    def process(self, engines: Engines, jpeg: bytes, time: float) -> LiveResult:
        """Answer for one frame, taken at ``time`` (seconds, any origin, never falling).

        Raises UnreadableImage or UnsupportedMedia for a frame that cannot be decoded; the state
        then is as it was before.
        """
        header = read_header(jpeg)
        width, height = header.upright_wh
        view = _view(jpeg, width, height, self._settings.min_face)
        thumb = thumbnail(view)
        self._prepare(view, thumb)
        self._follow(engines, view, time)
        self._look_for_new(engines, view, thumb, time)
        self._tracker.settle(time, view.shape[1], view.shape[0])
        return self._result(width, height)

    def _prepare(self, view: Image, thumb: Cells) -> None:
        """Notice a new frame size (the tracks move along) and a cut (everything is new)."""
        view_wh = (view.shape[1], view.shape[0])
        if view_wh != self._view_wh:
            if self._thumb is not None:
                self._tracker.rescale(view_wh[0] / self._view_wh[0], view_wh[1] / self._view_wh[1])
            self._view_wh, self._thumb = view_wh, None
            self._search, self._candidates = Search(*view_wh), Candidates()
        self._fresh = self._thumb is None or is_cut(self._thumb, thumb)
        if self._fresh and self._thumb is not None:
            self._tracker.end_all()
            self._search.forget()
            self._network.forget()
        self._thumb = thumb

    def _follow(self, engines: Engines, view: Image, time: float) -> None:
        """Look for the known faces where they should be now."""
        tracks = sorted(self._tracker.tracks, key=lambda track: track.last_seen)
        tracks = tracks[:_FOLLOWED_PER_FRAME]
        stale = sorted(tracks, key=lambda track: track.last_verified)[:_VERIFIED_PER_FRAME]
        seen: list[tuple[Track, Sighting]] = []
        for track in tracks:
            expected = track.predicted(time)
            others = self._tracker.predicted(time, without=track)
            rested = time - track.last_verified < _SPARED_SECONDS
            crowded = touches(expected, others)
            spare = track.confirmed and not crowded and (rested or track not in stale)
            tries = 1 if track.confirmed and not track.covered else 0
            found = follow(engines, view, expected, track.appearance, spare, tries, others)
            if found is not None and not found.verified and _covers(found.box, others):
                found = None
            if found is None and not crowded and track.misses < 2 and track.confirmed:
                found = look_around(engines, view, expected, others)
            if found is None:
                track.miss(time, covered=_covers(expected, others))
            else:
                seen.append((track, found))
        for track, found in seen:
            self._take(view, track, found, seen, time)

    def _take(
        self,
        view: Image,
        track: Track,
        found: Sighting,
        seen: list[tuple[Track, Sighting]],
        time: float,
    ) -> None:
        """Move the track to where it was found, unless another one is meant there."""
        rivals = [rival for rival, other in seen if _is_same(found.box, other.box)]
        if len(rivals) > 1:
            fits = [fit(view, found.box, r.predicted(time), r.appearance) for r in rivals]
            if rivals[int(np.argmax(fits))] is not track:
                track.miss(time, covered=True)
                return
        crowded = self._tracker.crowds(track, time)
        track.see(found.box, time, found.verified, vague=crowded or not found.is_clear)
        if found.verified and not crowded:
            remember(view, found.box, track.appearance)

    def _look_for_new(self, engines: Engines, view: Image, thumb: Cells, time: float) -> None:
        known = self._tracker.predicted(time)
        if self._settings.detector == "yunet":
            self._network.run(engines.yunet, view, thumb, self._tracker, time)
            return
        self._reconsider(engines, view, time)
        windows = self._search.run(engines.alt2, view, thumb, known, time)
        fresh: list[Box] = []
        present = as_boxes([track.box for track in self._tracker.tracks if not track.misses])
        for box in grouped(windows):
            if _covers(box, present):
                continue
            track = self._tracker.claim(box, time)
            if track is None:
                fresh.append(box)
            else:
                self._found(track, view, box, time)
        self._candidates.add(as_boxes(fresh), time)
        known = self._tracker.predicted(time)
        most = _JUDGED_AT_ONCE if self._fresh else _JUDGED_PER_FRAME
        for box, confidence in self._candidates.judge(engines, view, known, time, most):
            started = self._tracker.start(box, confidence, time)
            if started is not None:
                remember(view, box, started.appearance)

    def _reconsider(self, engines: Engines, view: Image, time: float) -> None:
        """Ask again about the doubtful track that was asked longest ago: face or not?"""
        doubtful = [
            track
            for track in self._tracker.tracks
            if not track.confirmed
            and track.confidence < CONFIRM_CONFIDENCE
            and not track.misses
            and time - track.last_weighed >= _DOUBT_SECONDS
        ]
        for track in sorted(doubtful, key=lambda track: track.last_weighed)[:1]:
            track.weigh(votes(engines, view, track.box).confidence, time)
            if track.confidence < _LEAST_CONFIDENCE:
                self._candidates.refuse(view, track.box, time)
                self._tracker.drop(track)

    def _found(self, track: Track, view: Image, box: Box, time: float) -> None:
        track.see(box, time, verified=True)
        remember(view, box, track.appearance)

    def _result(self, width: int, height: int) -> LiveResult:
        shown = self._tracker.confirmed
        self._peak = max(self._peak, len(shown))
        ratio = np.array([width / self._view_wh[0], height / self._view_wh[1]] * 2, np.float32)
        boxes = face_from_square(as_boxes([track.box for track in shown])) * ratio
        faces = tuple(
            LiveFace(track.id, _whole(box, width, height), round(track.confidence, 3))
            for track, box in zip(shown, boxes, strict=True)
        )
        return LiveResult(width, height, faces, len(faces), self._peak, self._tracker.seen)


def _view(jpeg: bytes, width: int, height: int, min_face: int) -> Image:
    """The frame in grey, so small that the smallest face has `search.SMALLEST` pixels."""
    longer = max(width, height)
    wanted = _REFERENCE_SIDE * SMALLEST / min_face
    wanted = min(longer, max(_NARROWEST_VIEW, min(_WIDEST_VIEW, wanted)))
    reduction = next((r for r in _REDUCTIONS if longer / r >= wanted), 1)
    gray = decode_gray_reduced(jpeg, reduction)
    return resize(gray, width * wanted / longer, height * wanted / longer)


def _covers(box: Box, others: Boxes) -> bool:
    return bool((iou(as_boxes([box]), others) > 0.25).any())


def _is_same(box: Box, other: Box) -> bool:
    return bool(iou(as_boxes([box]), as_boxes([other]))[0, 0] > 0.4)


def _whole(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """xyxy floats as x, y, width, height in whole pixels, at least one, inside the frame."""
    x1, y1, x2, y2 = (round(float(edge)) for edge in box)
    x1, y1 = min(max(x1, 0), width - 1), min(max(y1, 0), height - 1)
    return x1, y1, max(1, min(x2, width) - x1), max(1, min(y2, height) - y1)
