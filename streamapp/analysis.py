"""What is done to one still image: limits, decoding, detection, drawing. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from streamapp.config import Settings
from streamapp.errors import ImageTooLarge, UnreadableImage
from streamapp.models import FaceRecord
from streamapp.vision.annotate import annotate, pixelate
from streamapp.vision.codec import Image, decode_image, encode_jpeg
from streamapp.vision.detection import Detections
from streamapp.vision.engines import Engines
from streamapp.vision.headers import ImageHeader, read_header
from streamapp.vision.metadata import without_metadata
from streamapp.vision.resample import resize
from streamapp.vision.stills import detect_still

_EXTENSION = {"jpeg": "jpg", "png": "png"}
_SMALLEST_SIDE = 8
_THUMBNAIL_SIDE, _THUMBNAIL_QUALITY = 400, 80


@dataclass(frozen=True)
class Analysis:
    """What was found, and the files to keep."""

    width: int  # of the upright picture
    height: int
    original: bytes
    original_extension: str
    annotated: bytes  # JPEG
    thumbnail: bytes  # JPEG, of the original
    faces: tuple[FaceRecord, ...]


def analyse(
    engines: Engines, data: bytes, detector: str, blur: bool, settings: Settings
) -> Analysis:
    """Find and draw the faces in ``data``, a JPEG or PNG; with ``blur`` they are pixelated.

    Runs in a native thread: no logging, no locks. Raises UnsupportedMedia, UnreadableImage or
    ImageTooLarge, the limits being checked before a pixel is decoded.
    """
    header = read_header(data)
    _check_pixels(header, settings.max_image_pixels)
    image = decode_image(data)
    detections = detect_still(engines, image, detector)
    extension = _EXTENSION[header.format]
    if blur:
        # What is kept as the original is then the blurred picture: the faces are gone for good.
        image = pixelate(image, detections)
        original, extension = encode_jpeg(image), "jpg"
    else:
        original = without_metadata(data, header)
    height, width = image.shape[:2]
    annotated = encode_jpeg(annotate(image, detections))
    thumbnail = encode_jpeg(_small(image), _THUMBNAIL_QUALITY)
    return Analysis(width, height, original, extension, annotated, thumbnail, _faces(detections))


def _check_pixels(header: ImageHeader, limit: int) -> None:
    if header.pixels > limit:
        raise ImageTooLarge(
            f"The picture has {header.width} x {header.height} = {header.pixels} pixels; at most "
            f"{limit} ({limit / 1e6:g} megapixels) are allowed. Make it smaller."
        )
    if min(header.width, header.height) < _SMALLEST_SIDE:
        raise UnreadableImage(
            f"The picture has {header.width} x {header.height} pixels; no face fits into less "
            f"than {_SMALLEST_SIDE} x {_SMALLEST_SIDE}. Choose a larger one."
        )


def _small(image: Image) -> Image:
    height, width = image.shape[:2]
    shrink = min(1.0, _THUMBNAIL_SIDE / max(height, width))
    return resize(image, width * shrink, height * shrink)


def _faces(detections: Detections) -> tuple[FaceRecord, ...]:
    """xyxy floats as xywh whole pixels, in the detections' order."""
    faces = []
    for box, confidence in zip(detections.xyxy, detections.confidence, strict=True):
        x1, y1, x2, y2 = (round(float(edge)) for edge in box)
        faces.append(FaceRecord((x1, y1, x2 - x1, y2 - y1), round(float(confidence), 3)))
    return tuple(faces)
