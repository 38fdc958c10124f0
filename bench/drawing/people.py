"""Three people: what tells them apart, and how a head and a body are painted.

Units are face widths; (0, 0) is the middle of the face, between the eyes and the nose. The
shading is what Haar's features look for: sockets darker than forehead and cheeks, a bridge of
the nose brighter than the eyes, a dark mouth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.drawing.brush import Colour, Layer, ellipse, mirrored, smooth, stroke

FACE_TOP, FACE_BOTTOM = -0.64, 0.68  # hairline to chin, as true boxes have it
_EYE_X, _EYE_Y = 0.205, -0.075


@dataclass(frozen=True)
class Person:
    """Colours are BGR. ``hair``: "long", "short" or "bun"."""

    hair: str
    skin: Colour
    shade: Colour
    light: Colour
    blush: Colour
    lips: Colour
    iris: Colour
    hair_colour: Colour
    hair_shine: Colour
    cloth: Colour
    cloth_shade: Colour


PEOPLE = (
    Person(
        "long", (172, 200, 238), (96, 122, 176), (208, 226, 250), (140, 150, 236), (92, 86, 190),
        (92, 84, 52), (38, 58, 112), (66, 98, 164), (138, 128, 58), (104, 94, 36),
    ),
    Person(
        "short", (84, 120, 172), (42, 62, 104), (122, 158, 206), (76, 96, 178), (58, 58, 122),
        (30, 40, 58), (30, 28, 32), (56, 54, 60), (74, 170, 226), (50, 132, 190),
    ),
    Person(
        "bun", (130, 168, 216), (66, 92, 148), (172, 204, 238), (108, 124, 216), (80, 76, 172),
        (40, 56, 80), (44, 38, 44), (84, 74, 80), (112, 112, 214), (84, 82, 176),
    ),
)  # fmt: skip


def paint_body(layer: Layer, person: Person) -> None:
    """Neck, shoulders and clothes."""
    right = [(0.0, 0.86), (0.3, 0.88), (0.62, 1.0), (0.86, 1.2), (0.96, 1.6), (1.0, 2.9), (0, 2.9)]
    left = [(-x, y) for x, y in right[-2:0:-1]]
    cloth = layer.mask(smooth(right + left))
    neck = layer.mask(smooth([(-0.2, 0.3), (0.2, 0.3), (0.22, 0.8), (0.36, 0.93), (0, 1.1),
                              (-0.36, 0.93), (-0.22, 0.8)]))  # fmt: skip
    layer.paint(cloth, person.cloth)
    layer.tint(layer.mask(ellipse(0.75, 2.0, 0.5, 1.2), 0.2), person.cloth_shade, 0.8, cloth)
    for side in (-1, 1):
        fold = stroke([(side * 0.62, 1.5), (side * 0.6, 1.9), (side * 0.66, 2.6)], [0.01, 0.05])
        layer.tint(layer.mask(fold, 0.02), person.cloth_shade, 0.9, cloth)
    collar = smooth([(-0.4, 0.9), (0.4, 0.9), (0.3, 1.06), (0, 1.17), (-0.3, 1.06)])
    layer.paint(layer.mask(collar), person.cloth_shade)
    layer.paint(neck, person.skin)
    layer.tint(layer.mask(ellipse(0, 0.66, 0.36, 0.2), 0.06), person.shade, 0.75, neck)


def paint_hair_behind(layer: Layer, person: Person) -> None:
    """What of the hair is behind the neck."""
    if person.hair == "long":
        right = [(0, -0.84), (0.4, -0.7), (0.62, -0.25), (0.64, 0.4), (0.66, 0.95), (0.4, 1.08)]
        shape = smooth(right + [(-x, y) for x, y in right[:0:-1]])
        layer.paint(layer.mask(shape), person.hair_colour)
    elif person.hair == "bun":
        bun = layer.mask(ellipse(0.06, -0.88, 0.23, 0.2))
        layer.paint(bun, person.hair_colour)
        layer.tint(layer.mask(ellipse(0.0, -0.95, 0.1, 0.05), 0.03), person.hair_shine, 0.8, bun)


def paint_head(layer: Layer, person: Person) -> None:
    """Ears, face and the hair around it."""
    for side in (-1, 1):
        layer.paint(layer.mask(ellipse(side * 0.49, 0.02, 0.075, 0.13)), person.skin)
        layer.paint(layer.mask(ellipse(side * 0.5, 0.02, 0.035, 0.08), 0.015), person.shade, 0.5)
    right = [(0, -0.68), (0.3, -0.6), (0.47, -0.32), (0.495, 0.0), (0.45, 0.3), (0.3, 0.56)]
    outline = smooth([*right, (0.12, 0.67), (-0.12, 0.67), *((-x, y) for x, y in right[:0:-1])])
    face = layer.mask(outline)
    layer.paint(face, person.skin)
    _shade_face(layer, person, face)
    _paint_eyes(layer, person, face)
    _paint_mouth(layer, person, face)
    _paint_fringe(layer, person, face)


def _shade_face(layer: Layer, person: Person, face: np.ndarray) -> None:
    rim = 1 - layer.mask(ellipse(-0.02, 0.0, 0.44, 0.6), 0.09)
    layer.tint(rim, person.shade, 0.55, face)
    layer.tint(layer.mask(ellipse(-0.02, -0.34, 0.26, 0.1), 0.07), person.light, 0.8, face)
    layer.tint(layer.mask(ellipse(0, 0.55, 0.1, 0.05), 0.04), person.light, 0.5, face)
    for side in (-1, 1):
        cheek = ellipse(side * 0.27, 0.17, 0.13, 0.09)
        layer.tint(layer.mask(cheek, 0.05), person.light, 0.85, face)
        blush = ellipse(side * 0.3, 0.22, 0.09, 0.06)
        layer.tint(layer.mask(blush, 0.05), person.blush, 0.3, face)
        socket = ellipse(side * _EYE_X, _EYE_Y - 0.02, 0.155, 0.085)
        layer.tint(layer.mask(socket, 0.035), person.shade, 0.75, face)
    bridge = stroke([(0, -0.2), (0, 0.0), (0, 0.17)], [0.07, 0.06, 0.1])
    layer.tint(layer.mask(bridge, 0.025), person.light, 0.95, face)
    flank = stroke([(0.06, -0.02), (0.075, 0.1), (0.1, 0.2)], [0.02, 0.05])
    layer.tint(layer.mask(flank, 0.02), person.shade, 0.5, face)
    under = stroke([(-0.1, 0.215), (0, 0.245), (0.1, 0.215)], [0.02, 0.045, 0.02])
    layer.tint(layer.mask(under, 0.012), person.shade, 0.95, face)


def _paint_eyes(layer: Layer, person: Person, face: np.ndarray) -> None:
    dark = _darker(person.shade, 3)
    for side in (-1.0, 1.0):
        x, y = side * _EYE_X, _EYE_Y
        lower = [(x + 0.108, y + 0.01), (x, y + 0.046), (x - 0.108, y + 0.01)]
        almond = layer.mask(smooth([*lower, (x - 0.035, y - 0.05), (x + 0.035, y - 0.05)]))
        layer.tint(almond, (214, 220, 226), 0.9, face)
        layer.tint(layer.mask(ellipse(x, y - 0.002, 0.054, 0.054)), person.iris, 1, almond)
        layer.tint(layer.mask(ellipse(x, y - 0.002, 0.028, 0.028)), (18, 16, 16), 1, almond)
        layer.tint(layer.mask(ellipse(x - 0.018, y - 0.02, 0.013, 0.013)), (250,) * 3, 1, almond)
        lid = np.array(
            stroke([(0.125, 0.006), (0.0, -0.055), (-0.108, 0.01)], [0.012, 0.034, 0.014])
        )
        lid = (lid if side > 0 else mirrored(lid)) + (x, y)
        layer.tint(layer.mask(lid), dark, 0.95, face)
        brow = stroke([(0.09, -0.215), (0.215, -0.25), (0.335, -0.19)], [0.03, 0.056, 0.014])
        brow = brow if side > 0 else mirrored(brow)
        layer.tint(layer.mask(brow, 0.006), person.hair_colour, 0.92, face)


def _paint_mouth(layer: Layer, person: Person, face: np.ndarray) -> None:
    layer.tint(layer.mask(ellipse(0, 0.47, 0.1, 0.02), 0.02), person.shade, 0.5, face)
    lips = smooth([(-0.2, 0.335), (-0.05, 0.355), (0, 0.362), (0.05, 0.355), (0.2, 0.335),
                   (0.1, 0.435), (-0.1, 0.435)])  # fmt: skip
    layer.tint(layer.mask(lips, 0.006), person.lips, 0.9, face)
    line = stroke([(-0.215, 0.328), (0, 0.396), (0.215, 0.328)], [0.012, 0.024, 0.012])
    layer.tint(layer.mask(line), _darker(person.lips, 2), 0.9, face)


def _paint_fringe(layer: Layer, person: Person, face: np.ndarray) -> None:
    shapes = {
        "long": [(0.03, -0.8), (0.36, -0.72), (0.56, -0.4), (0.56, 0.2), (0.5, 0.5), (0.475, 0.1),
                 (0.42, -0.26), (0.2, -0.46), (-0.12, -0.52), (-0.36, -0.36), (-0.46, 0.05),
                 (-0.5, 0.5), (-0.57, 0.2), (-0.56, -0.4), (-0.34, -0.72)],
        "short": [(0, -0.84), (0.34, -0.76), (0.53, -0.5), (0.53, -0.14), (0.48, -0.12),
                  (0.44, -0.36), (0.26, -0.5), (0, -0.53), (-0.26, -0.5), (-0.44, -0.36),
                  (-0.48, -0.12), (-0.53, -0.14), (-0.53, -0.5), (-0.34, -0.76)],
        "bun": [(0, -0.77), (0.34, -0.68), (0.54, -0.36), (0.52, -0.02), (0.48, -0.06),
                (0.4, -0.32), (0.12, -0.56), (-0.12, -0.52), (-0.4, -0.32), (-0.48, -0.06),
                (-0.52, -0.02), (-0.54, -0.36), (-0.34, -0.68)],
    }  # fmt: skip
    hair = layer.mask(smooth(shapes[person.hair]))
    below = np.roll(hair, round(hair.shape[0] * 0.012), axis=0)
    soft = layer.mask(smooth(shapes[person.hair]), 0.03)
    layer.tint(np.maximum(below, soft), person.shade, 0.4, face * (1 - hair))
    layer.paint(hair, person.hair_colour)
    shine = stroke([(-0.36, -0.5), (-0.14, -0.68), (0.16, -0.69)], [0.01, 0.07, 0.01])
    layer.tint(layer.mask(shine, 0.025), person.hair_shine, 0.8, hair)


def _darker(colour: Colour, by: int) -> Colour:
    blue, green, red = colour
    return blue // by, green // by, red // by
