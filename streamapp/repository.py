"""Records of images. The Protocol's docstring is the contract; SQLAlchemy keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from streamapp.errors import ConfigError, NotFound, Unavailable
from streamapp.models import FaceRecord, ImageRecord, images


class ImageRepository(Protocol):
    """Image records by id, and each owner's list of them.

    A record is added whole or not at all. Every method raises Unavailable when the database is
    away.
    """

    def add(self, record: ImageRecord) -> None:
        """Keep ``record``; its id is new."""

    def get(self, image_id: str) -> ImageRecord:
        """The record. Raises NotFound."""

    def of_owner(
        self,
        owner: str,
        limit: int,
        before: ImageRecord | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[ImageRecord]:
        """The owner's newest ``limit`` records, or those older than ``before``, newest first.

        ``since`` and ``until`` (aware) leave out what was made before the one or not before the
        other.
        """

    def delete(self, image_id: str) -> None:
        """Forget the record; nothing happens where there is none."""

    def check(self) -> None:
        """Raise Unavailable unless the database answers."""


def open_engine(database_url: str) -> sa.Engine:
    """An engine for ``database_url``.

    SQLite gets a connection a call (opening one is cheap) so that no pool's lock is shared
    between native threads and the hub; write-ahead logging lets readers pass a writer. The
    file's folder is made where it is missing. Raises ConfigError where it cannot be.
    """
    if not database_url.startswith("sqlite"):
        try:
            return sa.create_engine(database_url, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise ConfigError(
                f"DATABASE_URL asks for a database whose driver is not installed: {error.name}"
            ) from error
    engine = sa.create_engine(database_url, poolclass=NullPool)
    folder = Path(engine.url.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"DATABASE_URL lies in {str(folder)!r}, which cannot be made ({error.strerror})"
        ) from error

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class SqlImageRepository:
    """ImageRepository over SQLAlchemy Core."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, record: ImageRecord) -> None:
        """See ImageRepository."""
        with self._transaction() as connection:
            connection.execute(images.insert().values(**_row(record)))

    def get(self, image_id: str) -> ImageRecord:
        """See ImageRepository."""
        with self._transaction() as connection:
            row = connection.execute(images.select().where(images.c.id == image_id)).first()
        if row is None:
            raise NotFound("There is no such image. It may have been deleted.")
        return _record(row)

    def of_owner(
        self,
        owner: str,
        limit: int,
        before: ImageRecord | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[ImageRecord]:
        """See ImageRepository."""
        query = (
            images.select()
            .where(images.c.owner == owner)
            .order_by(images.c.created_at.desc(), images.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(
                sa.tuple_(images.c.created_at, images.c.id)
                < sa.tuple_(sa.literal(before.created_at), sa.literal(before.id))
            )
        if since is not None:
            query = query.where(images.c.created_at >= since)
        if until is not None:
            query = query.where(images.c.created_at < until)
        with self._transaction() as connection:
            return [_record(row) for row in connection.execute(query)]

    def delete(self, image_id: str) -> None:
        """See ImageRepository."""
        with self._transaction() as connection:
            connection.execute(images.delete().where(images.c.id == image_id))

    def check(self) -> None:
        """See ImageRepository."""
        with self._transaction() as connection:
            connection.execute(sa.select(images.c.id).limit(1))

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise Unavailable("The database is away. Try again in a moment.") from error


def _row(record: ImageRecord) -> dict[str, Any]:
    faces = [{"box": list(face.box), "confidence": face.confidence} for face in record.faces]
    return {**vars(record), "faces": faces}


def _record(row: sa.Row[Any]) -> ImageRecord:
    columns = dict(row._mapping)
    created_at: datetime = columns.pop("created_at")
    faces = tuple(FaceRecord(tuple(f["box"]), f["confidence"]) for f in columns.pop("faces"))
    # SQLite drops the time zone; what went in was UTC.
    aware = created_at.replace(tzinfo=UTC) if created_at.tzinfo is None else created_at
    return ImageRecord(**columns, created_at=aware, faces=faces)
