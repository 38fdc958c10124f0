"""The still test set: real photos with known faces, their worn variants, and faceless scenes.

Truth boxes were proposed by YuNet at several scales and looked at one by one. A variant's truth
follows from the transformation. Everything is seeded: the set is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from bench.media import media, read_video
from streamapp.vision.boxes import Boxes, as_boxes

MEGAPIXEL = 1_000_000
# Faces under this height are neither demanded nor held against a detector.
SMALLEST_FACE = 24

FACES: dict[str, list[tuple[int, int, int, int]]] = {
    "multi_face.jpg": [
        (682, 288, 787, 423),
        (315, 231, 414, 360),
        (529, 308, 627, 436),
        (436, 213, 518, 311),
        (212, 61, 303, 176),
    ],
    "thai_people.jpg": [
        (476, 70, 582, 215),
        (775, 214, 866, 342),
        (697, 344, 788, 454),
        (364, 243, 459, 362),
    ],
    "single_face.jpg": [(191, 147, 374, 399)],
    "0-f1-su-ph.jpg": [(119, 95, 403, 474)],
    "0-f15-hao-ph.jpg": [(118, 109, 390, 474)],
    "15-f13-anc-ph.jpg": [(97, 116, 391, 477)],
    "45-m7-di-ph.jpg": [(57, 153, 318, 483)],
    "BWPictureHuman.jpg": [(859, 365, 1025, 609)],
    "Image_with_alpha.png": [(586, 199, 929, 613)],
    "obama.jpg": [(94, 72, 340, 425)],
    "astronaut.png": [(180, 67, 270, 177)],
    "SeanConnery.jpg": [(111, 50, 261, 269)],
    "audrey.jpg": [(153, 149, 413, 475)],
    "cage.jpg": [(90, 85, 385, 520)],
    "bieber_small.jpg": [(112, 190, 366, 528)],
    "franck_03979.jpg": [(264, 159, 516, 527)],
    "joconde.jpg": [(258, 154, 450, 398)],
}
# Those whose neighbours stay out of a cut head.
HEADS = (
    *("single_face.jpg", "0-f1-su-ph.jpg", "0-f15-hao-ph.jpg", "15-f13-anc-ph.jpg", "obama.jpg"),
    *("astronaut.png", "SeanConnery.jpg", "audrey.jpg", "cage.jpg", "bieber_small.jpg"),
    *("franck_03979.jpg", "Image_with_alpha.png", "thai_people.jpg"),
)
# Without a face; coins.png is not among them: heads are stamped on its coins.
SCENES = (
    *("coffee.png", "rocket.jpg", "motorcycle_left.png", "chelsea.png"),
    *("brick.png", "gravel.png", "grass.png", "page.png", "text.png", "moon.png"),
    *("hubble_deep_field.jpg", "ihc.png", "retina.jpg", "cell.png"),
    *("apple.jpg", "aspect_ratio_fail.jpg", "free-mountain-vector-01.jpg"),
)
SCENE_CLIPS = ("shot_change.mp4", "park.mp4", "small.mp4", "no_face.mp4")


@dataclass(frozen=True)
class Photo:
    """One picture (BGR) with its true faces, xyxy."""

    name: str
    image: np.ndarray
    truth: Boxes


def still_set() -> Iterator[Photo]:
    """Photos with faces, each in every variant, then group pictures, then scenes without."""
    for name, boxes in FACES.items():
        original = limited(Photo(name, _read(name), as_boxes(boxes)))
        for label, variant in VARIANTS.items():
            made = variant(original, np.random.default_rng(len(name)))
            yield Photo(f"{name} {label}", made.image, made.truth)
    yield from group_pictures()
    yield from scenes()


def limited(photo: Photo, pixels: int = MEGAPIXEL) -> Photo:
    """``photo`` at no more than ``pixels``."""
    height, width = photo.image.shape[:2]
    return scaled(photo, min(1.0, (pixels / (height * width)) ** 0.5))


def scaled(photo: Photo, factor: float) -> Photo:
    """``photo`` larger or smaller by ``factor``."""
    if factor == 1.0:
        return photo
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    image = cv2.resize(photo.image, None, fx=factor, fy=factor, interpolation=method)
    return Photo(photo.name, image, photo.truth * factor)


def rotated(photo: Photo, degrees: float) -> Photo:
    """``photo`` turned about its middle; a face keeps its size, its centre moves."""
    height, width = photo.image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    image = cv2.warpAffine(photo.image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    centre = (photo.truth[:, :2] + photo.truth[:, 2:]) / 2
    half = (photo.truth[:, 2:] - photo.truth[:, :2]) / 2
    moved = centre @ matrix[:, :2].T + matrix[:, 2]
    return Photo(photo.name, image, as_boxes(np.hstack([moved - half, moved + half])))


def mirrored(photo: Photo) -> Photo:
    """``photo`` seen in a mirror."""
    width = photo.image.shape[1]
    truth = photo.truth[:, [2, 1, 0, 3]] * (-1, 1, -1, 1) + (width, 0, width, 0)
    return Photo(photo.name, np.ascontiguousarray(photo.image[:, ::-1]), as_boxes(truth))


def noisy(photo: Photo, rng: np.random.Generator, sigma: float = 18) -> Photo:
    """Sensor noise, as in a dim room."""
    image = photo.image + rng.normal(0, sigma, photo.image.shape)
    return Photo(photo.name, np.clip(image, 0, 255).astype(np.uint8), photo.truth)


def dark(photo: Photo) -> Photo:
    """A third of the light."""
    return Photo(photo.name, (photo.image * 0.33).astype(np.uint8), photo.truth)


def old(photo: Photo, rng: np.random.Generator) -> Photo:
    """A scan of an old print: grey, soft, faded, grainy, scratched."""
    gray = cv2.cvtColor(photo.image, cv2.COLOR_BGR2GRAY)
    faded = 60 + 0.55 * cv2.GaussianBlur(gray, (0, 0), 1.3).astype(np.float32)
    for x in rng.integers(0, gray.shape[1], 5):
        faded[:, x : x + 2] += 60
    grain = cv2.GaussianBlur(rng.normal(0, 22, gray.shape).astype(np.float32), (0, 0), 0.8)
    image = np.clip(faded + grain, 0, 255).astype(np.uint8)
    return Photo(photo.name, cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), photo.truth)


def compressed(photo: Photo, quality: int = 12) -> Photo:
    """A JPEG of poor quality."""
    data = cv2.imencode(".jpg", photo.image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return Photo(photo.name, cv2.imdecode(data, cv2.IMREAD_COLOR), photo.truth)


VARIANTS: dict[str, Callable[[Photo, np.random.Generator], Photo]] = {
    "as it is": lambda photo, _: photo,
    "half": lambda photo, _: scaled(photo, 0.5),
    "quarter": lambda photo, _: scaled(photo, 0.25),
    "turned left": lambda photo, _: rotated(photo, 12),
    "turned right": lambda photo, _: rotated(photo, -15),
    "mirrored": lambda photo, _: mirrored(photo),
    "noisy": lambda photo, rng: noisy(scaled(photo, 0.6), rng),
    "dark": lambda photo, _: dark(photo),
    "old": lambda photo, rng: old(scaled(photo, 0.7), rng),
    "compressed": lambda photo, _: compressed(scaled(photo, 0.5)),
}


def group_pictures(count: int = 12) -> Iterator[Photo]:
    """Six to fifteen heads in rows over a faceless scene, 34 to 100 pixels high, some turned."""
    heads = [Photo(name, _read(name), as_boxes(FACES[name])) for name in HEADS]
    for index in range(count):
        rng = np.random.default_rng(1000 + index)
        canvas = cv2.resize(_read(SCENES[index % len(SCENES)]), (1000, 750))
        truth: list[np.ndarray] = []
        columns, rows = int(rng.integers(3, 6)), int(rng.integers(2, 4))
        for cell in range(columns * rows):
            source = rotated(heads[int(rng.integers(len(heads)))], float(rng.uniform(-12, 12)))
            x = (cell % columns + 0.5 + rng.uniform(-0.1, 0.1)) * 1000 / columns
            y = (cell // columns + 0.5 + rng.uniform(-0.1, 0.1)) * 750 / rows
            box = source.truth[int(rng.integers(len(source.truth)))]
            height = min(float(rng.uniform(34, 100)), 0.45 * 750 / rows, 0.5 * 1000 / columns)
            truth.append(paste_head(canvas, source.image, box, (x, y), height))
        image = old(Photo("", canvas, as_boxes(truth)), rng).image if index % 3 == 0 else canvas
        yield Photo(f"group {index}", image, as_boxes(truth))


def paste_head(
    canvas: np.ndarray,
    source: np.ndarray,
    box: np.ndarray,
    centre: tuple[float, float],
    height: float,
) -> np.ndarray:
    """Paste a head with soft edges, its face ``height`` pixels high around ``centre``.

    Changes ``canvas``; returns the true face box there (xyxy, may reach outside).
    """
    scale = height / (box[3] - box[1])
    middle = (box[:2] + box[2:]) / 2
    half = np.array([0.85 * (box[2] - box[0]), 0.8 * (box[3] - box[1])])
    low = np.maximum(middle - half, 0).astype(int)
    high = np.minimum(middle + half, source.shape[1::-1]).astype(int)
    patch = source[low[1] : high[1], low[0] : high[0]]
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    patch = cv2.resize(patch, None, fx=scale, fy=scale, interpolation=method)
    corner = np.round(np.array(centre) - (middle - low) * scale).astype(int)
    mask = np.zeros(patch.shape[:2], np.float32)
    axes = (int(patch.shape[1] * 0.46), int(patch.shape[0] * 0.48))
    cv2.ellipse(mask, (patch.shape[1] // 2, patch.shape[0] // 2), axes, 0, 0, 360, 1, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), max(0.5, patch.shape[1] * 0.02))[..., None]
    start, stop = (
        np.maximum(corner, 0),
        np.minimum(corner + patch.shape[1::-1], canvas.shape[1::-1]),
    )
    if (stop > start).all():
        inside = np.s_[start[1] : stop[1], start[0] : stop[0]]
        a, b = start - corner, stop - corner
        cut = np.s_[a[1] : b[1], a[0] : b[0]]
        mixed = canvas[inside] * (1 - mask[cut]) + patch[cut] * mask[cut]
        canvas[inside] = mixed.astype(np.uint8)
    side = (box[2:] - box[:2]) * scale / 2
    return np.concatenate([np.array(centre) - side, np.array(centre) + side])


def scenes() -> Iterator[Photo]:
    """Pictures without a face, as they are, larger, turned and grainy."""
    none = as_boxes([])
    pictures = [(name, _read(name)) for name in SCENES]
    for clip in SCENE_CLIPS:
        images = [image for image, _ in read_video(clip)]
        pictures += [(f"{clip} {k}", images[k]) for k in range(0, len(images), 40)]
    for name, image in pictures:
        photo = limited(Photo(name, image, none))
        rng = np.random.default_rng(len(name))
        yield photo
        yield Photo(f"{name} turned", np.ascontiguousarray(np.rot90(photo.image)), none)
        yield Photo(f"{name} old", old(photo, rng).image, none)
        yield Photo(f"{name} large", limited(scaled(photo, 1.7)).image, none)


def _read(name: str) -> np.ndarray:
    return cv2.imread(str(media(name)))
