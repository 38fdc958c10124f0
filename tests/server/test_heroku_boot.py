"""The Procfile's line as a dyno starts it: Heroku's variables, 512 MB, and its router in front."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
import socketio

from bench.accounting import usage
from bench.media import media
from bench.servers import (
    NEWEST_GUNICORN,
    WORKER_VARIABLE,
    Server,
    running,
    wait_until,
    web_line,
)

BOOT_SECONDS = 20
DYNO_BYTES = 512 * 1024 * 1024
ROUTER = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9", "Host": "count.example"}
HEROKU = {
    "DYNO": "web.1",
    "WEB_CONCURRENCY": "2",  # the buildpack's wish for 512 MB, which we must not follow
    "FORWARDED_ALLOW_IPS": "*",
    "SECRET_KEY": "0" * 64,
    "ACCESS_PASSWORD": "",  # app.json asks for it and takes nothing for an answer
}
CONTROLLER = Path("/sys/fs/cgroup/memory")


@contextmanager
def dyno(bytes_: int) -> Iterator[Path | None]:
    """A group of processes that may use so much memory and no more, where that can be made.

    None where it cannot (no right to, or another kind of control group); what the processes use
    is measured in any case.
    """
    group = CONTROLLER / f"streamapp-test-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text(str(bytes_))
    except OSError:
        yield None
        return
    try:
        yield group
    finally:
        assert wait_until(lambda: _gone(group), 10)


def _gone(group: Path) -> bool:
    try:
        group.rmdir()
    except OSError:
        return False  # some process has not ended yet
    return True


@contextmanager
def booted(tmp_path: Path) -> Iterator[tuple[Server, float]]:
    """A server in its dyno, and the seconds it took to answer."""
    with dyno(DYNO_BYTES) as group:
        worker = os.environ.get(WORKER_VARIABLE)
        line = web_line(worker)
        if group:
            line = f"sh -c 'echo $$ > {group}/cgroup.procs; exec {line}'"
        settings = {**HEROKU, "DATA_DIR": str(tmp_path / "data")}
        if worker:
            settings["PYTHONPATH"] = str(NEWEST_GUNICORN)
        began = time.monotonic()
        with running("dyno", line, "/healthz", tmp_path / "log", settings) as server:
            yield server, time.monotonic() - began


@pytest.mark.server
def test_a_dyno_boots_in_time_and_serves_page_upload_and_frame_in_its_memory(
    tmp_path: Path, webcam: list[bytes]
) -> None:
    with booted(tmp_path) as (server, seconds):
        assert seconds < BOOT_SECONDS
        page = requests.get(server.url, headers=ROUTER, timeout=10)
        assert page.status_code == 200
        assert "Secure" in page.headers["Set-Cookie"]
        assert "Strict-Transport-Security" in page.headers
        plain = {**ROUTER, "X-Forwarded-Proto": "http"}
        sent_on = requests.get(server.url, headers=plain, timeout=10, allow_redirects=False)
        assert (sent_on.status_code, sent_on.headers["Location"]) == (308, "https://count.example/")

        photo = media("multi_face.jpg").read_bytes()
        made = requests.post(
            f"{server.url}/api/v1/images", files={"image": photo}, headers=ROUTER, timeout=60
        )
        assert made.json()["count"] == 5

        # The client names host and origin itself, and twice would be once too often.
        headers = {key: value for key, value in ROUTER.items() if key != "Host"}
        origin = {"origin": f"https://127.0.0.1:{server.port}"}
        client = socketio.Client(reconnection=False, websocket_extra_options=origin)
        client.connect(server.url, headers=headers, transports=["websocket"])
        try:
            answers = [client.call("frame", ({"seq": n}, webcam[n]), timeout=30) for n in range(9)]
        finally:
            client.disconnect()
        assert all("count" in answer for answer in answers)

        pids = server.pids()
        assert len(pids) == 2  # gunicorn's first process and one worker
        assert usage(pids).rss_bytes < DYNO_BYTES
    assert "Traceback" not in server.log()
