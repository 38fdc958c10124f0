"""The database's schema brought up to date by Alembic; the steps lie in ``migrations/``."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from streamapp.config import ROOT
from streamapp.errors import Unavailable


def upgrade(engine: sa.Engine) -> None:
    """Run every step that ``engine``'s database has not seen. Raises Unavailable."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise Unavailable(f"The database cannot be brought up to date: {error}") from error
