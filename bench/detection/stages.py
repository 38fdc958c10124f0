"""The synthetic clips: one difficulty each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from bench.detection.clips import Actor, Clip, Path, Stage, played

PHOTOS = (
    *("obama.jpg", "0-f15-hao-ph.jpg", "astronaut.png", "audrey.jpg", "single_face.jpg"),
    *("cage.jpg", "SeanConnery.jpg", "0-f1-su-ph.jpg"),
)


def synthetic_clips() -> Iterator[Clip]:
    """Every stage, about ten seconds each."""
    for make in (
        *(entering, crossing, shrinking, occluded, crowd, flicker, shake, cuts, hurried, slow),
    ):
        yield make()


def sway(x: float, y: float, height: float, phase: float = 0.0) -> Path:
    """Someone sitting: a slow sway of a few pixels."""

    def path(time: float) -> tuple[float, float, float]:
        swing = np.sin(1.7 * time + phase)
        return x + 9 * swing, y + 4 * np.cos(1.1 * time + phase), height * (1 + 0.03 * swing)

    return path


def between(start: float, stop: float, path: Path) -> Path:
    """There only from ``start`` to ``stop``."""
    return lambda time: path(time) if start <= time < stop else None


def walk(x1: float, x2: float, y: float, height: float, start: float, seconds: float) -> Path:
    """From x1 to x2 at constant speed, from ``start`` on; not there before and after."""

    def path(time: float) -> tuple[float, float, float] | None:
        share = (time - start) / seconds
        return (x1 + (x2 - x1) * share, y, height) if 0 <= share <= 1 else None

    return path


def crossing(
    first: str = PHOTOS[0], second: str = PHOTOS[1], seconds: float = 4.0, y: float = 12.0
) -> Clip:
    """Two faces pass each other, one in front of the other."""
    front = Actor(first, walk(120, 520, 230, 120, 0, seconds))
    back = Actor(second, walk(520, 120, 230 - y, 105, 0, seconds))
    return played("crossing", [(0, Stage("coffee.png", (back, front)))], seconds)


def entering() -> Clip:
    """Three come in from the sides and go again."""
    actors = (
        Actor(PHOTOS[0], between(1.0, 8.0, sway(150, 220, 130))),
        Actor(PHOTOS[1], walk(-80, 720, 250, 110, 2.5, 6.0)),
        Actor(PHOTOS[2], between(3.0, 9.0, sway(500, 200, 90, 1.0))),
    )
    return played("entering", [(0, Stage("rocket.jpg", actors))], 11)


def shrinking() -> Clip:
    """One walks away to 50 pixels and comes back to 260."""

    def path(time: float) -> tuple[float, float, float]:
        return 320 + 60 * np.sin(time), 240, 155 - 105 * np.cos(time * 2 * np.pi / 10 + np.pi)

    return played("shrinking", [(0, Stage("coffee.png", (Actor(PHOTOS[3], path),)))], 10)


def occluded() -> Clip:
    """Two faces, and a board that is carried past before them."""

    def board(image: np.ndarray, time: float) -> np.ndarray:
        x = round((time - 3) * 160) - 100
        return cv2.rectangle(image, (x, 0), (x + 90, 480), (90, 110, 120), cv2.FILLED)

    actors = (Actor(PHOTOS[4], sway(200, 240, 120)), Actor(PHOTOS[5], sway(440, 230, 120, 2)))
    return played("occluded", [(0, Stage("motorcycle_left.png", actors, board))], 10)


def crowd(count: int = 8, seconds: float = 8.0) -> Clip:
    """People in rows, 16 at most, or nobody."""
    columns = max(1, min(count, 4))
    rows = -(-count // columns)
    height = 110 if rows < 3 else 80
    actors = tuple(
        Actor(
            PHOTOS[index % len(PHOTOS)],
            sway(
                640 * (index % columns + 0.5) / columns,
                480 * (index // columns + 0.5) / rows,
                height,
                index,
            ),
        )
        for index in range(count)
    )
    return played(f"{count} faces", [(0, Stage("rocket.jpg", actors))], seconds)


def flicker() -> Clip:
    """Light that flickers by a quarter."""
    return _pair("flicker", lambda image, time: image * (1 + 0.25 * np.sin(40 * time)))


def shake() -> Clip:
    """A camera in the hand."""

    def moved(image: np.ndarray, time: float) -> np.ndarray:
        offset = 4 * np.sin(17 * time), 3 * np.cos(23 * time)
        matrix = np.array([[1, 0, offset[0]], [0, 1, offset[1]]])
        return cv2.warpAffine(image, matrix, (640, 480), borderMode=cv2.BORDER_REPLICATE)

    return _pair("shake", moved)


def cuts() -> Clip:
    """Three people, cut to one, cut to none, cut to two."""
    three = tuple(Actor(PHOTOS[k], sway(130 + 190 * k, 240, 110, k)) for k in range(3))
    one = (Actor(PHOTOS[3], sway(320, 250, 220)),)
    two = tuple(Actor(PHOTOS[4 + k], sway(200 + 230 * k, 230, 130, k)) for k in range(2))
    stages = [
        (0.0, Stage("coffee.png", three)),
        (3.0, Stage("rocket.jpg", one)),
        (6.0, Stage("motorcycle_left.png", ())),
        (9.0, Stage("hubble_deep_field.jpg", two)),
    ]
    return played("cuts", stages, 12)


def hurried() -> Clip:
    """Someone who paces up and down, three face widths a second at most."""

    def path(time: float) -> tuple[float, float, float]:
        return 320 + 190 * np.sin(1.6 * time), 230, 125

    return played("hurried", [(0, Stage("rocket.jpg", (Actor(PHOTOS[6], path),)))], 10)


def slow() -> Clip:
    """Four frames a second."""
    actors = (Actor(PHOTOS[7], sway(200, 240, 130)), Actor(PHOTOS[0], sway(440, 220, 110, 1)))
    return played("4 frames/s", [(0, Stage("coffee.png", actors))], 10, fps=4)


def _pair(name: str, after: Callable[[np.ndarray, float], np.ndarray]) -> Clip:
    actors = (Actor(PHOTOS[1], sway(200, 240, 130)), Actor(PHOTOS[2], sway(440, 230, 110, 2)))
    return played(name, [(0, Stage("coffee.png", actors, after))], 10)
