"""Commands of whoever runs the server: ``flask --app streamapp purge | db upgrade``."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from streamapp import migrate
from streamapp.uploads import UploadService


def purge_command(uploads: UploadService) -> click.Command:
    """``purge``: remove what no record points to."""

    @click.command("purge")
    def purge() -> None:
        """Remove pictures without a record, as a crash in the middle of a save may leave them."""
        click.echo(f"{uploads.sweep()} orphaned files removed.")

    return purge


def database_commands(engine: sa.Engine) -> AppGroup:
    """``db upgrade``: run by the release phase."""
    group = AppGroup("db", help="The database's schema.")

    @group.command("upgrade")
    def upgrade() -> None:
        """Bring the database up to date."""
        migrate.upgrade(engine)
        click.echo("The database is up to date.")

    return group
