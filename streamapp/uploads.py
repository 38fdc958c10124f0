"""Still images: checked, searched, drawn, saved, and served again.

The database row is the commit point: blobs without a row are removed when saving fails, and a
crash in between leaves only what a sweep can tell from the rest.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, BinaryIO

from streamapp.analysis import Found, Pictures, look, pictures
from streamapp.concurrency import Execute, NativeLane
from streamapp.config import Settings
from streamapp.errors import (
    ImageTooLarge,
    InvalidParameter,
    NotFound,
    StreamappError,
)
from streamapp.metrics import Metrics
from streamapp.models import ImageRecord
from streamapp.repository import ImageRepository
from streamapp.retention import oldest_kept
from streamapp.storage import Storage
from streamapp.vision.engines import Engines, check_detector

log = logging.getLogger(__name__)

_RECORDS_AT_ONCE = 100


@dataclass(frozen=True)
class Upload:
    """What a client sent, and what it asked for."""

    file: IO[bytes]  # read when its turn comes: those that wait take no memory
    filename: str
    owner: str
    owner_known: bool
    detector: str
    blur: bool = False


def may_delete(record: ImageRecord, owner: str) -> bool:
    """Whether ``owner`` may delete the image.

    One that came without its uploader's cookie (from a program) has no owner to ask; its id is
    enough.
    """
    return record.owner == owner or not record.owner_known


class UploadService:
    """Everything the pages, the API and the command line do with still images.

    ``entrance`` bounds how many photos are in memory, ``lane`` how many are looked at.
    ``records`` and ``blobs`` are how the repository and the storage may be called.
    """

    def __init__(
        self,
        entrance: NativeLane[None],
        lane: NativeLane[Engines],
        records: Execute,
        blobs: Execute,
        storage: Storage,
        repository: ImageRepository,
        settings: Settings,
        metrics: Metrics,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._entrance = entrance
        self._lane = lane
        self._records = records
        self._blobs = blobs
        self._storage = storage
        self._repository = repository
        self._settings = settings
        self._metrics = metrics
        self._now = now

    def create(self, upload: Upload) -> ImageRecord:
        """Find the faces of one image and save original, annotated picture and record.

        Raises InputError for what the client can mend, Unavailable or StorageFull for what it
        can only try again; nothing is saved then.
        """
        try:
            check_detector(upload.detector)
            record = self._entrance.run(object(), lambda _place: self._create(upload))
        except StreamappError as error:
            self._metrics.upload(error.code)
            raise
        self._metrics.upload("ok")
        return record

    def _create(self, upload: Upload) -> ImageRecord:
        found, kept = self._lane.run(object(), lambda engines: self._look(engines, upload))
        return self._save(upload, found, kept)

    def too_many_bytes(self, length: int) -> ImageTooLarge:
        """The error for an upload of ``length`` bytes, over the limit."""
        limit = self._settings.max_upload_bytes
        return ImageTooLarge(
            f"The file has {length} bytes; at most {limit} ({limit / 1e6:g} MB) are allowed. "
            "Make the picture smaller or save it at a lower quality."
        )

    def get(self, image_id: str) -> ImageRecord:
        """The record of an image; whoever knows its id may see it. Raises NotFound."""
        record = self._records(self._repository.get, image_id)
        expires_at = self.expires_at(record)
        if expires_at is not None and expires_at <= self._now():
            raise NotFound(
                f"There is no such image any more: images are kept for "
                f"{self._settings.retention_days} days."
            )
        return record

    def expires_at(self, record: ImageRecord) -> datetime | None:
        """When the image is deleted by itself; None for never."""
        days = self._settings.retention_days
        return record.created_at + timedelta(days=days) if days else None

    def of_owner(
        self,
        owner: str,
        limit: int,
        before: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[ImageRecord]:
        """The owner's images from ``since`` to before ``until``, newest first, after ``before``.

        Raises InvalidParameter where ``before`` is not one of the owner's images.
        """
        last = None
        if before is not None:
            try:
                last = self.get(before)
            except NotFound:
                last = None
            if last is None or last.owner != owner:
                raise InvalidParameter("before is not the id of one of your images.")
        return self._page(owner, limit, last, since, until)

    def every_of_owner(
        self, owner: str, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[ImageRecord]:
        """All of the owner's images, newest first, a page at a time in memory."""
        last = None
        while page := self._page(owner, _RECORDS_AT_ONCE, last, since, until):
            yield from page
            last = page[-1]

    def _page(
        self,
        owner: str,
        limit: int,
        before: ImageRecord | None,
        since: datetime | None,
        until: datetime | None,
    ) -> list[ImageRecord]:
        kept = oldest_kept(self._now(), self._settings.retention_days)
        if kept is not None:  # what has expired is gone, whether a purge has run yet or not
            since = max(since, kept) if since else kept
        return self._records(self._repository.of_owner, owner, limit, before, since, until)

    def open(self, key: str) -> BinaryIO:
        """A picture of a record, by its key there. Raises NotFound."""
        return self._blobs(self._storage.open, key)

    def url(self, key: str, download_name: str | None = None, *, head: bool = False) -> str | None:
        """An address that serves that picture without us, for a short time; None: use `open`."""
        return self._storage.url(key, download_name, head=head)

    def delete(self, image_id: str, owner: str) -> None:
        """Remove record and pictures. Raises NotFound unless ``owner`` may delete it."""
        record = self.get(image_id)
        if not may_delete(record, owner):
            raise NotFound("There is no such image among yours, so it cannot be deleted.")
        self._records(self._repository.delete, image_id)
        for key in record.keys:
            self._blobs(self._storage.delete, key)

    def _look(self, engines: Engines, upload: Upload) -> tuple[Found, Pictures]:
        """Runs in the lane's native thread, like `look`."""
        data = upload.file.read()
        if len(data) > self._settings.max_upload_bytes:
            raise self.too_many_bytes(len(data))
        view = look(engines, data, upload.detector, self._settings)
        return view.found, pictures(data, view, upload.blur)

    def _save(self, upload: Upload, found: Found, kept: Pictures) -> ImageRecord:
        image_id = secrets.token_hex(16)
        folder = f"{image_id[:2]}/{image_id}"
        record = ImageRecord(
            id=image_id,
            owner=upload.owner,
            owner_known=upload.owner_known,
            filename=upload.filename,
            created_at=self._now(),
            width=found.width,
            height=found.height,
            detector=upload.detector,
            faces=found.faces,
            original_key=f"{folder}/original.{kept.original_extension}",
            annotated_key=f"{folder}/annotated.jpg",
            thumbnail_key=f"{folder}/thumbnail.jpg",
        )
        blobs = (kept.original, kept.annotated, kept.thumbnail)
        try:
            for key, blob in zip(record.keys, blobs, strict=True):
                self._blobs(self._storage.put, key, blob)
            self._records(self._repository.add, record)
        except StreamappError:
            self._discard(record)
            raise
        return record

    def _discard(self, record: ImageRecord) -> None:
        try:
            for key in record.keys:
                self._blobs(self._storage.delete, key)
        except StreamappError:
            # Not tried again for each: a storage that is silent takes its time to say so.
            log.warning("blobs without a record may stay behind; a purge removes them")
