"""What the votes of the still detector are worth: fits the weights of `streamapp.vision.voting`.

    python -m bench.detection.calibrate

Every proposal on the still test set is labelled by the truth. A photo is judged by weights that
were fitted without any of its variants; the weights printed for the code are fitted on all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from bench.detection.photos import Photo, still_set
from streamapp.vision.boxes import as_boxes, face_from_square, iou
from streamapp.vision.engines import Engines
from streamapp.vision.resample import resize
from streamapp.vision.stills_cascade import PIXELS, SHOWN_CONFIDENCE, proposals
from streamapp.vision.voting import evidence

# Overlap with a true face: from here it is one, below the other it is none, between it is unsaid.
_FACE_IOU, _OTHER_IOU = 0.4, 0.15
_RIDGE = 0.3  # keeps weights of features that go together from running away
_ROUNDS = 60


@dataclass(frozen=True)
class Sample:
    """One proposal that the vote has to decide."""

    photo: str
    features: np.ndarray
    is_face: bool


def samples(engines: Engines) -> Iterator[Sample]:
    """All undecided proposals of the test set whose label is beyond doubt."""
    for photo in still_set():
        for box, features, overlap in _undecided(engines, photo):
            del box
            if overlap >= _FACE_IOU or overlap < _OTHER_IOU:
                yield Sample(_origin(photo.name), features, overlap >= _FACE_IOU)


def _undecided(engines: Engines, photo: Photo) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    gray = cv2.cvtColor(photo.image, cv2.COLOR_BGR2GRAY)
    scale = min(1.0, (PIXELS / gray.size) ** 0.5)
    picture = resize(gray, gray.shape[1] * scale, gray.shape[0] * scale)
    for proposal in proposals(engines, picture):
        box, features = evidence(engines, picture, proposal)
        if features is not None:
            face = face_from_square(as_boxes([box]))
            overlaps = iou(face, as_boxes(photo.truth * scale))
            yield box, features, float(overlaps.max(initial=0.0))


def _origin(name: str) -> str:
    """Variants of one photo belong together; each group picture is its own."""
    return name if name.startswith("group") else name.split(" ")[0]


def fit(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's method; the last feature is constant."""
    weights = np.zeros(features.shape[1])
    ridge = np.eye(len(weights)) * _RIDGE
    ridge[-1, -1] = 0
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-features @ weights))
        spread = chance * (1 - chance) + 1e-9
        step = features.T @ (labels - chance) - ridge @ weights
        weights += np.linalg.solve(features.T @ (features * spread[:, None]) + ridge, step)
    return weights


def main() -> None:
    """Print the weights and how well they judge photos they have not seen."""
    found = list(samples(Engines()))
    features = np.array([sample.features for sample in found])
    labels = np.array([sample.is_face for sample in found], float)
    photos = np.array([sample.photo for sample in found])
    chances = np.zeros(len(found))
    for photo in np.unique(photos):
        held = photos == photo
        weights = fit(features[~held], labels[~held])
        chances[held] = 1 / (1 + np.exp(-features[held] @ weights))
    shown = chances >= SHOWN_CONFIDENCE
    print("weights: " + ", ".join(f"{weight:.2f}" for weight in fit(features, labels)))
    print(f"{len(found)} undecided places, {int(labels.sum())} of them faces")
    print(f"of photos not fitted on: {int((shown & (labels == 1)).sum())} faces found, ", end="")
    print(f"{int((shown & (labels == 0)).sum())} places mistaken for one")


if __name__ == "__main__":
    main()
