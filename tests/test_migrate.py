"""A database from any earlier time becomes what the code expects, and its rows stay."""

from __future__ import annotations

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from streamapp import migrate
from streamapp.config import ROOT
from streamapp.database import Database
from streamapp.models import metadata
from streamapp.repository import SqlImageRepository

ROW = {
    "id": "0" * 32,
    "owner": "o",
    "owner_known": True,
    "filename": "party.jpg",
    "created_at": "2026-11-23 12:00:00",
    "width": 4,
    "height": 3,
    "detector": "cascade",
    "faces": json.dumps([{"box": [0, 0, 2, 2], "confidence": 0.9}]),
    "original_key": "00/0/original.png",
    "annotated_key": "00/0/annotated.jpg",
}


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'old.sqlite3'}"


def _database_of(folder: Path, revision: str) -> sa.Engine:
    engine = Database(_url(folder)).engine
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


def test_images_from_before_thumbnails_are_still_there_and_have_none(tmp_path: Path) -> None:
    engine = _database_of(tmp_path, "0001")
    with engine.begin() as connection:
        columns = ", ".join(ROW)
        values = ", ".join(f":{name}" for name in ROW)
        connection.execute(sa.text(f"INSERT INTO images ({columns}) VALUES ({values})"), ROW)
    for _ in range(2):  # once more does nothing
        migrate.upgrade(engine)
    record = SqlImageRepository(Database(_url(tmp_path))).get(ROW["id"])
    assert (record.thumbnail_key, record.count, record.filename) == (None, 1, "party.jpg")
    assert record.keys == ("00/0/original.png", "00/0/annotated.jpg")


def test_the_steps_lead_to_the_schema_that_a_new_database_gets_at_once(tmp_path: Path) -> None:
    def schema(engine: sa.Engine) -> dict[str, object]:
        inspector = sa.inspect(engine)
        return {
            table: (
                {(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)},
                {(i["name"], *i["column_names"]) for i in inspector.get_indexes(table)},
            )
            for table in metadata.tables
        }

    new = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}").engine
    migrate.upgrade(new)
    assert schema(_database_of(tmp_path, "head")) == schema(new)
