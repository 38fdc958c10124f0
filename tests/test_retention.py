"""What is removed by itself, what is shown no more before that, and what must not be touched."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from streamapp.database import Database
from streamapp.errors import Unavailable
from streamapp.models import images
from streamapp.retention import Purged, Retention
from streamapp.storage import LocalStorage, Storage
from tests.web.conftest import API, make_app, upload

TWO_HOURS = 7200


def _place(path: Path, age: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"picture")
    written = time.time() - age
    os.utime(path, (written, written))
    return path


def _purge(app: Flask) -> tuple[int, int, int]:
    """How many expired, orphaned and lost things `flask purge` says it removed."""
    run = app.test_cli_runner().invoke(args=["purge"])
    assert run.exit_code == 0, run.output
    expired, orphans, lost, _others = (int(w) for w in run.output.split() if w.isdigit())
    return expired, orphans, lost


def _let_pass(data: Path, image_id: str, **time: float) -> None:
    """Make the image so much older."""
    engine = Database(f"sqlite:///{data / 'test.sqlite3'}").engine
    with engine.begin() as connection:
        made = datetime.now(UTC) - timedelta(**time)
        chosen = images.update().where(images.c.id == image_id)
        connection.execute(chosen.values(created_at=made))


def _files(data: Path) -> list[Path]:
    return [path for path in (data / "images").rglob("*") if path.is_file()]


ORPHAN = "ab/" + "ab" * 16


@pytest.mark.parametrize(
    ("name", "age", "removed"),
    [
        pytest.param(f"{ORPHAN}/original.jpg", TWO_HOURS, 1, id="a picture without a record"),
        pytest.param(f"{ORPHAN}/.original.jpg.0a1b2c3d", TWO_HOURS, 1, id="half a picture"),
        pytest.param("stray.jpg", TWO_HOURS, 1, id="a file in no folder"),
        pytest.param(f"{ORPHAN}/original.jpg", 0, 0, id="an upload that is being saved"),
    ],
)
def test_of_files_without_a_record_only_the_old_ones_are_removed(
    tmp_path: Path, name: str, age: float, removed: int
) -> None:
    app = make_app(tmp_path)
    path = _place(tmp_path / "images" / name, age)
    assert _purge(app) == (0, removed, 0)
    assert path.exists() is not bool(removed)
    assert _purge(app) == (0, 0, 0)


def test_an_old_image_with_its_record_stays_whole(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    client = app.test_client()
    image = upload(client)
    for path in _files(tmp_path):
        _place(path, TWO_HOURS)
    assert _purge(app) == (0, 0, 0)
    for kind in ("original", "annotated", "thumbnail"):
        assert client.get(f"{API}/{image['id']}/{kind}").status_code == 200


def test_a_record_whose_pictures_are_gone_goes_too(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    client = app.test_client()
    kept, lost = upload(client), upload(client)
    next((tmp_path / "images").rglob(f"{lost['id']}/annotated.jpg")).unlink()
    assert _purge(app) == (0, 0, 1)
    assert client.get(f"{API}/{lost['id']}").status_code == 404
    assert client.get(f"{API}/{kept['id']}").status_code == 200
    assert {path.parent.name for path in _files(tmp_path)} == {kept["id"]}


def test_what_has_expired_is_not_shown_and_then_removed(tmp_path: Path) -> None:
    app = make_app(tmp_path, RETENTION_DAYS=7)
    client = app.test_client()
    old, young = upload(client), upload(client)
    _let_pass(tmp_path, old["id"], days=7, seconds=1)
    _let_pass(tmp_path, young["id"], days=6)
    address = f"{API}/{old['id']}"
    for url in (address, f"{address}/original", f"{address}/thumbnail", f"/images/{old['id']}"):
        assert client.get(url).status_code == 404
    for listing in (API, "/images", "/api/v1/images.csv"):
        shown = client.get(listing).text
        assert old["id"] not in shown
        assert young["id"] in shown
    assert _purge(app) == (1, 0, 0)
    assert {path.parent.name for path in _files(tmp_path)} == {young["id"]}
    assert _purge(app) == (0, 0, 0)


def test_many_are_removed_in_batches_and_without_a_limit_none(tmp_path: Path) -> None:
    app = make_app(tmp_path, RETENTION_DAYS=0)
    image = upload(app.test_client())
    engine = Database(f"sqlite:///{tmp_path / 'test.sqlite3'}").engine
    with engine.begin() as connection:
        row = connection.execute(images.select()).one()._mapping
        years_ago = datetime.now(UTC) - timedelta(days=3000)
        copies = ({**row, "id": f"{n:032x}", "created_at": years_ago} for n in range(120))
        connection.execute(images.insert(), list(copies))
    assert _purge(app) == (0, 0, 0)
    assert image["expires_at"] is None
    # The copies took the files with them that the image needs as well.
    assert _purge(make_app(tmp_path, RETENTION_DAYS=30)) == (120, 0, 1)


def test_an_image_says_when_it_expires_and_the_pages_how_long_it_is_kept(tmp_path: Path) -> None:
    client = make_app(tmp_path, RETENTION_DAYS=12).test_client()
    image = upload(client)
    lifetime = datetime.fromisoformat(image["expires_at"]) - datetime.fromisoformat(
        image["created_at"]
    )
    assert lifetime == timedelta(days=12)
    for page in ("/upload", "/images", f"/images/{image['id']}"):
        assert "kept for 12 days" in client.get(page).text


class _Stopped(Exception):
    """Ends a loop that has no end."""


class _Rounds(Retention):
    """Retention of which each round ends as told."""

    def __init__(self, storage: Storage, *rounds: Purged | Exception) -> None:
        self._storage = storage
        self._rounds = list(rounds)
        self.asked_for_lost: list[bool] = []

    def purge(self, *, lost_too: bool = True) -> Purged:
        self.asked_for_lost.append(lost_too)
        outcome = self._rounds.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def test_the_server_purges_each_hour_and_one_failure_does_not_end_it(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        if len(slept) == 4:
            raise _Stopped
        slept.append(seconds)

    storage = LocalStorage(tmp_path)
    away, mistake = Unavailable("The database is away."), ZeroDivisionError()
    rounds = _Rounds(storage, Purged(1, 0, 0), away, mistake, Purged(0, 0, 0))
    caplog.set_level("INFO")
    with pytest.raises(_Stopped):
        rounds.keep_purging(sleep)
    assert slept == [60, 3600, 3600, 3600]
    assert rounds.asked_for_lost == [True] * 4
    assert len(caplog.messages) == 4
    assert caplog.messages[0].startswith("purge: 1 expired")
    assert "away" in caplog.messages[1]


class _Bucket(LocalStorage):
    """Blobs with addresses of their own."""

    origin = "https://bucket.example"


def test_a_bucket_is_not_asked_each_hour_for_every_picture(tmp_path: Path) -> None:
    rounds = _Rounds(_Bucket(tmp_path), Unavailable("away"))

    def sleep(_seconds: float) -> None:
        if rounds.asked_for_lost:
            raise _Stopped

    with pytest.raises(_Stopped):
        rounds.keep_purging(sleep)
    assert rounds.asked_for_lost == [False]
