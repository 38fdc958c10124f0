"""PNG decoded in strips: a picture at the pixel limit never lies in memory whole.

OpenCV decodes a PNG all at once, 150 MB for 50 megapixels, and forgets transparency. Here the
compressed lines are unpacked a strip at a time; the strip's lines, with the finished line above
them, are handed to OpenCV as a small PNG of its own, which undoes the filters at libpng's speed;
then it is shrunk. The filters only see bytes, so a strip may be called any type of picture that
has as many bytes a pixel. PNG: W3C Recommendation, third edition, sections 7 to 11.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from streamapp.errors import UnreadableImage
from streamapp.vision.headers import PNG_SIGNATURE, png_chunks
from streamapp.vision.image import Image
from streamapp.vision.pixels import Format, Lines, bgr_on_white, read_format

_STRIP_BYTES = 1_000_000
_FED_BYTES = 65_536
# (depth, colour type) of a picture with so many bytes a pixel
_STAND_IN = {1: (8, 0), 2: (16, 0), 3: (8, 2), 4: (8, 6), 6: (16, 2), 8: (16, 6)}


@dataclass(frozen=True)
class _Pass:
    """Where an interlaced picture's lines of one pass lie: every ``dx``th pixel from ``x`` on."""

    x: int
    y: int
    dx: int
    dy: int


_WHOLE = (_Pass(0, 0, 1, 1),)
_ADAM7 = (
    *(_Pass(0, 0, 8, 8), _Pass(4, 0, 8, 8), _Pass(0, 4, 4, 8), _Pass(2, 0, 4, 4)),
    *(_Pass(0, 2, 2, 4), _Pass(1, 0, 2, 2), _Pass(0, 1, 1, 2)),
)
# The first passes of an interlaced picture are the picture itself with fewer pixels.
_ENOUGH_PASSES = {1: 7, 2: 5, 4: 3, 8: 1}


def decode_png(data: bytes, reduction: int = 1) -> Image:
    """BGR uint8, shape (ceil(H / reduction), ceil(W / reduction), 3), transparent parts on white.

    ``reduction`` is 1, 2, 4 or 8. Of an animation it is the picture that those see who know no
    animations. The Exif orientation is not applied. Raises UnreadableImage.
    """
    try:
        layout = read_format(data)
        lines = _Lines(data)
        canvas = np.empty((-(-layout.height // reduction), -(-layout.width // reduction), 3), "u1")
        if not layout.interlaced:
            _fill(canvas, layout, _WHOLE[0], lines, reduction)
        for step in _ADAM7[: _ENOUGH_PASSES[reduction]] if layout.interlaced else ():
            place = canvas[step.y // reduction :: step.dy // reduction]
            _fill(place[:, step.x // reduction :: step.dx // reduction], layout, step, lines, 1)
    except (zlib.error, struct.error, cv2.error) as error:
        raise UnreadableImage("The PNG cannot be decoded; the file is damaged.") from error
    return canvas


def _fill(canvas: Image, layout: Format, step: _Pass, lines: _Lines, reduction: int) -> None:
    """Decode one pass into ``canvas``, each strip made ``reduction`` times smaller."""
    width = -(-(layout.width - step.x) // step.dx)
    height = -(-(layout.height - step.y) // step.dy)
    if width <= 0 or height <= 0:
        return
    row = 0
    for strip in _strips(lines, layout, width, height, reduction):
        pixels = bgr_on_white(strip, layout, width)
        rows = -(-len(pixels) // reduction)
        if reduction > 1:
            size = (canvas.shape[1], rows)
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype("u1", copy=False)
        canvas[row : row + rows] = pixels
        row += rows


def _strips(
    lines: _Lines, layout: Format, width: int, height: int, multiple: int
) -> Iterator[Lines]:
    """The pass's lines without filters; all strips but the last have a ``multiple`` of lines."""
    length = layout.bytes_of(width)
    step = max(1, _STRIP_BYTES // length // multiple) * multiple
    above = bytes(length)
    for first in range(0, height, step):
        count = min(step, height - first)
        strip = _unfiltered(lines.read(count * (length + 1)), above, layout.bytes_per_pixel)
        yield strip
        above = _bytes_of(strip[-1])


def _unfiltered(filtered: bytes, above: bytes, bytes_per_pixel: int) -> Lines:
    """Lines without their filters, as pixels of the stand-in's type: (rows, width[, channels])."""
    length = len(above)
    count = len(filtered) // (length + 1)
    if max(filtered[:: length + 1], default=0) > 4:
        raise UnreadableImage("The PNG cannot be decoded; the file is damaged.")
    depth, color = _STAND_IN[bytes_per_pixel]
    header = struct.pack(">IIBBBBB", length // bytes_per_pixel, count + 1, depth, color, 0, 0, 0)
    body = zlib.compress(b"".join([b"\0", above, filtered]), 0)
    small = b"".join(
        [PNG_SIGNATURE, _chunk(b"IHDR", header), _chunk(b"IDAT", body), _chunk(b"IEND", b"")]
    )
    pixels = cv2.imdecode(np.frombuffer(small, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or len(pixels) != count + 1:
        raise UnreadableImage("The PNG cannot be decoded; the file is damaged.")
    if depth == 8:
        return pixels[1:].astype(np.uint8, copy=False)
    return pixels[1:].astype(np.uint16, copy=False)


def _bytes_of(line: Lines) -> bytes:
    """One unfiltered line as the file's bytes: OpenCV's order is BGR(A), the machine's own."""
    if line.ndim == 2:
        line = line[:, [2, 1, 0, 3][: line.shape[1]]]
    return line.astype(line.dtype.newbyteorder(">")).tobytes()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


class _Lines:
    """The filtered lines of a PNG, unpacked as they are read."""

    def __init__(self, data: bytes) -> None:
        self._packed = _pieces(data)
        self._inflate = zlib.decompressobj()

    def read(self, size: int) -> bytes:
        """``size`` bytes. Raises UnreadableImage where there are fewer, zlib.error if damaged."""
        parts: list[bytes] = []
        while size > 0:
            # Fed in small pieces: what could not be unpacked yet is copied each time.
            packed = self._inflate.unconsumed_tail or next(self._packed, None)
            part = self._inflate.decompress(packed or b"", size)
            if not part and (packed is None or self._inflate.eof):
                raise UnreadableImage("The PNG's picture is not whole. Send the whole file.")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


def _pieces(data: bytes) -> Iterator[memoryview]:
    for kind, body in png_chunks(data):
        if kind == b"IDAT":
            for start in range(0, len(body), _FED_BYTES):
                yield body[start : start + _FED_BYTES]
