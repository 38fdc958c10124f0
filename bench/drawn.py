"""A webcam clip of the project's own: three drawn people, whose faces the detectors find.

    scene(1.5)      -> the frame at 1.5 seconds
    faces(1.5)      -> where the faces are in it
    clip()          -> MJPEG file for Chromium's fake camera
    photo()         -> a JPEG for the upload page

``python -m bench.drawn`` draws a contact sheet and says what the detectors make of it.
"""

from __future__ import annotations

import functools
from pathlib import Path

import cv2
import numpy as np

from bench.drawing.brush import Layer
from bench.drawing.people import (
    FACE_BOTTOM,
    FACE_TOP,
    PEOPLE,
    paint_body,
    paint_hair_behind,
    paint_head,
)
from bench.drawing.room import paint_room
from bench.media import CACHE, ROOT, WEBCAM_FPS, WEBCAM_WH, _jpeg, _write
from streamapp.vision.engines import Engines
from streamapp.vision.live import LivePipeline, LiveSettings

VERSION = 1
PERIOD = 5.0  # seconds after which everybody is where they were: the clip has no seam
_FINER = 3
_SPRITE = (2.4, 3.8)  # face widths
_MIDDLE = (1.2, 1.2)  # of the face in its sprite, face widths from the corner
_NECK = 0.75  # the head turns about this point below its middle
# x, y of the middle of the face and its width, pixels
_PLACES = {
    0: (),
    1: ((320, 214, 146),),
    2: ((212, 224, 136), (436, 208, 132)),
    3: ((112, 226, 124), (322, 196, 122), (530, 222, 126)),
}


def scene(time: float, people: int = 3) -> np.ndarray:
    """The frame at ``time`` seconds: BGR uint8 (480, 640, 3).

    Raises ValueError for a number of people outside 0..3.
    """
    frame = _room().copy()
    for index in sorted(range(people), key=lambda i: _place(people, i)[1]):
        dx, dy, turn = _pose(time, index)
        x, y, width = _place(people, index)
        behind, body, head = _sprites(index, width)
        _lay(frame, behind, (x, y, width), (dx, dy, turn))
        _lay(frame, body, (x, y, width), (dx * 0.4, dy * 0.5, 0.0))
        _lay(frame, head, (x, y, width), (dx, dy, turn))
    grain = frame + _grain()
    return np.round(grain).clip(0, 255).astype(np.uint8)


def faces(time: float, people: int = 3) -> np.ndarray:
    """True boxes of the faces, left to right: float32 (people, 4), x1 y1 x2 y2 in pixels."""
    boxes = np.zeros((people, 4), np.float32)
    for index in range(people):
        x, y, width = _place(people, index)
        dx, dy, turn = _pose(time, index)
        x += dx + np.sin(np.radians(turn)) * _NECK * width
        y += dy
        boxes[index] = (x - width / 2, y + FACE_TOP * width, x + width / 2, y + FACE_BOTTOM * width)
    return boxes


def clip(seconds: float = 10, people: int = 3) -> Path:
    """640x480 MJPEG at 30 frames/s, JPEG after JPEG; drawn once, then cached by ``VERSION``."""
    path = CACHE / f"drawn-v{VERSION}-{people}-{seconds:g}s.mjpeg"
    if not path.exists():
        ticks = round(seconds * WEBCAM_FPS)
        period = round(PERIOD * WEBCAM_FPS)
        drawn = [_jpeg(scene(t / WEBCAM_FPS, people), 90) for t in range(min(ticks, period))]
        _write(path, b"".join(drawn[tick % period] for tick in range(ticks)))
    return path


def photo(people: int = 3) -> bytes:
    """A JPEG of the scene."""
    return _jpeg(scene(0.0, people), 92)


def _place(people: int, index: int) -> tuple[int, int, int]:
    if people not in _PLACES:
        raise ValueError(f"There are drawings of 0 to {len(PEOPLE)} people, not of {people}.")
    return _PLACES[people][index]


