"""What `purge` removes, and what it must not touch."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.web.conftest import API, make_app, upload

TWO_HOURS = 7200


def _place(path: Path, age: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"picture")
    written = time.time() - age
    os.utime(path, (written, written))
    return path


def _purge(data: Path) -> str:
    return make_app(data).test_cli_runner().invoke(args=["purge"]).output


ORPHAN = "ab/" + "ab" * 16


@pytest.mark.parametrize(
    ("name", "age", "stays"),
    [
        pytest.param(f"{ORPHAN}/original.jpg", TWO_HOURS, False, id="a picture without a record"),
        pytest.param(f"{ORPHAN}/.original.jpg.0a1b2c3d", TWO_HOURS, False, id="half a picture"),
        pytest.param("stray.jpg", TWO_HOURS, False, id="a file in no folder"),
        pytest.param(f"{ORPHAN}/original.jpg", 0, True, id="an upload that is being saved"),
    ],
)
def test_only_what_is_old_and_unrecorded_is_removed(
    tmp_path: Path, name: str, age: float, stays: bool
) -> None:
    make_app(tmp_path)
    path = _place(tmp_path / "images" / name, age)
    assert _purge(tmp_path).startswith("0 " if stays else "1 ")
    assert path.exists() is stays
    assert _purge(tmp_path).startswith("0 ")


def test_an_old_image_with_its_record_stays_whole(tmp_path: Path) -> None:
    client = make_app(tmp_path).test_client()
    image = upload(client)
    for path in (tmp_path / "images").rglob("*.jpg"):
        _place(path, TWO_HOURS)
    assert _purge(tmp_path).startswith("0 ")
    assert client.get(f"{API}/{image['id']}/original").status_code == 200
