"""Records of secret links: to watch a stream, to join as another camera of the same owner."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import sqlalchemy as sa

from streamapp.database import Database
from streamapp.models import LinkRecord, links


class LinkRepository(Protocol):
    """Links by the hash of their token. Every method raises Unavailable without the database."""

    def add(self, record: LinkRecord) -> None:
        """Keep ``record``; its hash is new."""

    def get(self, token_hash: str, kind: str, now: int) -> LinkRecord | None:
        """The link, unless there is none of that kind, or it has expired."""

    def use(self, token_hash: str, owner: str, name: str, now: int) -> bool:
        """Go on with a watch link of the owner's under ``name``; False where there is none."""

    def take(self, token_hash: str, kind: str, now: int) -> LinkRecord | None:
        """The link, which is gone then: of two that ask for it one gets it."""

    def delete(self, token_hash: str) -> None:
        """Forget the link; nothing happens where there is none."""

    def valid(self, token_hashes: Collection[str], now: int) -> set[str]:
        """Those of ``token_hashes`` that are links still."""

    def purge(self, before: int, now: int) -> int:
        """Delete what was not used since ``before`` or has expired; returns how many."""


class SqlLinkRepository:
    """LinkRepository over SQLAlchemy Core."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, record: LinkRecord) -> None:
        """See LinkRepository."""
        with self._database.transaction() as connection:
            connection.execute(links.insert().values(**vars(record)))

    def get(self, token_hash: str, kind: str, now: int) -> LinkRecord | None:
        """See LinkRepository."""
        with self._database.transaction() as connection:
            query = links.select().where(links.c.token_hash == token_hash, links.c.kind == kind)
            row = connection.execute(query.where(_lasting(now))).first()
        return LinkRecord(**row._mapping) if row else None

    def use(self, token_hash: str, owner: str, name: str, now: int) -> bool:
        """See LinkRepository."""
        mine = (
            links.c.token_hash == token_hash,
            links.c.owner == owner,
            links.c.kind == "watch",
        )
        with self._database.transaction() as connection:
            change = links.update().where(*mine).values(name=name, used_at=now)
            return connection.execute(change).rowcount > 0

    def take(self, token_hash: str, kind: str, now: int) -> LinkRecord | None:
        """See LinkRepository."""
        record = self.get(token_hash, kind, now)
        if record is None:
            return None
        with self._database.transaction() as connection:
            gone = connection.execute(links.delete().where(links.c.token_hash == token_hash))
            return record if gone.rowcount else None

    def delete(self, token_hash: str) -> None:
        """See LinkRepository."""
        with self._database.transaction() as connection:
            connection.execute(links.delete().where(links.c.token_hash == token_hash))

    def valid(self, token_hashes: Collection[str], now: int) -> set[str]:
        """See LinkRepository."""
        query = sa.select(links.c.token_hash).where(
            links.c.token_hash.in_(token_hashes), _lasting(now)
        )
        with self._database.transaction() as connection:
            return set(connection.execute(query).scalars())

    def purge(self, before: int, now: int) -> int:
        """See LinkRepository."""
        with self._database.transaction() as connection:
            old = links.delete().where(sa.or_(links.c.used_at < before, sa.not_(_lasting(now))))
            return connection.execute(old).rowcount


def _lasting(now: int) -> sa.ColumnElement[bool]:
    return sa.or_(links.c.expires_at.is_(None), links.c.expires_at > now)
