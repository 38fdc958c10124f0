"""The room behind the people: a wall, a window, a shelf with books, a plant."""

from __future__ import annotations

import cv2
import numpy as np

from bench.drawing.brush import Colour, Layer, ellipse, stroke

_WALL_TOP, _WALL_BOTTOM = (214, 224, 230), (182, 198, 212)
_BOOKS: tuple[tuple[float, float, Colour], ...] = (
    (13, 46, (150, 136, 92)), (10, 40, (108, 142, 206)), (15, 50, (160, 172, 184)),
    (11, 43, (120, 116, 168)), (13, 38, (132, 158, 128)), (9, 47, (176, 160, 120)),
)  # fmt: skip


def paint_room(layer: Layer) -> None:
    """Fill a layer whose units are pixels of the 640x480 frame, with (0, 0) in its corner."""
    height, width = layer.alpha.shape
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    wall = np.array(_WALL_TOP, np.float32) * (1 - down) + np.array(_WALL_BOTTOM, np.float32) * down
    layer.colour[:] = np.broadcast_to(wall, (height, width, 3))
    layer.alpha[:] = 1
    layer.paint(layer.mask(ellipse(120, 90, 200, 160), 50), (232, 240, 244), 0.7)
    _paint_window(layer)
    _paint_shelf(layer)
    _paint_plant(layer)
    _paint_sideboard(layer)
    # The people are in focus, the room is not quite.
    layer.colour = cv2.GaussianBlur(layer.colour, (0, 0), 4.5)


def _box(x1: float, y1: float, x2: float, y2: float) -> list[tuple[float, float]]:
    return [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]


def _paint_window(layer: Layer) -> None:
    layer.paint(layer.mask(_box(20, 10, 218, 262), 6), (150, 166, 180), 0.4)
    layer.paint(layer.mask(_box(18, 6, 214, 256)), (240, 245, 247))
    pane = layer.mask(_box(28, 16, 112, 246)) + layer.mask(_box(120, 16, 204, 246))
    layer.paint(pane, (238, 226, 206))
    for x, y, radius in ((50, 236, 52), (130, 250, 66), (196, 232, 44)):
        layer.tint(layer.mask(ellipse(x, y, radius, radius), 3), (186, 206, 182), 0.8, pane)
    layer.paint(layer.mask(_box(8, 256, 224, 266)), (226, 234, 238))


def _paint_shelf(layer: Layer) -> None:
    layer.paint(layer.mask(_box(428, 92, 634, 104), 5), (140, 156, 172), 0.5)
    layer.paint(layer.mask(_box(426, 84, 632, 93)), (128, 160, 190))
    x = 440.0
    for width, height, colour in _BOOKS:
        layer.paint(layer.mask(_box(x, 84 - height, x + width, 84)), colour)
        x += width + 1.5
    layer.paint(layer.mask(ellipse(592, 66, 17, 18)), (206, 214, 222))


def _paint_plant(layer: Layer) -> None:
    for turn, length in ((-38, 120), (-16, 150), (6, 160), (26, 132), (48, 108)):
        dx, dy = np.sin(np.radians(turn)) * length, -np.cos(np.radians(turn)) * length
        stem = [(418.0, 300.0), (418 + dx * 0.4, 300 + dy * 0.6), (418 + dx, 300 + dy)]
        colour: Colour = (116, 152, 112) if turn > 0 else (128, 166, 130)
        layer.paint(layer.mask(stroke(stem, [4, 26, 1])), colour)
    pot = [(396.0, 292.0), (440.0, 292.0), (434.0, 346.0), (402.0, 346.0)]
    layer.paint(layer.mask(pot), (206, 214, 226))
    layer.tint(layer.mask(_box(424, 288, 444, 350), 5), (150, 166, 186), 0.6, layer.mask(pot))


def _paint_sideboard(layer: Layer) -> None:
    layer.paint(layer.mask(_box(196, 340, 640, 352), 5), (130, 146, 164), 0.4)
    layer.paint(layer.mask(_box(196, 345, 660, 490)), (140, 170, 198))
    layer.paint(layer.mask(_box(190, 343, 660, 352)), (156, 186, 212))
