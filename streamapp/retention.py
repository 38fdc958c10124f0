"""What is too old, or belongs to nothing, is removed: by `flask purge`, and hourly by the server.

Everything is done in small steps, each safe to repeat and to interrupt, beside running uploads:
pictures are saved before their record and removed after it, so pictures without a record may be
an upload that is just being saved, and only old ones are swept.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from pathlib import PurePosixPath

from streamapp.concurrency import Execute
from streamapp.errors import NotFound, StreamappError
from streamapp.models import ImageRecord
from streamapp.repository import ImageRepository
from streamapp.storage import Storage

log = logging.getLogger(__name__)

# No upload takes so long to save.
_ORPHAN_SECONDS = 3600.0
_BATCH = 50
# A starting server has better things to do.
_FIRST_SECONDS, _EVERY_SECONDS = 60.0, 3600.0


def oldest_kept(now: datetime, days: int) -> datetime | None:
    """What was made before this moment has expired; None where nothing does (``days`` is 0)."""
    return now - timedelta(days=days) if days else None


@dataclass(frozen=True)
class Purged:
    """What one purge removed."""

    expired: int
    orphans: int
    lost: int
    others: int = 0

    def __str__(self) -> str:
        return (
            f"{self.expired} expired images, {self.orphans} files without a record, {self.lost} "
            f"records without their files, {self.others} old sessions and links removed"
        )


class Retention:
    """Purges ``storage`` and ``repository``; ``days`` is how long images are kept, 0 for ever.

    ``others`` each remove what is too old of another kind, and return how many that were.
    """

    def __init__(
        self,
        records: Execute,
        blobs: Execute,
        storage: Storage,
        repository: ImageRepository,
        days: int,
        others: Sequence[Callable[[], int]] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._records = records
        self._blobs = blobs
        self._storage = storage
        self._repository = repository
        self._days = days
        self._others = others
        self._now = now

    def purge(self, *, lost_too: bool = True) -> Purged:
        """One round. Raises Unavailable where database or storage is away; repeat it then.

        ``lost_too`` asks the storage for the pictures of every record.
        """
        expired, orphans = self._expire(), self._sweep()
        lost = self._forget_lost() if lost_too else 0
        return Purged(expired, orphans, lost, sum(purge() for purge in self._others))

    def keep_purging(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """For ever: sleep, purge, and say in one line of the log what came of it."""
        # A bucket forgets nothing, and has to be paid for each question.
        lost_too = self._storage.origin is None
        sleep(_FIRST_SECONDS)
        while True:
            try:
                log.info("purge: %s", self.purge(lost_too=lost_too))
            except StreamappError as error:
                log.warning("purge: %s It goes on in an hour.", error.message)
            except Exception:
                log.exception("purge failed; it goes on in an hour")
            sleep(_EVERY_SECONDS)

    def _expire(self) -> int:
        before = oldest_kept(self._now(), self._days)
        removed = 0
        while before is not None:
            batch = self._records(self._repository.made_before, before, _BATCH)
            if not batch:
                break
            for record in batch:
                self._remove(record)
            removed += len(batch)
        return removed

    def _sweep(self) -> int:
        """Remove what a crash in the middle of an upload or a deletion left behind."""
        removed = 0
        keys = self._storage.stale_keys(_ORPHAN_SECONDS)
        while batch := self._blobs(lambda: list(islice(keys, _BATCH))):
            for image_id, its_keys in groupby(batch, lambda key: PurePosixPath(key).parent.name):
                orphans = set(its_keys).difference(self._recorded(image_id))
                for key in orphans:
                    self._blobs(self._storage.delete, key)
                removed += len(orphans)
        return removed

    def _forget_lost(self) -> int:
        """Remove records whose pictures are gone, as from a disk that forgets at a restart."""
        removed = 0
        after = ""
        while batch := self._records(self._repository.by_id, after, _BATCH):
            for record in batch:
                removed += self._remove_lost(record)
            after = batch[-1].id
        return removed

    def _remove(self, record: ImageRecord) -> None:
        self._records(self._repository.delete, record.id)
        for key in record.keys:
            self._blobs(self._storage.delete, key)

    def _recorded(self, image_id: str) -> tuple[str, ...]:
        """The keys that the image's record points to; none without a record."""
        try:
            return self._records(self._repository.get, image_id).keys
        except NotFound:
            return ()

    def _remove_lost(self, record: ImageRecord) -> bool:
        try:
            for key in (record.original_key, record.annotated_key):
                self._blobs(self._storage.open, key).close()
        except NotFound:
            self._remove(record)
            return True
        return False
