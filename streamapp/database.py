"""The way to the database: one engine, short transactions, its errors as ours.

SQLite is a file: its calls block, so whoever serves others meanwhile makes them in a native
thread. PostgreSQL is reached over a socket: gunicorn's eventlet worker makes psycopg2 wait
cooperatively (https://eventlet.readthedocs.io/en/latest/patching.html), and its pool may not be
shared with native threads. `Database.blocks` tells which.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from streamapp import migrate
from streamapp.errors import ConfigError, Unavailable

# An essential-0 database of Heroku allows 20 connections, two dynos and a console share them.
_POOL = {"pool_size": 5, "max_overflow": 3, "pool_timeout": 5, "pool_recycle": 1800}
# libpq's words: https://www.postgresql.org/docs/current/libpq-connect.html
_POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # a database that vanished without a word is noticed
    "application_name": "streamapp",
    "options": "-c statement_timeout=10000 -c idle_in_transaction_session_timeout=30000",
}


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
    # Not SQLAlchemy's own choice of a driver, which eventlet does not know.
    url = url.replace("postgresql://", "postgresql+psycopg2://", 1)
    arguments: dict[str, Any] = dict(_POSTGRESQL)
    if "DYNO" in os.environ and "sslmode=" not in url:
        arguments["sslmode"] = "require"  # Heroku's databases take nothing else
    try:
        return sa.create_engine(url, pool_pre_ping=True, connect_args=arguments, **_POOL)
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
