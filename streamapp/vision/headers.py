"""JPEG and PNG: what the header says, and whether the file is whole, without decoding a pixel.

Limits can be checked first that way; and OpenCV does not tell a damaged file: its decoder fills
what is missing with grey and reports success. Structure: JPEG ITU-T T.81 annex B, Exif 2.32
section 4.6.2, PNG (W3C Recommendation, third edition) section 5.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from streamapp.errors import UnreadableImage, UnsupportedMedia

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_SIGNATURE = b"\xff\xd8\xff"
EXIF = b"Exif\0\0"
# Start-of-frame markers carry the size; C4, C8 and CC lie in their range but mean other things.
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
START_OF_SCAN, END_OF_IMAGE, APP1 = 0xDA, 0xD9, 0xE1
SCAN_DATA = 0  # entropy-coded; it has no marker
_END = bytes([0xFF, END_OF_IMAGE])
# Inside entropy-coded data an FF is followed by 00 (stuffing), D0 to D7 (restart) or FF (fill).
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_SEARCHED_BYTES = 500_000


class Segment(NamedTuple):
    """One segment of a JPEG, or, with `SCAN_DATA` for a marker, what follows a start of scan."""

    marker: int
    payload: memoryview


@dataclass(frozen=True)
class ImageHeader:
    """What a file says of itself. ``width`` and ``height`` are pixels as stored."""

    format: Literal["jpeg", "png"]
    width: int
    height: int
    orientation: int = 1  # Exif, 1 to 8; 5 to 8 lie on their side
    held_bytes: int = 0  # what a JPEG decoder has to hold of all scans, if there are several

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
    if data.startswith(PNG_SIGNATURE):
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
    frame = memoryview(b"")
    held = 0
    try:
        for segment in jpeg_segments(data):
            payload = segment.payload
            if segment.marker in _START_OF_FRAME and size is None:
                height, width = struct.unpack_from(">HH", payload, 1)
                size, frame = (width, height), payload
                if segment.marker in _PROGRESSIVE:
                    held = _coefficient_bytes(frame, width, height)
            elif segment.marker == APP1 and payload[:6] == EXIF and orientation is None:
                # The first one counts, as it does for the decoder.
                orientation = _tiff_orientation(payload[len(EXIF) :]) or 1
            elif segment.marker == START_OF_SCAN:
                scanned = True
                if size is not None and payload[0] < frame[5]:
                    held = _coefficient_bytes(frame, *size)
                if not held and data.endswith(_END):
                    break  # one scan of everything, and the end is there: as all webcams send it
    except (IndexError, struct.error):
        raise _truncated("JPEG", data) from None
    if size is None or 0 in size or not scanned:
        raise UnreadableImage("The JPEG has no picture in it.")
    return ImageHeader("jpeg", *size, orientation or 1, held)


def _coefficient_bytes(frame: memoryview, width: int, height: int) -> int:
    """Of all components, two bytes a coefficient, at the components' own resolutions."""
    factors = [divmod(frame[7 + 3 * index], 16) for index in range(frame[5])]
    widest = max((h for h, _ in factors), default=0) * max((v for _, v in factors), default=0)
    return sum(2 * width * height * h * v // widest for h, v in factors) if widest else 0


def jpeg_segments(data: bytes) -> Iterator[Segment]:
    """The segments of a JPEG from after its first two bytes up to the end of the image.

    Raises UnreadableImage, IndexError or struct.error where the file ends before the image does.
    """
    view = memoryview(data)
    position = 2
    while True:
        if data[position] != 0xFF:
            raise _truncated("JPEG", data)
        while data[position] == 0xFF:  # fill bytes may stand before a marker
            position += 1
        marker = data[position]
        position += 1
        if marker == END_OF_IMAGE:
            return
        if marker in _STANDALONE:
            continue
        (length,) = struct.unpack_from(">H", data, position)
        if length < 2:
            raise _truncated("JPEG", data)
        start, position = position + 2, position + length
        yield Segment(marker, view[start:position])
        if marker == START_OF_SCAN:
            start, position = position, _end_of_scan(data, position)
            yield Segment(SCAN_DATA, view[start:position])


def _end_of_scan(data: bytes, position: int) -> int:
    """Where the next marker stands; looked for in pieces, so that other threads get their turn."""
    while position < len(data):
        found = _NEXT_MARKER.search(data, position, position + _SEARCHED_BYTES)
        if found is not None:
            return found.start()
        position += _SEARCHED_BYTES - 1  # a marker may lie across two pieces
    raise _truncated("JPEG", data)


def _tiff_orientation(tiff: memoryview) -> int | None:
    """Tag 0x0112 of the first image directory, or None where there is none or it is broken."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(tiff[:2]))
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
    try:
        for kind, body in png_chunks(data):
            if kind == b"IHDR" and size is None:
                size = struct.unpack_from(">II", body)
            elif kind == b"eXIf":
                orientation = _tiff_orientation(body) or 1
            pixels = pixels or kind == b"IDAT"
    except struct.error:
        raise _truncated("PNG", data) from None
    if size is None or 0 in size or not pixels:
        raise UnreadableImage("The PNG has no picture in it.")
    return ImageHeader("png", *size, orientation)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """(kind, body) of each chunk of a PNG, its checksum checked, the last one being IEND.

    Raises UnreadableImage or struct.error where the file is cut or damaged.
    """
    view = memoryview(data)
    position = len(PNG_SIGNATURE)
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, position)
        if (position == len(PNG_SIGNATURE)) != (kind == b"IHDR" and length == 13):
            raise _truncated("PNG", data)
        end = position + 8 + length
        (expected,) = struct.unpack_from(">I", data, end)
        if zlib.crc32(view[position + 4 : end]) != expected:
            raise _truncated("PNG", data)
        yield kind, view[position + 8 : end]
        position = end + 4
