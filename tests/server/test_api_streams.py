"""Downloads of a real server: streamed, resumable, cut short."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
import requests

from bench.media import media
from bench.servers import Server
from bench.uploads import memory_mb

pytestmark = pytest.mark.server

IMAGES = 12


@pytest.fixture(scope="module")
def owner(server: Server) -> Iterator[requests.Session]:
    """Somebody with a dozen images."""
    photo = media("single_face.jpg").read_bytes()
    # Bytes behind the picture's end are no part of it, and make the archive large.
    padded = photo + bytes(4_000_000)
    with requests.Session() as session:
        for _ in range(IMAGES):
            answer = session.post(
                f"{server.url}/api/v1/images", files={"image": ("a.jpg", padded)}, timeout=60
            )
            assert answer.status_code == 201, answer.text
        yield session


def test_an_archive_is_streamed_in_little_memory(server: Server, owner: requests.Session) -> None:
    worker = server.pids()[-1]
    before = memory_mb(worker, "VmRSS")
    with owner.get(f"{server.url}/api/v1/images.zip", stream=True, timeout=60) as answer:
        assert answer.headers["Transfer-Encoding"] == "chunked"
        data, most = io.BytesIO(), 0.0
        for chunk in answer.iter_content(1_000_000):
            data.write(chunk)
            most = max(most, memory_mb(worker, "VmRSS"))
    with zipfile.ZipFile(data) as archive:
        assert len(archive.namelist()) == 2 * IMAGES
        assert archive.testzip() is None
    assert most - before < 10


def test_a_download_that_is_given_up_leaves_the_server_well(
    server: Server, owner: requests.Session
) -> None:
    with owner.get(f"{server.url}/api/v1/images.zip", stream=True, timeout=60) as answer:
        next(answer.iter_content(1000))
    assert requests.get(f"{server.url}/healthz", timeout=10).status_code == 200


def test_a_picture_is_resumed_and_not_sent_twice(server: Server, owner: requests.Session) -> None:
    image = owner.get(f"{server.url}/api/v1/images?limit=1", timeout=10).json()["images"][0]
    url = server.url + image["annotated_url"]
    whole = owner.get(url, timeout=10)
    tag = whole.headers["ETag"]
    assert owner.get(url, headers={"If-None-Match": tag}, timeout=10).status_code == 304
    rest = owner.get(url, headers={"Range": "bytes=1000-", "If-Range": tag}, timeout=10)
    assert (rest.status_code, rest.content) == (206, whole.content[1000:])
    assert owner.head(url, timeout=10).headers["Content-Length"] == str(len(whole.content))
