"""Faces in many files on this machine's disk: found, counted in several threads, drawn.

pictures = name_outputs(find_pictures(["photos/", "*.png"], leave_out=out), out)
for result in count_all(pictures, "cascade", blur=False, jobs=2, settings=settings):
    ...
"""

from __future__ import annotations

import glob
import os
import queue
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from streamapp.analysis import Found, annotated, look
from streamapp.config import Settings
from streamapp.errors import NotFound, StreamappError, Unavailable, UnreadableImage
from streamapp.vision.engines import Engines

STANDARD_INPUT = "-"
_SUFFIXES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class Picture:
    """One file to look at; ``path`` is None for standard input.

    ``place`` is where it lies below the folder that was named, ``output`` where the annotated
    picture goes, None for nowhere.
    """

    path: Path | None
    place: Path
    output: Path | None = None

    @property
    def label(self) -> str:
        """Its path to show; bytes that are no UTF-8 are replaced."""
        if self.path is None:
            return "(standard input)"
        return os.fsencode(self.path).decode("utf-8", "replace")


@dataclass(frozen=True)
class Result:
    """What was found in one picture, or why nothing could be."""

    label: str
    found: Found | None
    error: StreamappError | None


def find_pictures(names: Iterable[str], leave_out: Path | None = None) -> list[Picture]:
    """The files themselves, of each folder and pattern the pictures in it, each once, in order.

    What lies in ``leave_out`` is not looked for in folders: it may hold an earlier run's output.
    """
    found: dict[Path | None, Picture] = {}
    for name in names:
        for picture in _of(name, leave_out.resolve() if leave_out else None):
            found.setdefault(picture.path.resolve() if picture.path else None, picture)
    return list(found.values())


def name_outputs(pictures: Iterable[Picture], out: Path) -> list[Picture]:
    """The same with a file below ``out`` for each; no two have the same."""
    taken: set[Path] = set()
    named = []
    for picture in pictures:
        stem, number = f"{picture.place.stem}-annotated", 1
        output = out / picture.place.with_name(f"{stem}.jpg")
        while output in taken:
            number += 1
            output = output.with_name(f"{stem}-{number}.jpg")
        taken.add(output)
        named.append(replace(picture, output=output))
    return named


def count_all(
    pictures: Sequence[Picture],
    detector: str,
    blur: bool,
    jobs: int,
    settings: Settings,
    read_standard_input: Callable[[], bytes],
) -> Iterator[Result]:
    """One result a picture, in the pictures' order, by ``jobs`` native threads.

    Never more than the pictures being looked at are in memory: each thread saves what it drew.
    """
    engines: queue.SimpleQueue[Engines] = queue.SimpleQueue()
    for _ in range(jobs):
        engines.put(Engines())

    def count(picture: Picture) -> Result:
        mine = engines.get()
        try:
            data = _read(picture, read_standard_input)
            view = look(mine, data, detector, settings)
            if picture.output:
                _save(picture.output, annotated(view, blur))
        except StreamappError as error:
            return Result(picture.label, None, error)
        finally:
            engines.put(mine)
        return Result(picture.label, view.found, None)

    with ThreadPoolExecutor(jobs) as threads:
        yield from threads.map(count, pictures)


def _of(name: str, leave_out: Path | None) -> Iterator[Picture]:
    path = Path(name)
    if name == STANDARD_INPUT:
        yield Picture(None, Path("standard-input"))
    elif path.is_dir():
        # A folder that is its own output is looked through all the same.
        skipped = None if leave_out == path.resolve() else leave_out
        for file in sorted(path.rglob("*")):
            if file.suffix.lower() in _SUFFIXES and not (
                skipped and file.resolve().is_relative_to(skipped)
            ):
                yield Picture(file, file.relative_to(path))
    elif not path.exists() and glob.has_magic(name):
        matches = glob.glob(name, recursive=True)  # noqa: PTH207 - the pattern may be absolute
        for match in sorted(map(Path, matches)):
            if match.is_file():
                yield Picture(match, Path(match.name))
    else:
        yield Picture(path, Path(path.name))


def _read(picture: Picture, read_standard_input: Callable[[], bytes]) -> bytes:
    if picture.path is None:
        return read_standard_input()
    try:
        return picture.path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound("There is no such file.") from error
    except OSError as error:
        raise UnreadableImage(f"The file cannot be read: {error.strerror}.") from error


def _save(output: Path, picture: bytes) -> None:
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(picture)
    except OSError as error:
        raise Unavailable(f"{output} cannot be written: {error.strerror}.") from error
