"""Sessions of counts: recorded while webcams are counted, kept, listed, exported.

Frames never wait for the database: recorders note samples in memory, `SessionService.flush` writes
them at intervals. While the database is away they are held, and counting goes on.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator

from streamapp.concurrency import Execute
from streamapp.errors import InvalidParameter, NotFound, Unavailable
from streamapp.models import Batch, Sample, SessionRecord
from streamapp.moments import days_before, now_ms
from streamapp.recording import Recorder, new_writer
from streamapp.session_repository import Place, SessionRepository

log = logging.getLogger(__name__)

FLUSH_SECONDS = 10
# So long a session waits for a client that has vanished.
RETURN_MS = 120_000
# Read at once for an export: an hour of one sample a second.
_BATCHES_AT_ONCE = 360


class SessionService:
    """Everything that is done with sessions. ``execute`` is how the database is reached."""

    def __init__(
        self,
        repository: SessionRepository,
        execute: Execute,
        retention_days: int,
        now: Callable[[], int] = now_ms,
    ) -> None:
        self._repository = repository
        self._execute = execute
        self._retention_days = retention_days
        self._now = now
        self._began = now()
        self._open: dict[str, Recorder] = {}
        self._lock = threading.Lock()  # of recorders' hands, not of their notes
        # Told who records no longer, which session, and why. Called with the lock held.
        self.lost: Callable[[str, str, str], None] = lambda _client, _session, _why: None

    def begin(self, owner: str, name: str, client: str, tracks: int) -> Recorder:
        """Record the counts of ``client`` in a new session. Raises Unavailable."""
        now = self._now()
        record = SessionRecord(
            secrets.token_hex(16), owner, name, now, None, now, new_writer(), 0, 0, 0, 0
        )
        self._execute(self._repository.add, record)
        recorder = self._open[record.id] = Recorder(record, client, tracks)
        return recorder

    def resume(self, session_id: str, owner: str, client: str) -> Recorder | None:
        """Go on recording; whoever records into the session now stops.

        None where the session has ended. Raises NotFound unless it is the owner's, Unavailable.
        """
        with self._lock:
            recorder = self._open.get(session_id)
            if recorder is not None and recorder.owner == owner:
                if recorder.ended_at is not None:
                    return None
                if recorder.holder is not None and recorder.holder != client:
                    self.lost(recorder.holder, session_id, "taken_over")
                recorder.hand_over(client)
                return recorder
            self._execute(self._of_owner, session_id, owner)
            record = self._execute(
                self._repository.take, session_id, owner, new_writer(), self._now()
            )
            if record is None:
                return None
            recorder = self._open[session_id] = Recorder(record, client)
            return recorder

    def leave(self, recorder: Recorder, client: str) -> None:
        """The client has vanished; its session waits for it for a while."""
        if recorder.holder == client:
            recorder.leave(self._now())

    def stop(self, recorder: Recorder, client: str) -> None:
        """The client wants no more to be recorded."""
        if recorder.holder == client:
            recorder.leave(self._now())
            recorder.ended_at = recorder.left_at
            self._flush_now([recorder])

    def flush(self) -> None:
        """Write what recorders hold; end what nobody came back to. Called every few seconds."""
        now = self._now()
        for recorder in list(self._open.values()):
            if recorder.holder is None and recorder.left_at < now - RETURN_MS:
                recorder.ended_at = recorder.ended_at or recorder.left_at
        self._flush_now(list(self._open.values()))
        # After a restart those who were cut off get their time to return, too.
        if now - self._began > RETURN_MS:
            try:
                self._execute(self._repository.end_silent, now - RETURN_MS)
            except Unavailable:
                log.debug("sessions are not ended: the database is away")

    def purge(self) -> int:
        """Delete what is older than the retention; returns how many. Raises Unavailable."""
        oldest = self._oldest
        return self._execute(self._repository.purge, oldest) if oldest else 0

    def of_owner(self, owner: str, limit: int, before: str | None = None) -> list[SessionRecord]:
        """The owner's newest sessions, after ``before``.

        Raises InvalidParameter where that is not one of the owner's, Unavailable.
        """
        self._flush_now([r for r in self._open.values() if r.owner == owner])
        place = None
        if before is not None:
            try:
                place = self._execute(self._of_owner, before, owner)
            except NotFound as error:
                raise InvalidParameter(
                    f"before is {before!r:.40}, which is not one of your sessions."
                ) from error
        return self._execute(self._repository.of_owner, owner, limit, self._oldest, place)

    def get(self, session_id: str, owner: str) -> SessionRecord:
        """The session with all that is known up to now. Raises NotFound unless the owner's."""
        if session_id in self._open:
            self._flush_now([self._open[session_id]])
        return self._execute(self._of_owner, session_id, owner)

    def rename(self, session_id: str, owner: str, name: str) -> SessionRecord:
        """Give it a name that `clean_name` has seen. Raises NotFound, Unavailable."""
        self._execute(self._of_owner, session_id, owner)
        self._execute(self._repository.rename, session_id, name)
        if session_id in self._open:
            self._open[session_id].name = name
        return self.get(session_id, owner)

    def delete(self, session_id: str, owner: str) -> None:
        """Forget it; if it is being recorded, that ends. Raises NotFound, Unavailable."""
        self._execute(self._of_owner, session_id, owner)
        with self._lock:
            self._execute(self._repository.delete, session_id)
            self._drop(session_id, "deleted")

    def samples(self, session_id: str) -> Iterator[list[Sample]]:
        """All samples, oldest first, an hour or so at a time. Raises Unavailable."""
        place: Place | None = None
        while True:
            page, place = self._execute(self._repository.chunk, session_id, place, _BATCHES_AT_ONCE)
            yield page
            if place is None:
                return

    @property
    def _oldest(self) -> int:
        return days_before(self._now(), self._retention_days)

    def _of_owner(self, session_id: str, owner: str) -> SessionRecord:
        """Runs where the database is reached."""
        record = self._repository.get(session_id)
        if record.owner != owner or record.seen_at < self._oldest:
            raise NotFound("There is no such session of yours. It may have been deleted.")
        return record

    def _flush_now(self, recorders: Iterable[Recorder]) -> None:
        with self._lock:
            try:
                # Twice: what failed before goes as it was, what came since goes after it.
                for _ in range(2):
                    self._write([r for r in recorders if self._open.get(r.id) is r])
            except Unavailable as error:
                held = sum(recorder.waiting for recorder in self._open.values())
                log.warning("%d samples wait for the database: %s", held, error.message)

    def _write(self, recorders: list[Recorder]) -> None:
        now = self._now()
        batches: dict[str, tuple[Recorder, Batch]] = {}
        for recorder in recorders:
            batch = recorder.batch(now)
            if batch is not None:
                batches[recorder.id] = recorder, batch
        if not batches:
            return
        writers = self._execute(
            self._repository.append, [batch for _recorder, batch in batches.values()]
        )
        for session_id, (recorder, batch) in batches.items():
            recorder.kept()
            writer = writers[session_id]
            if writer is None:
                self._drop(session_id, "deleted")
            elif writer != recorder.writer:
                self._drop(session_id, "taken_over")
            elif batch.ended_at is not None:
                self._open.pop(session_id, None)
                if recorder.empty:  # switched on and off again
                    self._execute(self._repository.delete, session_id)

    def _drop(self, session_id: str, why: str) -> None:
        recorder = self._open.pop(session_id, None)
        if recorder is not None and recorder.holder is not None:
            self.lost(recorder.holder, session_id, why)


LONGEST_NAME = 80


def clean_name(name: object) -> str:
    """``name`` as one line that every database takes. Raises InvalidParameter."""
    if not isinstance(name, str):
        raise InvalidParameter(f"name is {name!r:.40}; allowed: a text.")
    if len(name) > LONGEST_NAME:
        raise InvalidParameter(
            f"name has {len(name)} characters; at most {LONGEST_NAME} are allowed."
        )
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())
