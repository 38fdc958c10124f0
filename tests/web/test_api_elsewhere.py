"""Pictures that the storage serves itself, and thumbnails that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from streamapp.storage import LocalStorage
from tests.web.conftest import API, make_app, upload


class ElsewhereStorage(LocalStorage):
    """Blobs that a server of their own serves, as S3 does."""

    def url(self, key: str, download_name: str | None = None, *, head: bool = False) -> str | None:
        method = "HEAD" if head else "GET"
        return f"https://bucket.example/{key}?name={download_name or ''}&for={method}"


@pytest.mark.parametrize("kind", ["original", "annotated"])
def test_the_client_is_sent_to_the_storage_and_told_not_to_keep_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("streamapp.services.LocalStorage", ElsewhereStorage)
    client = make_app(tmp_path).test_client()
    image = upload(client)
    answer = client.get(f"{image[f'{kind}_url']}?download")
    assert answer.status_code == 302
    expected = f"https://bucket.example/{image['id'][:2]}/{image['id']}/{kind}.jpg"
    assert answer.headers["Location"].startswith(expected)
    assert f"name=streamapp-{image['id'][:8]}-{kind}.jpg" in answer.headers["Location"]
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))


def test_an_image_without_a_thumbnail_says_so(client: FlaskClient) -> None:
    image = upload(client)
    answer = client.get(f"{API}/{image['id']}/thumbnail")
    if image["thumbnail_url"] is None:
        assert answer.status_code == 404
        assert answer.get_json()["error"]["code"] == "not_found"
    else:
        assert answer.data[:3] == b"\xff\xd8\xff"
    assert client.get(f"{API}/{'0' * 32}/thumbnail").status_code == 404
