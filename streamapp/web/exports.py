"""Many images in one answer: counts as CSV, pictures as a ZIP, made while they are sent."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from streamapp.errors import NotFound
from streamapp.models import ImageRecord
from streamapp.uploads import UploadService

CSV_COLUMNS = ("id", "filename", "created_at", "width", "height", "detector", "count")
_CHUNK_BYTES = 65536
_LONGEST_STEM = 60
# A spreadsheet takes a cell that begins so for a formula and would run it.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def started(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks with the first one made now, while an error can still be answered."""
    first = next(chunks, b"")

    def resumed() -> Iterator[bytes]:
        yield first
        yield from chunks

    return resumed()


def csv_chunks(records: Iterable[ImageRecord]) -> Iterator[bytes]:
    """A table of ``records`` with a header, UTF-8, a few kilobytes at a time (RFC 4180)."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow(CSV_COLUMNS)
    for record in records:
        writer.writerow(_row(record))
        if sink.tell() > _CHUNK_BYTES:
            yield _taken(sink)
    yield _taken(sink)


def zip_chunks(records: Iterable[ImageRecord], uploads: UploadService) -> Iterator[bytes]:
    """Original and annotated picture of each record; about one chunk of it is ever in memory.

    Pictures are compressed already and are stored as they are. One that is deleted meanwhile is
    left out.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for record in records:
            for kind, key in (
                ("original", record.original_key),
                ("annotated", record.annotated_key),
            ):
                entry = zipfile.ZipInfo(_entry_name(record, kind, key), _moment(record))
                entry.external_attr = 0o644 << 16
                yield from _entry(archive, entry, sink, key, uploads.open)
    yield sink.taken()


def plain_cell(text: str) -> str:
    """``text`` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _row(record: ImageRecord) -> tuple[object, ...]:
    made = record.created_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    name = plain_cell(record.filename)
    return record.id, name, made, record.width, record.height, record.detector, record.count


def _taken(sink: io.StringIO) -> bytes:
    text = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    # A file name may hold half a surrogate pair, which no encoding has.
    return text.encode("utf-8", "replace")


class _Sink(io.RawIOBase):
    """What the archive writes, until the next `taken`; it cannot seek, like the network."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = memoryview(data)  # type: ignore[arg-type]
        self._written += piece
        return piece.nbytes

    def taken(self) -> bytes:
        data = bytes(self._written)
        self._written.clear()
        return data


def _entry(
    archive: zipfile.ZipFile,
    entry: zipfile.ZipInfo,
    sink: _Sink,
    key: str,
    opener: Callable[[str], BinaryIO],
) -> Iterator[bytes]:
    try:
        blob = opener(key)
    except NotFound:
        return
    with blob, archive.open(entry, "w") as target:
        while piece := blob.read(_CHUNK_BYTES):
            target.write(piece)
            yield sink.taken()
            time.sleep(0)  # under eventlet: a client that takes it fast must not keep the others


def _entry_name(record: ImageRecord, kind: str, key: str) -> str:
    """A name that is unique and safe in any folder: letters of the client's, the rest ours."""
    stem = PurePosixPath(record.filename.replace("\\", "/")).stem
    stem = re.sub(r"[^\w ()-]+", "_", stem)[:_LONGEST_STEM].strip() or "image"
    safe = stem.encode("utf-8", "ignore").decode()
    return f"{kind}/{safe}-{record.id[:12]}.{key.rpartition('.')[2]}"


def _moment(record: ImageRecord) -> tuple[int, int, int, int, int, int]:
    made = record.created_at
    # The format counts years from 1980.
    return max(made.year, 1980), made.month, made.day, made.hour, made.minute, made.second
