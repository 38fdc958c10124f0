"""Records of sessions and their counts. The Protocol's docstring is the contract."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa

from streamapp.database import Database
from streamapp.errors import NotFound
from streamapp.models import Batch, Sample, SessionRecord, session_counts, sessions

_ID = re.compile(r"[0-9a-f]{32}")

# Of a chunk of samples: where it stands in its session.
Place = tuple[int, str]


class SessionRepository(Protocol):
    """Sessions by id, each owner's list of them, and their samples in chunks.

    Moments are milliseconds since 1970. Every method raises Unavailable when the database is away.
    """

    def add(self, record: SessionRecord) -> None:
        """Keep ``record``; its id is new."""

    def get(self, session_id: str) -> SessionRecord:
        """The record. Raises NotFound."""

    def of_owner(
        self, owner: str, limit: int, since: int, before: SessionRecord | None = None
    ) -> list[SessionRecord]:
        """The owner's newest, or those older than ``before``; newest first.

        None that gave no sign of life after ``since``.
        """

    def take(self, session_id: str, owner: str, writer: str, now: int) -> SessionRecord | None:
        """Make ``writer`` the one that records; None where the owner has no such open session."""

    def append(self, batches: Sequence[Batch]) -> dict[str, str | None]:
        """Keep all of ``batches`` or none; one that is kept already is not kept twice.

        Returns by session id who records now; None where the session is gone.
        """

    def rename(self, session_id: str, name: str) -> None:
        """Give the session a name; nothing happens where there is none."""

    def delete(self, session_id: str) -> None:
        """Forget the session and its samples; nothing happens where there is none."""

    def chunk(
        self, session_id: str, after: Place | None, most: int
    ) -> tuple[list[Sample], Place | None]:
        """The samples of up to ``most`` batches behind ``after``, and where they end.

        No place is returned where nothing comes after it.
        """

    def end_silent(self, before: int) -> int:
        """End the open sessions without a sign of life since ``before``; returns how many."""

    def purge(self, before: int) -> int:
        """Delete the sessions without a sign of life since ``before``; returns how many."""


class SqlSessionRepository:
    """SessionRepository over SQLAlchemy Core."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, record: SessionRecord) -> None:
        """See SessionRepository."""
        with self._database.transaction() as connection:
            connection.execute(sessions.insert().values(**vars(record)))

    def get(self, session_id: str) -> SessionRecord:
        """See SessionRepository."""
        row = None
        if _ID.fullmatch(session_id):
            with self._database.transaction() as connection:
                row = connection.execute(
                    sessions.select().where(sessions.c.id == session_id)
                ).first()
        if row is None:
            raise NotFound("There is no such session. It may have been deleted.")
        return SessionRecord(**row._mapping)

    def of_owner(
        self, owner: str, limit: int, since: int, before: SessionRecord | None = None
    ) -> list[SessionRecord]:
        """See SessionRepository."""
        query = (
            sessions.select()
            .where(sessions.c.owner == owner, sessions.c.seen_at >= since)
            .order_by(sessions.c.started_at.desc(), sessions.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(
                sa.tuple_(sessions.c.started_at, sessions.c.id)
                < sa.tuple_(sa.literal(before.started_at), sa.literal(before.id))
            )
        with self._database.transaction() as connection:
            return [SessionRecord(**row._mapping) for row in connection.execute(query)]

    def take(self, session_id: str, owner: str, writer: str, now: int) -> SessionRecord | None:
        """See SessionRepository."""
        wanted = (
            sessions.c.id == session_id,
            sessions.c.owner == owner,
            sessions.c.ended_at.is_(None),
        )
        with self._database.transaction() as connection:
            change = sessions.update().where(*wanted).values(writer=writer, seen_at=now)
            if not connection.execute(change).rowcount:
                return None
            row = connection.execute(sessions.select().where(sessions.c.id == session_id)).one()
        return SessionRecord(**row._mapping)

    def append(self, batches: Sequence[Batch]) -> dict[str, str | None]:
        """See SessionRepository."""
        writers: dict[str, str | None] = {}
        with self._database.transaction() as connection:
            for batch in batches:
                writers[batch.session_id] = _append(connection, batch)
        return writers

    def rename(self, session_id: str, name: str) -> None:
        """See SessionRepository."""
        with self._database.transaction() as connection:
            connection.execute(
                sessions.update().where(sessions.c.id == session_id).values(name=name)
            )

    def delete(self, session_id: str) -> None:
        """See SessionRepository."""
        with self._database.transaction() as connection:
            connection.execute(sessions.delete().where(sessions.c.id == session_id))
            connection.execute(
                session_counts.delete().where(session_counts.c.session_id == session_id)
            )

    def chunk(
        self, session_id: str, after: Place | None, most: int
    ) -> tuple[list[Sample], Place | None]:
        """See SessionRepository."""
        place = (session_counts.c.first_at, session_counts.c.writer)
        query = (
            sa.select(*place, session_counts.c.samples)
            .where(session_counts.c.session_id == session_id)
            .order_by(*place)
            .limit(most)
        )
        if after is not None:
            query = query.where(sa.tuple_(*place) > sa.tuple_(*map(sa.literal, after)))
        with self._database.transaction() as connection:
            rows = connection.execute(query).all()
        samples = [(at, count) for row in rows for at, count in row.samples]
        return samples, (rows[-1].first_at, rows[-1].writer) if len(rows) == most else None

    def end_silent(self, before: int) -> int:
        """See SessionRepository."""
        silent = (sessions.c.ended_at.is_(None), sessions.c.seen_at < before)
        with self._database.transaction() as connection:
            change = sessions.update().where(*silent).values(ended_at=sessions.c.seen_at)
            return connection.execute(change).rowcount

    def purge(self, before: int) -> int:
        """See SessionRepository."""
        old = sa.select(sessions.c.id).where(sessions.c.seen_at < before)
        with self._database.transaction() as connection:
            connection.execute(session_counts.delete().where(session_counts.c.session_id.in_(old)))
            return connection.execute(sessions.delete().where(sessions.c.seen_at < before)).rowcount


def _append(connection: sa.Connection, batch: Batch) -> str | None:
    """One batch; returns who records its session now."""
    mine = sessions.c.id == batch.session_id
    row = connection.execute(sa.select(sessions.c.writer).where(mine).with_for_update()).first()
    if row is None:
        return None
    writer: str = row.writer
    values: dict[str, object] = {"seen_at": _larger(sessions.c.seen_at, batch.seen_at)}
    if writer == batch.writer:
        values["ended_at"] = batch.ended_at
    if batch.samples and _insert(connection, batch):
        counts = [count for _at, count in batch.samples]
        values["peak"] = _larger(sessions.c.peak, max(counts))
        values["tracks_seen"] = sessions.c.tracks_seen + batch.new_tracks
        values["samples"] = sessions.c.samples + len(counts)
        values["total"] = sessions.c.total + sum(counts)
    connection.execute(sessions.update().where(mine).values(**values))
    return writer


def _insert(connection: sa.Connection, batch: Batch) -> bool:
    """Whether the samples are new: an answer that got lost leaves it open who has them."""
    key = {
        "session_id": batch.session_id,
        "first_at": batch.samples[0][0],
        "writer": batch.writer,
    }
    same = [session_counts.c[name] == value for name, value in key.items()]
    if connection.execute(sa.select(session_counts.c.first_at).where(*same)).first():
        return False
    connection.execute(session_counts.insert().values(**key, samples=batch.samples))
    return True


def _larger(column: sa.Column[int], value: int) -> sa.ColumnElement[int]:
    return sa.case((column < value, value), else_=column)
