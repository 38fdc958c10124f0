"""Records of images. The Protocol's docstring is the contract; SQLAlchemy keeps it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Protocol

import sqlalchemy as sa

from streamapp.database import Database
from streamapp.errors import NotFound
from streamapp.models import FaceRecord, ImageRecord, images

_ID = re.compile(r"[0-9a-f]{32}")


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

    def made_before(self, moment: datetime, limit: int) -> list[ImageRecord]:
        """The oldest ``limit`` records of all owners among those made before ``moment``."""

    def by_id(self, after: str, limit: int) -> list[ImageRecord]:
        """``limit`` records of all owners by rising id, those whose id comes after ``after``."""

    def delete(self, image_id: str) -> None:
        """Forget the record; nothing happens where there is none."""

    def check(self) -> None:
        """Raise Unavailable unless the database answers and its tables are the newest."""


class SqlImageRepository:
    """ImageRepository over SQLAlchemy Core."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, record: ImageRecord) -> None:
        """See ImageRepository."""
        with self._database.transaction() as connection:
            connection.execute(images.insert().values(**_row(record)))

    def get(self, image_id: str) -> ImageRecord:
        """See ImageRepository."""
        row = None
        if _ID.fullmatch(image_id):  # a database may choke on what is no text to it
            with self._database.transaction() as connection:
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
            query = query.where(images.c.created_at >= since.astimezone(UTC))
        if until is not None:
            query = query.where(images.c.created_at < until.astimezone(UTC))
        return self._records(query)

    def made_before(self, moment: datetime, limit: int) -> list[ImageRecord]:
        """See ImageRepository."""
        query = images.select().where(images.c.created_at < moment.astimezone(UTC))
        return self._records(query.order_by(images.c.created_at).limit(limit))

    def by_id(self, after: str, limit: int) -> list[ImageRecord]:
        """See ImageRepository."""
        query = images.select().where(images.c.id > after)
        return self._records(query.order_by(images.c.id).limit(limit))

    def delete(self, image_id: str) -> None:
        """See ImageRepository."""
        with self._database.transaction() as connection:
            connection.execute(images.delete().where(images.c.id == image_id))

    def check(self) -> None:
        """See ImageRepository."""
        self._database.check()

    def _records(self, query: sa.Select[Any]) -> list[ImageRecord]:
        with self._database.transaction() as connection:
            return [_record(row) for row in connection.execute(query)]


def _row(record: ImageRecord) -> dict[str, Any]:
    faces = [{"box": list(face.box), "confidence": face.confidence} for face in record.faces]
    return {**vars(record), "filename": _storable(record.filename), "faces": faces}


def _storable(text: str) -> str:
    """``text`` without what no database takes: NUL, and halves of surrogate pairs."""
    return (
        text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def _record(row: sa.Row[Any]) -> ImageRecord:
    columns = dict(row._mapping)
    created_at: datetime = columns.pop("created_at")
    faces = tuple(FaceRecord(tuple(f["box"]), f["confidence"]) for f in columns.pop("faces"))
    # SQLite drops the time zone; what went in was UTC.
    aware = created_at.replace(tzinfo=UTC) if created_at.tzinfo is None else created_at
    return ImageRecord(**columns, created_at=aware, faces=faces)
