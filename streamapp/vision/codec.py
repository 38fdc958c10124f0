"""JPEG and PNG decoded and encoded. `headers.read_header` looks at a file first."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from streamapp.errors import UnreadableImage

Image = npt.NDArray[np.uint8]

_REDUCED_GRAY = {
    1: cv2.IMREAD_GRAYSCALE,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}


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
