"""How well an engine does on a clip or a photo, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from bench.detection.clips import Clip, Frame
from bench.detection.photos import SMALLEST_FACE, Photo
from streamapp.vision.boxes import Boxes, as_boxes, iou, xyxy_from_xywh
from streamapp.vision.codec import decode_gray_reduced
from streamapp.vision.engines import Engines
from streamapp.vision.live import LivePipeline, LiveSettings

# Cascades mark squares, YuNet 3:4: the two overlap by 0.7 at best, so 0.5 would be harsh.
MATCH_IOU = 0.35

# A live engine: JPEG and time in; boxes (xyxy), ids and count out.
Answer = tuple[Boxes, tuple[int, ...], int]
Live = Callable[[bytes, float], Answer]


def ours(engines: Engines, detector: str) -> Live:
    """A fresh client of the product."""
    pipeline = LivePipeline(LiveSettings(detector))

    def answer(jpeg: bytes, at: float) -> Answer:
        result = pipeline.process(engines, jpeg, at)
        boxes = xyxy_from_xywh(as_boxes([face.box for face in result.faces]))
        return boxes, tuple(face.id for face in result.faces), result.count

    return answer


def stock(name: str) -> Live:
    """What tutorials do: decode, scan the whole frame with one cascade (1.1, 5)."""
    cascade = cv2.CascadeClassifier(f"{cv2.data.haarcascades}haarcascade_{name}.xml")

    def answer(jpeg: bytes, at: float) -> Answer:  # noqa: ARG001
        found = cascade.detectMultiScale(decode_gray_reduced(jpeg, 1), 1.1, 5)
        return xyxy_from_xywh(as_boxes(found)), (), len(found)

    return answer


@dataclass
class Score:
    """Sums over frames or photos; `cpu` in thread milliseconds, one entry a frame."""

    true: int = 0
    false: int = 0
    missed: int = 0
    exact: int = 0
    frames: int = 0
    flips: int = 0
    identity_changes: int = 0
    first: list[float] = field(default_factory=list)  # seconds to first detection
    dropped: list[float] = field(default_factory=list)  # seconds to drop
    cpu: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the demanded faces that were found."""
        return self.true / max(1, self.true + self.missed)

    @property
    def precision(self) -> float:
        """Share of the boxes that are faces."""
        return self.true / max(1, self.true + self.false)

    def add(self, other: Score) -> None:
        """Sum up another clip's score."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def matched(truth: Boxes, found: Boxes) -> dict[int, int]:
    """Index of the found box for each truth that has one, best overlaps first, one to one."""
    scores = iou(truth, found)
    pairs: dict[int, int] = {}
    while scores.size and scores.max() >= MATCH_IOU:
        row, column = np.unravel_index(int(scores.argmax()), scores.shape)
        pairs[int(row)] = int(column)
        scores[row, :] = scores[:, column] = -1
    return pairs


def run_clip(live: Live, clip: Clip) -> Score:
    """Show the clip to one engine."""
    score = Score()
    watch = _Events()
    ids: dict[int, int] = {}
    for frame in clip.frames:
        began = time.thread_time()
        boxes, names, count = live(frame.jpeg, frame.time)
        score.cpu.append((time.thread_time() - began) * 1000)
        pairs = matched(frame.demanded, boxes)
        rest = np.array([k for k in range(len(boxes)) if k not in pairs.values()], int)
        forgiven = len(matched(frame.tolerated, boxes[rest]))
        score.true += len(pairs)
        score.missed += len(frame.demanded) - len(pairs)
        score.false += len(rest) - forgiven
        score.exact += frame.count <= count <= frame.count + forgiven
        score.frames += 1
        score.flips += bool(score.counts) and count != score.counts[-1]
        score.counts.append(count)
        score.truth.append(frame.count)
        for row, column in pairs.items():
            if names:
                person = frame.people[row]
                score.identity_changes += ids.get(person, names[column]) != names[column]
                ids[person] = names[column]
        watch.note(frame, {frame.people[row] for row in pairs}, count)
    score.first, score.dropped = watch.first, watch.dropped
    return score


class _Events:
    """Measures how long a face waits to be found, and how long it is shown when it is gone."""

    def __init__(self) -> None:
        self.first: list[float] = []
        self.dropped: list[float] = []
        self._since: dict[int, float] = {}
        self._found: set[int] = set()
        self._gone: list[float] = []

    def note(self, frame: Frame, found: set[int], count: int) -> None:
        for person in frame.people:
            self._since.setdefault(person, frame.time)
            if person in found and person not in self._found:
                self._found.add(person)
                self.first.append(frame.time - self._since[person])
        present = set(frame.people)
        for person in set(self._since) - present:
            del self._since[person]
            if person in self._found:
                self._found.remove(person)
                self._gone.append(frame.time)
        if count <= frame.count + len(frame.tolerated):
            self.dropped += [frame.time - since for since in self._gone]
            self._gone = []


def run_photo(find: Callable[[np.ndarray], Boxes], photo: Photo) -> Score:
    """Show one still to a detector; tiny faces are neither demanded nor held against it."""
    began = time.thread_time()
    boxes = find(photo.image)
    elapsed = (time.thread_time() - began) * 1000
    pairs = matched(photo.truth, boxes)
    heights = photo.truth[:, 3] - photo.truth[:, 1]
    missed = sum(heights[row] >= SMALLEST_FACE for row in range(len(heights)) if row not in pairs)
    return Score(len(pairs), len(boxes) - len(pairs), int(missed), frames=1, cpu=[elapsed])
