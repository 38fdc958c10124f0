"""Broken photos over HTTP, and a worker that is killed while it saves whole ones."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import requests

from bench.servers import ROOT, Server, product, wait_until
from bench.uploads import memory_mb
from streamapp.database import Database
from streamapp.models import ImageRecord
from streamapp.repository import SqlImageRepository
from tests.mutations import mutated, seeds
from tests.web.conftest import PHOTO

KILLS = 6
LONG_AGO = 7200


def records(data: Path) -> list[ImageRecord]:
    database = Database(f"sqlite:///{data / 'streamapp.sqlite3'}")
    found = SqlImageRepository(database).by_id("", 10_000)
    database.engine.dispose()
    return found


def blobs(data: Path) -> set[str]:
    root = data / "images"
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def purge(data: Path) -> str:
    """What `flask purge` says, over the folders of a server that has ended."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), "ASYNC_MODE": "threading"}
    environment["DATABASE_URL"] = f"sqlite:///{data / 'streamapp.sqlite3'}"
    command = [sys.executable, "-m", "flask", "--app", "streamapp", "purge"]
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return run.stdout


@pytest.mark.server
def test_500_broken_uploads_are_refused_by_name_and_leave_nothing(tmp_path: Path) -> None:
    answers: Counter[int] = Counter()
    # What a mutation claims may be large; here nothing large is let in.
    with product(data_dir=tmp_path, env={"MAX_IMAGE_PIXELS": "300000"}) as server:
        worker = server.worker()
        grown_from = 0.0
        with requests.Session() as session:
            for number, data in enumerate([*seeds().values(), *mutated(500, seed=4)]):
                if number == 100:
                    grown_from = memory_mb(worker, "VmRSS")
                answer = session.post(
                    f"{server.url}/api/v1/images",
                    files={"image": ("x.jpg", data)},
                    data={"detector": "yunet"},
                    timeout=30,
                )
                answers[answer.status_code] += 1
                assert answer.status_code == 201 or answer.json()["error"]["code"], data
        assert memory_mb(worker, "VmRSS") - grown_from < 20
        assert server.worker() == worker
        assert "Traceback" not in server.log()
    assert set(answers) <= {201, 400, 413, 415}
    assert answers[201] >= len(seeds())
    assert answers[400] > 50
    kept = records(tmp_path)
    assert len(kept) == answers[201]
    assert blobs(tmp_path) == {key for record in kept for key in record.keys}


class _Uploader(threading.Thread):
    """Uploads without a pause and remembers what it was promised; lost connections are expected."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.stopping = threading.Event()
        self.promised: list[str] = []
        self.refused: list[int] = []

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                answer = requests.post(
                    self._url,
                    files={"image": ("x.jpg", PHOTO)},
                    data={"detector": "yunet"},
                    timeout=20,
                )
            except requests.RequestException:
                self.stopping.wait(0.05)
                continue
            if answer.status_code == 201:
                self.promised.append(answer.json()["id"])
            else:
                self.refused.append(answer.status_code)


def _kill_in_the_middle(server: Server, uploaders: list[_Uploader], chance: random.Random) -> None:
    """SIGKILL the worker at any moment after an upload has come through, and await the next."""
    worker = server.worker()
    done = sum(len(each.promised) for each in uploaders)
    assert wait_until(lambda: sum(len(each.promised) for each in uploaders) > done, 60)
    time.sleep(chance.random() * 0.3)  # not to wait for anything: the moment has to be any
    os.kill(worker, signal.SIGKILL)
    assert wait_until(lambda: server.worker() not in (0, worker), 60)


@pytest.mark.server
def test_a_killed_worker_leaves_whole_images_or_what_a_purge_removes(tmp_path: Path) -> None:
    chance = random.Random(7)
    with product(data_dir=tmp_path) as server:
        uploaders = [_Uploader(f"{server.url}/api/v1/images") for _ in range(4)]
        for each in uploaders:
            each.start()
        try:
            for _ in range(KILLS):
                _kill_in_the_middle(server, uploaders, chance)
        finally:
            for each in uploaders:
                each.stopping.set()
            for each in uploaders:
                each.join(30)
    assert [status for each in uploaders for status in each.refused if status != 503] == []
    kept = records(tmp_path)
    recorded = {key for record in kept for key in record.keys}
    assert recorded <= blobs(tmp_path), "a record without its files"
    assert {id_ for each in uploaders for id_ in each.promised} <= {record.id for record in kept}
    left_behind = blobs(tmp_path) - recorded
    for key in blobs(tmp_path):
        path = tmp_path / "images" / key
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - LONG_AGO))
    assert purge(tmp_path).startswith(
        f"0 expired images, {len(left_behind)} files without a record, 0 records"
    )
    assert blobs(tmp_path) == recorded
