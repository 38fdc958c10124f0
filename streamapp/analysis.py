"""What is done to one still image: limits, decoding, detection, drawing. No I/O.

    view = look(engines, data, "cascade", settings)     # view.found: size and faces
    kept = pictures(data, view, blur=False)             # the files to keep

Both run in native threads: no logging, no locks.
"""

from __future__ import annotations

from dataclasses import dataclass

from streamapp.config import Settings
from streamapp.errors import ImageTooLarge, UnreadableImage
from streamapp.models import FaceRecord
from streamapp.vision.annotate import draw, pixelate
from streamapp.vision.codec import Image, decode_image, encode_jpeg, reduction_for
from streamapp.vision.detection import Detections
from streamapp.vision.engines import Engines
from streamapp.vision.headers import ImageHeader, read_header
from streamapp.vision.metadata import without_metadata
from streamapp.vision.resample import resize
from streamapp.vision.stills import detect_still

# Larger pictures are looked at, drawn and blurred at half their size, a quarter or an eighth:
# that bounds the memory, and no face is lost by it that is worth finding.
MOST_WORKING_PIXELS = 12_600_000
_EXTENSION = {"jpeg": "jpg", "png": "png"}
_SMALLEST_SIDE = 8
_THUMBNAIL_SIDE, _THUMBNAIL_QUALITY = 400, 80


@dataclass(frozen=True)
class Found:
    """Size in pixels of the upright picture, and its faces."""

    width: int
    height: int
    faces: tuple[FaceRecord, ...]


@dataclass(frozen=True)
class View:
    """A picture that was looked at. ``detections`` are in pixels of ``image``."""

    header: ImageHeader
    image: Image
    detections: Detections
    found: Found


@dataclass(frozen=True)
class Pictures:
    """The files to keep of one image."""

    original: bytes
    original_extension: str
    annotated: bytes  # JPEG
    thumbnail: bytes  # JPEG, of the original


def look(engines: Engines, data: bytes, detector: str, settings: Settings) -> View:
    """Find the faces in ``data``, a JPEG or PNG.

    Raises UnsupportedMedia, UnreadableImage or ImageTooLarge, the limits being checked before a
    pixel is decoded.
    """
    header = read_header(data)
    _check_size(header, settings.max_image_pixels)
    image = decode_image(data, reduction_for(header, MOST_WORKING_PIXELS), header)
    detections = detect_still(engines, image, detector)
    width, height = header.upright_wh
    whole = detections.scaled(width / image.shape[1], height / image.shape[0])
    return View(header, image, detections, Found(width, height, _faces(whole)))


def pictures(data: bytes, view: View, blur: bool) -> Pictures:
    """What is kept of ``data``; with ``blur`` its faces are pixelated in all of it.

    It draws on the view's image: the view is used up.
    """
    image = _shown(view, blur)
    if blur:
        # What is kept as the original is then the blurred picture: the faces are gone for good.
        original, extension = encode_jpeg(image), "jpg"
    else:
        original = without_metadata(data, view.header)
        extension = _EXTENSION[view.header.format]
    thumbnail = encode_jpeg(_small(image), _THUMBNAIL_QUALITY)
    draw(image, view.detections)
    return Pictures(original, extension, encode_jpeg(image), thumbnail)


def annotated(view: View, blur: bool) -> bytes:
    """Only the picture with boxes, as JPEG; the view is used up."""
    image = _shown(view, blur)
    draw(image, view.detections)
    return encode_jpeg(image)


def _shown(view: View, blur: bool) -> Image:
    return pixelate(view.image, view.detections) if blur else view.image


def _check_size(header: ImageHeader, limit: int) -> None:
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
    # Such a JPEG's decoder holds all its coefficients, however small the picture it makes.
    if header.held_bytes > 2 * limit:
        raise ImageTooLarge(
            f"The picture is a progressive JPEG of {header.width} x {header.height} pixels that "
            f"takes {header.held_bytes / 1e6:.0f} MB to decode; at most {2 * limit / 1e6:g} MB are "
            "allowed. Save it as a baseline JPEG, or make it smaller."
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
