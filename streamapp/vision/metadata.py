"""A JPEG or PNG without what its pixels do not need: place, camera, time, comments, previews.

The file's parts are copied or left out, nothing is decoded: the pixels stay the same to the bit.
What stays is what a viewer needs to show them right: colour profile, colour transform,
transparency, animation, and the orientation, in an Exif block that holds nothing else. What
follows the end of the image goes too; phones put films there, others whole archives.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from streamapp.errors import UnreadableImage
from streamapp.vision.headers import (
    APP1,
    END_OF_IMAGE,
    EXIF,
    PNG_SIGNATURE,
    SCAN_DATA,
    ImageHeader,
    Segment,
    jpeg_segments,
    png_chunks,
)
from streamapp.vision.pieces import joined

_APP0, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE
_APPLICATION = frozenset(range(_APP0, _APP15 + 1))
# JFIF's and Adobe's fields; a preview may follow the one, anything the other.
_JFIF, _JFIF_FIELDS, _NO_PREVIEW = b"JFIF\0", 12, b"\0\0"
_ADOBE, _ADOBE_FIELDS = b"Adobe", 12
_PROFILE = b"ICC_PROFILE\0"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS bKGD pHYs acTL fcTL fdAT "  # picture and animation
    b"cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI".split()  # colours
)


def without_metadata(data: bytes, header: ImageHeader) -> bytes:
    """The same picture; ``header`` is what `headers.read_header` says of ``data``.

    Raises UnreadableImage where the file is cut or damaged.
    """
    parts = _jpeg_parts if header.format == "jpeg" else _png_parts
    try:
        return joined(parts(data, header.orientation))
    except (IndexError, struct.error) as error:
        raise UnreadableImage("The file is damaged. Send it again.") from error


def _jpeg_parts(data: bytes, orientation: int) -> Iterator[bytes | memoryview]:
    yield data[:2]
    upright = orientation == 1
    for segment in jpeg_segments(data):
        if segment.marker == SCAN_DATA:
            yield segment.payload
            continue
        payload = _kept_payload(segment)
        if payload is None:
            continue
        if not upright and segment.marker != _APP0:  # JFIF wants to be the first
            upright = True
            yield from _segment(APP1, EXIF + _exif_of(orientation))
        yield from _segment(segment.marker, payload)
    yield bytes([0xFF, END_OF_IMAGE])


def _segment(marker: int, payload: bytes | memoryview) -> Iterator[bytes | memoryview]:
    yield struct.pack(">BBH", 0xFF, marker, len(payload) + 2)
    yield payload


def _kept_payload(segment: Segment) -> bytes | memoryview | None:
    """What of the segment stays; None where all of it goes."""
    marker, payload = segment.marker, segment.payload
    if marker == _APP0:
        is_jfif = payload[:5] == _JFIF and len(payload) >= _JFIF_FIELDS + 2
        return bytes(payload[:_JFIF_FIELDS]) + _NO_PREVIEW if is_jfif else None
    if marker == _APP2:
        return payload if payload[: len(_PROFILE)] == _PROFILE else None
    if marker == _APP14:
        is_adobe = payload[:5] == _ADOBE and len(payload) >= _ADOBE_FIELDS
        return payload[:_ADOBE_FIELDS] if is_adobe else None
    return None if marker in _APPLICATION or marker == _COMMENT else payload


def _png_parts(data: bytes, orientation: int) -> Iterator[bytes | memoryview]:
    yield PNG_SIGNATURE
    for kind, body in png_chunks(data):
        if kind in _PNG_KEPT:
            yield from _chunk(kind, body)
        if kind == b"IHDR" and orientation != 1:
            yield from _chunk(b"eXIf", _exif_of(orientation))


def _chunk(kind: bytes, body: bytes | memoryview) -> Iterator[bytes | memoryview]:
    yield struct.pack(">I4s", len(body), kind)
    yield body
    yield struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


def _exif_of(orientation: int) -> bytes:
    """A TIFF of one directory with one entry (tag 0x0112, one SHORT) and no next directory."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    return struct.pack(">2sHIH", b"MM", 42, 8, 1) + entry + struct.pack(">I", 0)
