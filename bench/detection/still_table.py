"""The table of stills: both engines beside every stock cascade."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from bench.detection.measure import Score, run_photo
from bench.detection.photos import still_set
from streamapp.vision.boxes import Boxes, as_boxes, xyxy_from_xywh
from streamapp.vision.engines import DETECTORS, Engines
from streamapp.vision.stills import detect_still

STOCK = (
    *("frontalface_default", "frontalface_alt", "frontalface_alt2"),
    *("frontalface_alt_tree", "profileface"),
)
Find = Callable[[np.ndarray], Boxes]


def print_stills(engines: Engines, every: int = 1) -> dict[str, Score]:
    """Run every ``every``-th photo of the set through all detectors."""
    photos = list(still_set())[::every]
    faces = sum(len(photo.truth) for photo in photos)
    scenes = [photo for photo in photos if not len(photo.truth)]
    megapixels = sum(photo.image.shape[0] * photo.image.shape[1] for photo in photos) / 1e6
    print(f"\nStills: {len(photos)} pictures, {faces} faces, {len(scenes)} scenes without")
    print(
        f"{'detector':28}{'recall':>8}{'precision':>11}{'found':>7}{'missed':>8}{'false':>7}"
        f"{'in scenes':>11}{'CPU ms/megapixel':>18}"
    )
    totals: dict[str, Score] = {}
    for name, find in _finders(engines).items():
        scores = [(photo, run_photo(find, photo)) for photo in photos]
        total = Score()
        for _, score in scores:
            total.add(score)
        in_scenes = sum(score.false for photo, score in scores if not len(photo.truth))
        totals[name] = total
        print(
            f"{name:28}{total.recall:8.3f}{total.precision:11.3f}{total.true:7}{total.missed:8}"
            f"{total.false:7}{in_scenes:11}{sum(total.cpu) / megapixels:18.0f}",
            flush=True,
        )
    return totals


def _finders(engines: Engines) -> dict[str, Find]:
    own = {name: _own(engines, name) for name in DETECTORS}
    return own | {f"stock {name}": _stock(name) for name in STOCK}


def _own(engines: Engines, detector: str) -> Find:
    return lambda image: detect_still(engines, image, detector).xyxy


def _stock(name: str) -> Find:
    cascade = cv2.CascadeClassifier(f"{cv2.data.haarcascades}haarcascade_{name}.xml")

    def find(image: np.ndarray) -> Boxes:
        gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        return xyxy_from_xywh(as_boxes(cascade.detectMultiScale(gray, 1.1, 5)))

    return find
