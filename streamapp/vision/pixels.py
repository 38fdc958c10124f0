"""The pixel formats of PNG: how bytes become colours (W3C Recommendation, sections 11.2 and 11.3).

Sixteen bits are cut to eight; what is transparent lies on white.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from streamapp.errors import UnreadableImage
from streamapp.vision.headers import png_chunks
from streamapp.vision.image import Image

Lines = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
_GREY, _COLOR, _PALETTE, _GREY_ALPHA, _COLOR_ALPHA = 0, 2, 3, 4, 6
_CHANNELS = {_GREY: 1, _COLOR: 3, _PALETTE: 1, _GREY_ALPHA: 2, _COLOR_ALPHA: 4}
_DEPTHS = {
    _GREY: (1, 2, 4, 8, 16),
    _COLOR: (8, 16),
    _PALETTE: (1, 2, 4, 8),
    _GREY_ALPHA: (8, 16),
    _COLOR_ALPHA: (8, 16),
}


@dataclass(frozen=True)
class Format:
    """What a PNG's first chunks say. ``transparent`` is tRNS's body, ``palette`` PLTE's."""

    width: int
    height: int
    depth: int
    color: int
    interlaced: bool
    palette: bytes
    transparent: bytes | None

    @property
    def bits_per_pixel(self) -> int:
        """Of one pixel, all channels."""
        return self.depth * _CHANNELS[self.color]

    @property
    def bytes_per_pixel(self) -> int:
        """As the filters count: at least one."""
        return max(1, self.bits_per_pixel // 8)

    def bytes_of(self, width: int) -> int:
        """Of one line of so many pixels, without its filter."""
        return -(-width * self.bits_per_pixel // 8)


def read_format(data: bytes) -> Format:
    """The format of a PNG. Raises UnreadableImage where there is none like it, or struct.error."""
    header, palette, transparent = b"", b"", None
    for kind, body in png_chunks(data):
        if kind == b"IHDR":
            header = bytes(body)
        elif kind == b"PLTE":
            palette = bytes(body)
        elif kind == b"tRNS":
            transparent = bytes(body)
        elif kind == b"IDAT":
            break
    width, height, depth, color, packing, filters, interlaced = struct.unpack(">IIBBBBB", header)
    known = depth in _DEPTHS.get(color, ()) and not packing and not filters and interlaced <= 1
    if not known or (color == _PALETTE and not palette):
        raise UnreadableImage("The PNG is of a kind that the standard does not know.")
    return Format(width, height, depth, color, bool(interlaced), palette, transparent)


def bgr_on_white(lines: Lines, layout: Format, width: int) -> Image:
    """Unfiltered ``lines`` of ``width`` pixels, as OpenCV reads them, as (rows, width, 3) BGR."""
    if layout.color == _PALETTE or (layout.color == _GREY and layout.depth <= 8):
        return _looked_up(lines, layout, width)
    if layout.color == _GREY_ALPHA:
        grey, alpha = _grey_and_alpha(lines)
        return _bgr(_on_white(grey, alpha))
    if layout.color == _COLOR_ALPHA:
        pixels = _eight_bits(lines)
        return _on_white(pixels[:, :, :3], pixels[:, :, 3:])
    pixels = _eight_bits(lines)
    return _with_hole(_bgr(pixels), lines, layout.transparent)


def _eight_bits(lines: Lines) -> Image:
    return lines.astype(np.uint8, copy=False) if lines.dtype == np.uint8 else _high(lines)


def _high(lines: Lines) -> Image:
    return (lines >> 8).astype(np.uint8)


def _bgr(pixels: Image) -> Image:
    if pixels.ndim == 3:
        return pixels
    return cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)


def _on_white(colors: Image, alpha: Image) -> Image:
    """``colors`` seen through ``alpha`` (0 to 255) before white."""
    opacity = alpha.astype(np.uint16)
    mixed = colors * opacity
    mixed += 255 * (255 - opacity) + 127
    mixed //= 255
    return mixed.astype(np.uint8)


def _grey_and_alpha(lines: Lines) -> tuple[Image, Image]:
    """Eight bits each come as one number of sixteen, sixteen each as four of eight (B, G, R, A)."""
    if lines.dtype == np.uint16:
        return _high(lines), (lines & 0xFF).astype(np.uint8)
    return lines[:, :, 2].astype(np.uint8), lines[:, :, 0].astype(np.uint8)


def _with_hole(pixels: Image, lines: Lines, transparent: bytes | None) -> Image:
    """``pixels`` with the one colour that is wholly transparent made white."""
    if transparent is None:
        return pixels
    channels = 1 if lines.ndim == 2 else 3
    hole = np.frombuffer(transparent[: 2 * channels].ljust(2 * channels, b"\0"), ">u2")[::-1]
    same = lines == hole if channels == 3 else (lines == hole[0])[:, :, None]
    pixels[same.all(axis=2)] = 255
    return pixels


def _looked_up(lines: Lines, layout: Format, width: int) -> Image:
    """Pixels of up to eight bits by a table of all colours they can mean."""
    indices = lines.astype(np.uint8, copy=False)
    if layout.depth < 8:
        bits = np.unpackbits(indices, axis=1).reshape(len(lines), -1, layout.depth)
        weights = (1 << np.arange(layout.depth)[::-1]).astype(np.uint8)
        indices = (bits * weights).sum(axis=2, dtype=np.uint8)
    return _table(layout)[indices[:, :width]]


def _table(layout: Format) -> Image:
    """BGR on white by pixel value, shape (256, 3)."""
    highest = (1 << layout.depth) - 1
    transparent = layout.transparent or b""
    if layout.color == _GREY:
        grey = np.minimum(np.arange(256) * 255 // highest, 255).astype(np.uint8)
        table = np.repeat(grey[:, None], 3, axis=1)
        if len(transparent) >= 2:
            table[int.from_bytes(transparent[:2], "big") & highest] = 255
        return table
    table = np.zeros((256, 3), np.uint8)
    colors = np.frombuffer(layout.palette[: 768 // 3 * 3], np.uint8)
    colors = colors[: len(colors) // 3 * 3].reshape(-1, 3)
    table[: len(colors)] = colors[:, ::-1]
    alpha = np.full((256, 1), 255, np.uint8)
    alpha[: min(256, len(transparent)), 0] = np.frombuffer(transparent[:256], np.uint8)
    return _on_white(table, alpha)
