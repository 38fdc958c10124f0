"""Commands: ``flask --app streamapp detect | purge | db upgrade``."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from streamapp import migrate
from streamapp.analysis import analyse
from streamapp.config import Settings
from streamapp.errors import StreamappError
from streamapp.uploads import UploadService
from streamapp.vision.engines import DETECTORS, Engines

_PICTURES = (".jpg", ".jpeg", ".png")


def detect_command(settings: Settings) -> click.Command:
    """``detect``: count the faces in files and folders."""

    @click.command("detect")
    @click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option("--detector", type=click.Choice(DETECTORS), default=settings.detector)
    @click.option("--out", type=click.Path(path_type=Path), help="Folder for annotated pictures.")
    @click.option("--csv", "table", type=click.File("w"), help="Write path and count as CSV.")
    @click.option("--blur", is_flag=True, help="Pixelate faces in the annotated pictures.")
    def detect(
        paths: tuple[Path, ...],
        detector: str,
        out: Path | None,
        table: TextIO | None,
        blur: bool,
    ) -> None:
        """Count the faces in PATHS: pictures, or folders of pictures."""
        engines, failed = Engines(), 0
        writer = csv.writer(table) if table else None
        if writer:
            writer.writerow(["path", "count", "error"])
        for path in _pictures(paths):
            try:
                found = analyse(engines, path.read_bytes(), detector, blur, settings)
            except (StreamappError, OSError) as error:
                failed += 1
                reason = error.message if isinstance(error, StreamappError) else error.strerror
                click.echo(f"{path}: {reason}", err=True)
                row = [str(path), "", str(reason)]
            else:
                click.echo(f"{path}: {len(found.faces)}")
                row = [str(path), str(len(found.faces)), ""]
                if out:
                    out.mkdir(parents=True, exist_ok=True)
                    (out / f"{path.stem}-annotated.jpg").write_bytes(found.annotated)
            if writer:
                writer.writerow(row)
        if failed:
            raise SystemExit(1)

    return detect


def _pictures(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files themselves, and of each folder the pictures in it, in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in _PICTURES)
        else:
            yield path


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
