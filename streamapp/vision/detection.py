"""What a detector says about one picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Detections:
    """N faces of one picture, the surest first.

    ``xyxy``: float32 (N, 4), left, top, right, bottom in pixels, inside the picture.
    ``confidence``: float32 (N,), an estimate of the probability that it is a face, 0 to 1.
    """

    xyxy: Floats
    confidence: Floats

    def __post_init__(self) -> None:
        if self.xyxy.ndim != 2 or self.xyxy.shape[1] != 4:
            raise ValueError(f"xyxy must have shape (N, 4), not {self.xyxy.shape}")
        if self.confidence.shape != self.xyxy.shape[:1]:
            raise ValueError(
                f"confidence must have shape ({len(self.xyxy)},), not {self.confidence.shape}"
            )

    def __len__(self) -> int:
        return len(self.xyxy)

    @classmethod
    def empty(cls) -> Detections:
        """No face."""
        return cls(np.empty((0, 4), np.float32), np.empty(0, np.float32))

    def at_least(self, confidence: float) -> Detections:
        """Only those with this confidence or more."""
        return self._take(np.flatnonzero(self.confidence >= confidence))

    def scaled(self, x: float, y: float) -> Detections:
        """The same faces in a picture so many times as wide and as high."""
        return Detections(self.xyxy * np.array([x, y, x, y], np.float32), self.confidence)

    def surest_first(self) -> Detections:
        """The same faces by falling confidence; equal ones keep their order."""
        return self._take(np.argsort(-self.confidence, kind="stable"))

    def _take(self, index: npt.NDArray[np.intp]) -> Detections:
        return Detections(self.xyxy[index], self.confidence[index])
