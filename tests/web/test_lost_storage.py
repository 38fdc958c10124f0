"""A storage that is lost while pictures are saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.media import media
from streamapp.errors import Unavailable
from streamapp.storage import LocalStorage
from tests.web.conftest import API, make_app


class LostStorage(LocalStorage):
    """Takes nothing, and each question costs its time: it counts them."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked = 0

    def put(self, _key: str, _data: bytes) -> None:
        self._refuse()

    def delete(self, _key: str) -> None:
        self._refuse()

    def _refuse(self) -> None:
        self.asked += 1
        raise Unavailable("The image storage is away.")


def test_it_is_asked_once_to_save_and_once_to_forget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = LostStorage(tmp_path / "images")
    monkeypatch.setattr("streamapp.services.LocalStorage", lambda _root: storage)
    with media("single_face.jpg").open("rb") as file:
        answer = make_app(tmp_path).test_client().post(API, data={"image": (file, "one.jpg")})
    assert answer.status_code == 503
    assert storage.asked == 2
