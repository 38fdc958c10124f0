"""Everything one native thread needs to detect faces."""

from __future__ import annotations

from functools import cached_property

import cv2

from streamapp.errors import InvalidParameter
from streamapp.vision.cascade import AVAILABLE, Cascade
from streamapp.vision.stand_in import NetworkCascade
from streamapp.vision.yunet import YuNet

DETECTORS: tuple[str, ...] = ("cascade", "yunet") if AVAILABLE else ("yunet",)
# For whoever asks for one that is not there.
WITHOUT_CASCADES = f"OpenCV {cv2.__version__} has no cascades; yunet is what there is."


def check_detector(name: object) -> None:
    """Raise InvalidParameter unless ``name`` is one of `DETECTORS`."""
    if name == "cascade" and not AVAILABLE:
        raise InvalidParameter(f"detector is 'cascade'. {WITHOUT_CASCADES}")
    if name not in DETECTORS:
        raise InvalidParameter(f"detector is {name!r:.40}; allowed: {', '.join(DETECTORS)}.")


class Engines:
    """The classifiers of one thread, loaded when first used. Not thread safe.

    They keep buffers but no memory of what they saw: any client's frame may be processed with
    any thread's engines.
    """

    @cached_property
    def alt2(self) -> Cascade:
        """Frontal faces, the most accurate cascade."""
        return self._face_cascade("frontalface_alt2")

    @cached_property
    def alt(self) -> Cascade:
        """Frontal faces again, with more stages: seldom wrong, the best second opinion."""
        return self._face_cascade("frontalface_alt")

    @cached_property
    def default(self) -> Cascade:
        """Frontal faces, trained on other pictures than `alt2`: a second opinion."""
        return self._face_cascade("frontalface_default")

    @cached_property
    def profile(self) -> Cascade:
        """Faces that look to the left; mirror the picture for the others."""
        return self._face_cascade("profileface")

    @cached_property
    def eye(self) -> Cascade:
        """One open eye."""
        return Cascade("eye")

    @cached_property
    def eye_with_glasses(self) -> Cascade:
        """One eye, behind clear glasses too."""
        return Cascade("eye_tree_eyeglasses")

    @cached_property
    def smile(self) -> Cascade:
        """A smiling mouth, twice as wide as high."""
        return Cascade("smile")

    @cached_property
    def yunet(self) -> YuNet:
        """The neural detector. Raises ConfigError when the model file is missing."""
        return YuNet()

    def _face_cascade(self, name: str) -> Cascade:
        return Cascade(name) if AVAILABLE else NetworkCascade(self.yunet)
