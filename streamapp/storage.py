"""Where images lie. The Protocol's docstring is the contract; every storage keeps it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from streamapp.errors import NotFound, StorageFull, Unavailable


class Storage(Protocol):
    """Blobs under keys that the server made, such as ``3f/3fa9…/original.jpg``.

    A key is one or more parts of lower-case letters, digits, ``-``, ``_`` and ``.``, joined by
    ``/``; it never holds anything a client chose. `put` is atomic: a reader sees the whole blob
    or none. Every method raises Unavailable when the storage is away.
    """

    @property
    def origin(self) -> str | None:
        """Scheme and host of what `url` gives; None where it gives nothing."""

    def put(self, key: str, data: bytes) -> None:
        """Save ``data``, replacing what was there. Raises StorageFull."""

    def open(self, key: str) -> BinaryIO:
        """The blob as a binary file, to be closed by the caller. Raises NotFound."""

    def url(self, key: str, download_name: str | None = None, *, head: bool = False) -> str | None:
        """A short-lived address that serves the blob itself, or None: read it by `open`.

        With ``download_name`` a browser saves it under that name instead of showing it. It is
        good for GET, with ``head`` for HEAD. Signs only, asks nobody: it may be called where
        nothing may block.
        """

    def delete(self, key: str) -> None:
        """Remove the blob; nothing happens where there is none."""

    def stale_keys(self, seconds: float) -> Iterator[str]:
        """Keys not written to for ``seconds``, what a crash left unfinished included."""

    def check(self) -> None:
        """Raise Unavailable unless blobs can be saved now."""


class LocalStorage:
    """Blobs as files below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        with _translated():
            self._root.mkdir(parents=True, exist_ok=True)

    @property
    def origin(self) -> str | None:
        """See Storage."""
        return None

    def put(self, key: str, data: bytes) -> None:
        """See Storage. Written beside its place and moved there, so a crash leaves no half."""
        path = self._path(key)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with _translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with draft.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)

    def open(self, key: str) -> BinaryIO:
        """See Storage."""
        path = self._path(key)
        with _translated():
            return path.open("rb")

    def url(self, key: str, download_name: str | None = None, *, head: bool = False) -> str | None:  # noqa: ARG002
        """See Storage. Files have no address of their own."""
        return None

    def delete(self, key: str) -> None:
        """See Storage. A folder goes with its last blob."""
        path = self._path(key)
        with _translated():
            path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not empty, or gone already: both are fine
            path.parent.rmdir()

    def stale_keys(self, seconds: float) -> Iterator[str]:
        """See Storage. An unfinished file begins with a dot and belongs to no record."""
        newest = time.time() - seconds
        for path in self._root.rglob("*"):
            # It may be gone by now: its owner has deleted it.
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime <= newest:
                    yield path.relative_to(self._root).as_posix()

    def check(self) -> None:
        """See Storage."""
        with _translated():
            if not os.access(self._root, os.W_OK) or shutil.disk_usage(self._root).free < 1_000_000:
                raise Unavailable("The image folder cannot be written or its disk is full.")

    def _path(self, key: str) -> Path:
        path = (self._root / key).resolve()
        if not path.is_relative_to(self._root) or path == self._root:
            raise NotFound("There is no such image.")
        return path


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """The file system's errors as ours; no path of the server reaches the text."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError) as error:
        raise NotFound("There is no such image.") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise StorageFull("There is no room left to save the image. Try later.") from error
        raise Unavailable(f"The image storage is away ({error.strerror}). Try later.") from error
