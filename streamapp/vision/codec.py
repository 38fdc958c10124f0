"""JPEG and PNG: what the header says, and decoding that refuses damaged files.

`read_header` walks the file's own structure without decoding a pixel, so that limits can be
checked first; it also proves that the file is whole, which OpenCV does not: its decoder fills
what is missing with grey and reports success. Structure: JPEG ITU-T T.81 annex B, Exif 2.32
section 4.6.2, PNG (W3C Recommendation, third edition) section 5.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from streamapp.errors import UnreadableImage, UnsupportedMedia

Image = npt.NDArray[np.uint8]

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_SIGNATURE = b"\xff\xd8\xff"
_EXIF = b"Exif\0\0"
# Start-of-frame markers carry the size; C4, C8 and CC lie in their range but mean other things.
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_START_OF_SCAN, _END_OF_IMAGE, _APP1 = 0xDA, 0xD9, 0xE1
# Inside entropy-coded data an FF is followed by 00 (stuffing), D0 to D7 (restart) or FF (fill).
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_REDUCED_GRAY = {
    1: cv2.IMREAD_GRAYSCALE,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}


@dataclass(frozen=True)
class ImageHeader:
    """What a file says of itself. ``width`` and ``height`` are pixels as stored."""

    format: Literal["jpeg", "png"]
    width: int
    height: int
    orientation: int = 1  # Exif, 1 to 8; 5 to 8 lie on their side

    @property
    def upright_wh(self) -> tuple[int, int]:
        """(width, height) as a viewer shows it, the Exif orientation applied."""
        if self.orientation >= 5:
            return self.height, self.width
        return self.width, self.height

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.width * self.height


def read_header(data: bytes) -> ImageHeader:
    """Header of a whole JPEG or PNG, told by its content.

    Raises UnsupportedMedia where it is neither, UnreadableImage where it is empty, truncated or
    damaged in its structure.
    """
    if not data:
        raise UnreadableImage("The file is empty (0 bytes). Choose a JPEG or PNG image.")
    if data.startswith(_JPEG_SIGNATURE):
        return _read_jpeg(data)
    if data.startswith(_PNG_SIGNATURE):
        return _read_png(data)
    raise UnsupportedMedia(
        f"This is not a JPEG or PNG image, whatever its name says ({len(data)} bytes). "
        "Convert it to JPEG or PNG first."
    )


def _truncated(kind: str, data: bytes) -> UnreadableImage:
    return UnreadableImage(
        f"The {kind} is truncated or damaged ({len(data)} bytes). Send the whole file."
    )


def _read_jpeg(data: bytes) -> ImageHeader:
    size: tuple[int, int] | None = None
    orientation: int | None = None
    scanned = False
    try:
        for marker, start, end in _jpeg_segments(data):
            if marker in _START_OF_FRAME and size is None:
                height, width = struct.unpack_from(">HH", data[start:end], 1)
                size = (width, height)
            elif marker == _APP1 and data.startswith(_EXIF, start) and orientation is None:
                # The first one counts, as it does for the decoder.
                orientation = _tiff_orientation(data[start + len(_EXIF) : end]) or 1
            scanned = scanned or marker == _START_OF_SCAN
    except (IndexError, struct.error):
        raise _truncated("JPEG", data) from None
    if size is None or 0 in size or not scanned:
        raise UnreadableImage("The JPEG has no picture in it.")
    return ImageHeader("jpeg", *size, orientation or 1)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, end) of each segment's payload up to the end of the image.

    Raises UnreadableImage, IndexError or struct.error where the file ends before the image does.
    """
    position = 2
    while True:
        if data[position] != 0xFF:
            raise _truncated("JPEG", data)
        while data[position] == 0xFF:  # fill bytes may stand before a marker
            position += 1
        marker = data[position]
        position += 1
        if marker == _END_OF_IMAGE:
            return
        if marker in _STANDALONE:
            continue
        (length,) = struct.unpack_from(">H", data, position)
        if length < 2:
            raise _truncated("JPEG", data)
        yield marker, position + 2, position + length
        position += length
        if marker == _START_OF_SCAN:
            found = _NEXT_MARKER.search(data, position)
            if found is None:
                raise _truncated("JPEG", data)
            position = found.start()


def _tiff_orientation(tiff: bytes) -> int | None:
    """Tag 0x0112 of the first image directory, or None where there is none or it is broken."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    try:
        (directory,) = struct.unpack_from(order + "I", tiff, 4)
        (entries,) = struct.unpack_from(order + "H", tiff, directory)
        for index in range(entries):
            tag, kind, _count, value = struct.unpack_from(
                order + "HHIH", tiff, directory + 2 + 12 * index
            )
            if tag == 0x0112:
                return value if kind == 3 and 1 <= value <= 8 else None
    except struct.error:
        pass
    return None


def _read_png(data: bytes) -> ImageHeader:
    size: tuple[int, int] | None = None
    orientation = 1
    pixels = False
    position = len(_PNG_SIGNATURE)
    view = memoryview(data)
    try:
        while True:
            length, kind = struct.unpack_from(">I4s", data, position)
            body_end = position + 8 + length
            (expected,) = struct.unpack_from(">I", data, body_end)
            if zlib.crc32(view[position + 4 : body_end]) != expected:
                raise _truncated("PNG", data)
            if size is None:
                if kind != b"IHDR" or length != 13:
                    raise _truncated("PNG", data)
                size = struct.unpack_from(">II", data, position + 8)
            elif kind == b"eXIf":
                orientation = _tiff_orientation(data[position + 8 : body_end]) or 1
            elif kind == b"IEND":
                break
            pixels = pixels or kind == b"IDAT"
            position = body_end + 4
    except struct.error:
        raise _truncated("PNG", data) from None
    if 0 in size or not pixels:
        raise UnreadableImage("The PNG has no picture in it.")
    return ImageHeader("png", *size, orientation)


def decode_image(data: bytes) -> Image:
    """The picture upright (Exif orientation applied), BGR uint8, shape (H, W, 3).

    Check `read_header` against the limits first. Raises UnreadableImage.
    """
    return _decode(data, cv2.IMREAD_COLOR)


def decode_gray_reduced(data: bytes, reduction: int = 2) -> Image:
    """The picture upright and grey, uint8, shape (ceil(H / reduction), ceil(W / reduction)).

    ``reduction`` is 1, 2, 4 or 8; for a JPEG the scaling happens inside the decoder, on the
    transformed blocks, which is most of why a small frame is cheap. Raises UnreadableImage.
    """
    return _decode(data, _REDUCED_GRAY[reduction])


def _decode(data: bytes, flags: int) -> Image:
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise UnreadableImage("The picture cannot be decoded; the file is damaged.") from error
    if image is None:
        raise UnreadableImage("The picture cannot be decoded; the file is damaged.")
    return image.astype(np.uint8, copy=False)


def encode_jpeg(image: Image, quality: int = 90) -> bytes:
    """``image`` (H, W, 3) BGR or (H, W) grey as JPEG bytes, ``quality`` 1 to 100."""
    done, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise UnreadableImage("The annotated picture cannot be encoded as JPEG.")
    return encoded.tobytes()