def _pose(time: float, index: int) -> tuple[float, float, float]:
    """Pixels to the right and down, degrees clockwise."""
    angle = 2 * np.pi * (time / PERIOD + index / 3)
    return 5 * np.sin(angle), 2 * np.sin(2 * angle + 1), 1.6 * np.sin(angle + 0.6)


@functools.cache
def _room() -> np.ndarray:
    layer = Layer((WEBCAM_WH[0] * _FINER, WEBCAM_WH[1] * _FINER), (0, 0), _FINER)
    paint_room(layer)
    return cv2.resize(layer.colour, WEBCAM_WH, interpolation=cv2.INTER_AREA)


@functools.cache
def _grain() -> np.ndarray:
    noise = np.random.default_rng(1).normal(0, 1.2, (WEBCAM_WH[1], WEBCAM_WH[0], 1))
    return noise.astype(np.float32)


@functools.cache
def _sprites(index: int, width: int) -> tuple[np.ndarray, ...]:
    """Hair behind, body and head of one person, premultiplied, three times too large."""
    unit = width * _FINER
    size = tuple(round(side * width) * _FINER for side in _SPRITE)
    layers = []
    for paint in (paint_hair_behind, paint_body, paint_head):
        layer = Layer(size, (_MIDDLE[0] * unit, _MIDDLE[1] * unit), unit)
        paint(layer, PEOPLE[index])
        layers.append(layer.premultiplied())
    return tuple(layers)


def _lay(
    frame: np.ndarray,
    sprite: np.ndarray,
    place: tuple[int, int, int],
    pose: tuple[float, float, float],
) -> None:
    """Put a sprite into the float32 frame, moved and turned; what is outside is cut off."""
    x, y, width = place
    dx, dy, turn = pose
    unit = width * _FINER
    pivot = (_MIDDLE[0] * unit, (_MIDDLE[1] + _NECK) * unit)
    matrix = cv2.getRotationMatrix2D(pivot, -turn, 1)
    matrix[:, 2] += (dx * _FINER, dy * _FINER)
    height_px, width_px = sprite.shape[0] // _FINER, sprite.shape[1] // _FINER
    moved = cv2.warpAffine(sprite, matrix, (sprite.shape[1], sprite.shape[0]))
    small = cv2.resize(moved, (width_px, height_px), interpolation=cv2.INTER_AREA)
    left, top = round(x - _MIDDLE[0] * width), round(y - _MIDDLE[1] * width)
    x1, y1 = max(left, 0), max(top, 0)
    x2, y2 = min(left + width_px, frame.shape[1]), min(top + height_px, frame.shape[0])
    part = small[y1 - top : y2 - top, x1 - left : x2 - left].astype(np.float32)
    under = frame[y1:y2, x1:x2]
    under *= 1 - part[..., 3:] / 255
    under += part[..., :3]


def _report() -> None:
    """Contact sheet to artifacts/; on how many frames each detector counted everybody."""
    frames = [scene(tick / 15) for tick in range(round(PERIOD * 15))]
    rows = [np.hstack([*frames[start : start + 30 : 15]]) for start in (0, 30)]
    sheet = ROOT / "artifacts" / "drawn.png"
    sheet.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(sheet), np.vstack([*rows, np.hstack([scene(0, 1), scene(0, 2)])]))
    for name in ("default", "alt2"):
        stock = cv2.CascadeClassifier(
            str(Path(cv2.data.haarcascades) / f"haarcascade_frontalface_{name}.xml")
        )
        gray = (cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame in frames)
        exact = sum(len(stock.detectMultiScale(each, 1.1, 5)) == len(PEOPLE) for each in gray)
        print(f"haarcascade_frontalface_{name}: {exact} of {len(frames)} frames")
    engines = Engines()
    for detector in ("cascade", "yunet"):
        pipeline = LivePipeline(LiveSettings(detector))
        counts = [
            pipeline.process(engines, _jpeg(frame, 85), tick / 15).count
            for tick, frame in enumerate(frames)
        ]
        print(f"live, {detector}: {counts.count(len(PEOPLE))} of {len(frames)} frames")


if __name__ == "__main__":
    _report()
