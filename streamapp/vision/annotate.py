"""Boxes drawn on a still picture, and faces made unrecognisable."""

from __future__ import annotations

import cv2

from streamapp.vision.codec import Image
from streamapp.vision.detection import Detections

# A warm yellow inside a dark rim: readable on light and dark skin, sky and wall alike.
_LINE_BGR = (64, 200, 255)
_RIM_BGR = (24, 24, 24)


def annotate(scene: Image, detections: Detections) -> Image:
    """A copy of ``scene`` (H, W, 3) BGR with one numbered box per detection.

    Numbers follow the order of ``detections``, so that a box can be found in the list beside
    the picture. Line and text grow with the picture.
    """
    canvas = scene.copy()
    draw(canvas, detections)
    return canvas


def draw(canvas: Image, detections: Detections) -> None:
    """As `annotate`, on ``canvas`` itself: a large picture is not in memory twice."""
    thickness = max(2, round(max(canvas.shape[:2]) / 400))
    for number, (x1, y1, x2, y2) in enumerate(detections.xyxy.round().astype(int).tolist(), 1):
        for color, width in ((_RIM_BGR, thickness + 2), (_LINE_BGR, thickness)):
            cv2.rectangle(canvas, (x1, y1), (x2, y2), color, width, cv2.LINE_AA)
        _label(canvas, str(number), (x1, y1), thickness)


def _label(canvas: Image, text: str, corner: tuple[int, int], thickness: int) -> None:
    """A filled tab with the number, above the box, or inside it where the picture ends."""
    scale = thickness * 0.35
    (width, height), baseline = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, thickness)
    tab_width = width + 2 * thickness
    x, y = max(0, min(corner[0], canvas.shape[1] - tab_width - 1)), max(0, corner[1])
    tab = height + baseline + thickness
    top = y - tab if y >= tab else y
    cv2.rectangle(canvas, (x, top), (x + tab_width, top + tab), _LINE_BGR, cv2.FILLED)
    origin = (x + thickness, top + height + thickness)
    cv2.putText(
        canvas, text, origin, cv2.FONT_HERSHEY_SIMPLEX, scale, _RIM_BGR, thickness, cv2.LINE_AA
    )


def pixelate(scene: Image, detections: Detections, cells: int = 6) -> Image:
    """A copy of ``scene`` (H, W, 3) BGR with every face reduced to ``cells`` x ``cells`` means.

    The box is widened by a fifth, since hair and chin tell people apart too. Means of blocks
    cannot be undone as a blur could: the rest of the information is gone.
    """
    canvas = scene.copy()
    height, width = scene.shape[:2]
    for x1, y1, x2, y2 in detections.xyxy.tolist():
        margin_x, margin_y = (x2 - x1) * 0.2, (y2 - y1) * 0.2
        left, right = max(0, int(x1 - margin_x)), min(width, int(x2 + margin_x) + 1)
        top, bottom = max(0, int(y1 - margin_y)), min(height, int(y2 + margin_y) + 1)
        if right <= left or bottom <= top:
            continue
        face = canvas[top:bottom, left:right]
        size = (right - left, bottom - top)
        # A small face gets fewer cells: each is the mean of at least 4 x 4 pixels.
        grid = tuple(max(1, min(cells, length // 4)) for length in size)
        means = cv2.resize(face, grid, interpolation=cv2.INTER_AREA)
        canvas[top:bottom, left:right] = cv2.resize(means, size, interpolation=cv2.INTER_NEAREST)
    return canvas
