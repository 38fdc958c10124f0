"""Commands of whoever runs the server: ``flask --app streamapp purge | db upgrade | config``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from flask.cli import AppGroup

from streamapp.config import Settings, described
from streamapp.database import Database
from streamapp.errors import ConfigError
from streamapp.retention import Retention


def refused(error: ConfigError) -> Exception:
    """What to raise for bad settings: within a command, what it shows without a traceback."""
    if click.get_current_context(silent=True) is None:
        return error
    return click.ClickException(error.message)


def purge_command(retention: Retention) -> click.Command:
    """``purge``: remove what has expired, and what belongs to nothing."""

    @click.command("purge")
    def purge() -> None:
        """Remove what is older than RETENTION_DAYS, and pictures and records without the other."""
        click.echo(f"{retention.purge()}.")

    return purge


def database_commands(database: Database) -> AppGroup:
    """``db upgrade``: run by the release phase."""
    group = AppGroup("db", help="The database's schema.")

    @group.command("upgrade")
    def upgrade() -> None:
        """Bring the database up to date."""
        database.upgrade()
        click.echo("The database is up to date.")

    return group


def config_command(settings: Settings, given: Mapping[str, Any]) -> click.Command:
    """``config``: what is in force, and why."""

    @click.command("config")
    def config() -> None:
        """Print every setting with its value and where it comes from; secrets are masked."""
        rows = described(settings, given)
        width = max(len(key) for key, _value, _origin in rows)
        for key, value, origin in rows:
            click.echo(f"{key:{width}}  {value}  ({origin})")

    return config
