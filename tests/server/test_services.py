"""The Procfile's own line with a real PostgreSQL and a real bucket, and while they are away."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from bench.media import media
from bench.servers import ROOT, Server, procfile_line, product, wait_until
from bench.services import Postgres, Process
from tests.server.conftest import camera

PHOTO = media("single_face.jpg").read_bytes()
API = "/api/v1/images"
SECONDS = 20


@pytest.fixture(scope="module", autouse=True)
def _trusted(s3: Process) -> Iterator[None]:
    """The bucket's https is trusted by whoever is sent there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", s3.secure_env["AWS_CA_BUNDLE"])
        yield


@pytest.fixture(scope="module")
def server(postgres: Postgres, s3: Process) -> Iterator[Server]:
    """One server over both, its database brought up to date by the release line."""
    env = {**postgres.env, **s3.secure_env}
    with product(env=env) as running:
        early = requests.get(running.url + "/readyz", timeout=SECONDS)
        if early.status_code == 503:  # another test may have upgraded the same database
            assert "db upgrade" in early.json()["checks"]["database"]
        _release(env)
        assert wait_until(lambda: _ready(running) == {"database": "ok", "storage": "ok"}, SECONDS)
        yield running
    assert "Traceback" not in running.log(), running.log()


def _release(env: dict[str, str]) -> None:
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    subprocess.run(
        ["/bin/sh", "-c", procfile_line("release")],
        cwd=ROOT,
        env={"PATH": search, "SECRET_KEY": "known to every reader of this file", **env},
        check=True,
        capture_output=True,
    )


def _ready(server: Server) -> dict[str, str]:
    checks: dict[str, str] = requests.get(server.url + "/readyz", timeout=SECONDS).json()["checks"]
    return checks


def _upload(server: Server, client: Any = requests) -> requests.Response:
    answer: requests.Response = client.post(
        server.url + API, files={"image": ("one.jpg", PHOTO)}, timeout=SECONDS
    )
    return answer


def test_a_photo_is_saved_served_by_the_bucket_and_deleted(server: Server) -> None:
    with requests.Session() as client:
        answer = _upload(server, client)
        assert answer.status_code == 201, answer.text
        image = answer.json()
        assert [each["id"] for each in client.get(server.url + API).json()["images"]] == [
            image["id"]
        ]
        address = server.url + image["annotated_url"]
        moved = client.get(address, allow_redirects=False)
        assert moved.status_code == 302
        assert "no-store" in moved.headers["Cache-Control"]
        whole = client.get(address)
        assert whole.headers["Content-Type"] == "image/jpeg"
        assert whole.content[:2] == b"\xff\xd8"
        assert client.head(address, allow_redirects=True).headers["Content-Length"] == str(
            len(whole.content)
        )
        part = client.get(address, headers={"Range": "bytes=0-1"})
        assert (part.status_code, part.content) == (206, b"\xff\xd8")
        archive = client.get(server.url + API + ".zip")
        assert archive.content[:2] == b"PK"
        assert len(archive.content) > len(whole.content)
        assert client.delete(f"{server.url}{API}/{image['id']}").status_code == 204
        assert client.get(address).status_code == 404
        assert requests.get(moved.headers["Location"], timeout=SECONDS).status_code == 404


def test_the_pages_may_show_pictures_of_the_bucket_and_of_nobody_else(
    server: Server, s3: Process
) -> None:
    policy = requests.get(server.url + "/upload", timeout=SECONDS).headers[
        "Content-Security-Policy"
    ]
    assert f"img-src 'self' blob: data: {s3.secure_env['S3_ENDPOINT_URL']};" in policy


@pytest.mark.parametrize("name", ["database", "storage"])
def test_an_outage_is_named_the_live_count_goes_on_and_all_comes_back(
    server: Server, postgres: Postgres, s3: Process, webcam: list[bytes], name: str
) -> None:
    service: Postgres | Process = postgres if name == "database" else s3
    with requests.Session() as client, camera(server) as live:
        live.wait_ready()
        before = _upload(server, client).json()
        service.stop()
        try:
            answer = _upload(server, client)
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
            assert int(answer.headers["Retry-After"]) > 0
            assert _ready(server)[name] != "ok"
            assert live.watch(webcam, lambda answer: answer.get("count") == 1)["count"] == 1
        finally:
            service.start()
        assert wait_until(lambda: set(_ready(server).values()) == {"ok"}, SECONDS)
        assert client.get(server.url + before["original_url"]).status_code == 200
        after = _upload(server, client).json()
        listed = client.get(server.url + API).json()["images"]
        assert {each["id"] for each in listed} == {before["id"], after["id"]}


def test_a_database_that_falls_silent_holds_nobody_for_long(
    server: Server, postgres: Postgres, webcam: list[bytes]
) -> None:
    """No connection is cut, nothing is refused: only our own limits end the waiting."""
    with camera(server) as live, ThreadPoolExecutor(12) as clients:
        live.wait_ready()
        before = _upload(server).json()
        address = f"{server.url}{API}/{before['id']}"
        postgres.freeze()
        try:
            # More than there are connections.
            asked = [clients.submit(requests.get, address, timeout=SECONDS) for _ in range(12)]
            assert live.watch(webcam, lambda answer: answer.get("count") == 1)["count"] == 1
            assert {each.result().status_code for each in asked} == {503}
        finally:
            postgres.thaw()
        assert wait_until(lambda: _ready(server)["database"] == "ok", SECONDS)
        assert requests.get(address, timeout=SECONDS).json() == before
