"""The database's schema brought up to date; the steps lie in ``migrations/``.

Alembic is loaded only where there are steps to run: a server whose schema is up to date, or new,
starts a sixth of a second sooner and holds 12 MB less without it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from streamapp.config import ROOT
from streamapp.errors import Unavailable
from streamapp.models import metadata

_SCRIPTS = ROOT / "migrations"
_version = sa.table("alembic_version", sa.column("version_num", sa.String(32)))


def newest_step() -> str:
    """The last revision: files are named ``<revision>_<what>.py``, revisions count up."""
    return max(path.name.partition("_")[0] for path in (_SCRIPTS / "versions").glob("[0-9]*_*.py"))


def upgrade(engine: sa.Engine) -> None:
    """Run every step that ``engine``'s database has not seen. Raises Unavailable."""
    try:
        with engine.begin() as connection:
            tables = sa.inspect(connection).get_table_names()
            if not tables:
                _create(connection)
            elif not _is_newest(connection, tables):
                _run_steps(connection)
    except DBAPIError as error:
        raise Unavailable(f"The database cannot be brought up to date: {error}") from error


def _create(connection: sa.Connection) -> None:
    """An empty database gets the newest schema at once, and is marked as having seen all steps."""
    metadata.create_all(connection)
    connection.execute(
        sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    )
    connection.execute(_version.insert().values(version_num=newest_step()))


def _is_newest(connection: sa.Connection, tables: list[str]) -> bool:
    if "alembic_version" not in tables:
        return False
    return connection.scalar(sa.select(_version.c.version_num)) == newest_step()


def _run_steps(connection: sa.Connection) -> None:
    from alembic import command  # 12 MB that most starts can do without
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
