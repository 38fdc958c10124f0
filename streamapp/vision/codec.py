"""JPEG and PNG decoded and encoded. `headers.read_header` looks at a file first."""

from __future__ import annotations

import cv2
import numpy as np

from streamapp.errors import UnreadableImage
from streamapp.vision.headers import ImageHeader, read_header
from streamapp.vision.image import Image
from streamapp.vision.pieces import joined
from streamapp.vision.png import decode_png

__all__ = ["Image", "decode_gray_reduced", "decode_image", "encode_jpeg", "reduction_for"]

REDUCTIONS = (1, 2, 4, 8)
_REDUCED_COLOR = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}
_REDUCED_GRAY = {
    1: cv2.IMREAD_GRAYSCALE,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}


# By Exif orientation: what makes the stored picture upright, a flip about an axis and a turn.
_FLIPS = {2: 1, 4: 0, 5: 1, 7: 1}
_TURNS = {
    3: cv2.ROTATE_180,
    5: cv2.ROTATE_90_COUNTERCLOCKWISE,
    6: cv2.ROTATE_90_CLOCKWISE,
    7: cv2.ROTATE_90_CLOCKWISE,
    8: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def reduction_for(header: ImageHeader, most_pixels: int) -> int:
    """The least reduction with which a picture has at most ``most_pixels``, or the strongest."""
    enough = (r for r in REDUCTIONS if header.pixels <= most_pixels * r * r)
    return next(enough, REDUCTIONS[-1])


def decode_image(data: bytes, reduction: int = 1, header: ImageHeader | None = None) -> Image:
    """The picture upright (Exif orientation applied), BGR uint8, transparent parts on white.

    Shape (ceil(H / reduction), ceil(W / reduction), 3); ``reduction`` is 1, 2, 4 or 8, and the
    larger picture is never in memory. ``header`` saves reading it again. Check it against the
    limits first. Raises UnreadableImage or UnsupportedMedia.
    """
    header = header or read_header(data)
    if header.format == "jpeg":
        return _decode(data, _REDUCED_COLOR[reduction])
    image: cv2.typing.MatLike = decode_png(data, reduction)
    if header.orientation in _FLIPS:
        image = cv2.flip(image, _FLIPS[header.orientation])
    if header.orientation in _TURNS:
        image = cv2.rotate(image, _TURNS[header.orientation])
    return image.astype(np.uint8, copy=False)


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
    return joined([encoded.data])
