"""Soft shapes on a canvas with an alpha channel, in units that the picture chooses."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

Colour = tuple[int, int, int]
Point = tuple[float, float]

_SHIFT = 4  # cv2's fixed-point bits: corners lie on sixteenths of a pixel


class Layer:
    """A picture of its own: float32 colour (H, W, 3) in 0..255, BGR, and alpha (H, W) in 0..1.

    Shapes are given in units; ``origin`` is where (0, 0) lies and ``unit`` how long one is, both
    in pixels. ``blur`` is a standard deviation in units.
    """

    def __init__(self, size: tuple[int, int], origin: Point, unit: float) -> None:
        self.colour = np.zeros((size[1], size[0], 3), np.float32)
        self.alpha = np.zeros((size[1], size[0]), np.float32)
        self._origin, self._unit = origin, unit

    def mask(self, points: Sequence[Point] | np.ndarray, blur: float = 0.0) -> np.ndarray:
        """How much of each pixel the polygon covers, float32 (H, W) in 0..1."""
        corners = np.asarray(points, np.float64) * self._unit + self._origin
        filled = np.zeros(self.alpha.shape, np.uint8)
        fixed = np.round(corners * 2**_SHIFT).astype(np.int32)
        cv2.fillPoly(filled, [fixed], 255, cv2.LINE_AA, _SHIFT)
        mask = filled.astype(np.float32) / 255
        return _soften(mask, blur * self._unit) if blur else mask

    def paint(self, mask: np.ndarray, colour: Colour, opacity: float = 1.0) -> None:
        """Lay an opaque or thin coat over what is there."""
        coat = mask * opacity
        alpha = coat + self.alpha * (1 - coat)
        share = np.divide(coat, alpha, out=np.zeros_like(coat), where=alpha > 0)[..., None]
        self.colour += (np.array(colour, np.float32) - self.colour) * share
        self.alpha = alpha

    def tint(self, mask: np.ndarray, colour: Colour, opacity: float, within: np.ndarray) -> None:
        """Colour what is there, only inside the mask ``within``."""
        share = (mask * within * opacity)[..., None]
        self.colour += (np.array(colour, np.float32) - self.colour) * share

    def premultiplied(self) -> np.ndarray:
        """uint8 (H, W, 4): colour times alpha, and alpha; may be warped and scaled safely."""
        bgr = self.colour * self.alpha[..., None]
        return np.round(np.dstack([bgr, self.alpha * 255])).clip(0, 255).astype(np.uint8)


def _soften(mask: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur; a wide one at a smaller size, where it costs little and looks the same."""
    shrink = max(1, int(sigma / 4))
    height, width = mask.shape
    size = (max(1, width // shrink), max(1, height // shrink))
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA) if shrink > 1 else mask
    small = cv2.GaussianBlur(small, (0, 0), sigma / shrink)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def ellipse(x: float, y: float, a: float, b: float, turn: float = 0.0) -> np.ndarray:
    """Outline of an ellipse, float64 (N, 2); ``turn`` in degrees, clockwise as seen."""
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    dx, dy = a * np.cos(angle), b * np.sin(angle)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    return np.column_stack([x + dx * c - dy * s, y + dx * s + dy * c])


def smooth(points: Sequence[Point]) -> np.ndarray:
    """A closed curve through the points (Catmull-Rom), float64 (N, 2)."""
    p = np.asarray(points, np.float64)
    before, after, beyond = np.roll(p, 1, 0), np.roll(p, -1, 0), np.roll(p, -2, 0)
    t = np.linspace(0, 1, 16, endpoint=False)[None, :, None]
    linear = (after - before)[:, None] * t
    square = (2 * before - 5 * p + 4 * after - beyond)[:, None] * t**2
    cubic = (3 * p - before - 3 * after + beyond)[:, None] * t**3
    return (p[:, None] + (linear + square + cubic) / 2).reshape(-1, 2)


def stroke(points: Sequence[Point], widths: Sequence[float]) -> np.ndarray:
    """Outline of a brush stroke of changing width along a curve through three points."""
    start, middle, end = (np.asarray(point, np.float64) for point in points)
    t = np.linspace(0, 1, 40)[:, None]
    control = 2 * middle - (start + end) / 2
    line = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    along = np.gradient(line, axis=0)
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    half = np.interp(t[:, 0], np.linspace(0, 1, len(widths)), widths)[:, None] / 2
    return np.concatenate([line + normal * half, (line - normal * half)[::-1]])


def mirrored(points: np.ndarray) -> np.ndarray:
    """The same shape on the other side of x = 0."""
    return points * (-1, 1)
