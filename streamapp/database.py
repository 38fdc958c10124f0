"""The way to the database: one engine, short transactions, its errors as ours.

SQLite is a file: its calls block, so whoever serves others meanwhile makes them in a native
thread. PostgreSQL is reached over a socket: gunicorn's eventlet worker makes psycopg2 wait
cooperatively (https://eventlet.readthedocs.io/en/latest/patching.html), and its pool may not be
shared with native threads. `Database.blocks` tells which.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from streamapp import migrate, postgresql
from streamapp.errors import ConfigError, Unavailable


class Database:
    """A database by its SQLAlchemy URL.

    Raises ConfigError where its file's folder cannot be made, or its driver is unknown.
    """

    def __init__(self, url: str) -> None:
        self.blocks = url.startswith("sqlite")
        self.engine = _sqlite(url) if self.blocks else _postgresql(url)
        self._up_to_date = False

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Committed at the end of the block, undone by an error. Raises Unavailable."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeout) as error:
            raise Unavailable("The database is away. Try again in a moment.") from error

    def upgrade(self) -> None:
        """Run every migration the database has not seen. Raises Unavailable."""
        migrate.upgrade(self.engine)

    def check(self) -> None:
        """Raise Unavailable unless the database answers and its schema is the newest."""
        with self.transaction() as connection:
            if self._up_to_date:
                connection.execute(sa.select(1))
                return
            if not migrate.is_newest(connection):
                raise Unavailable(
                    "The database is not up to date. Run: flask --app streamapp db upgrade"
                )
            self._up_to_date = True


def _postgresql(url: str) -> sa.Engine:
    try:
        return postgresql.engine(url)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise ConfigError(
            f"DATABASE_URL asks for a driver that is not installed ({error}); "
            "allowed: sqlite:///… or postgresql://…"
        ) from error


def _sqlite(url: str) -> sa.Engine:
    """A connection a call, which costs little: no pool's lock is shared between threads.

    Write-ahead logging lets readers pass a writer.
    """
    engine = sa.create_engine(url, poolclass=NullPool)
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
