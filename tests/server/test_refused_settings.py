"""The Procfile's lines with bad settings: they end, and say why in sentences alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.servers import (
    NEWEST_GUNICORN,
    ROOT,
    WORKER_VARIABLE,
    free_port,
    procfile_line,
    web_line,
)

pytestmark = pytest.mark.server

# The newest gunicorn has no worker of eventlet.
NEWEST = os.environ.get(WORKER_VARIABLE)
WORKERS = [NEWEST] if NEWEST else ["eventlet", "gthread"]
FPS = "CAPTURE_FPS is 'fast'; allowed: a whole number from 1 to 60"
THREADS = "VISION_THREADS is '-1'; allowed: a whole number from 1 to 64"


LINES = {**{worker: web_line(worker) for worker in WORKERS}, "release": procfile_line("release")}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize(
    ("settings", "sentences"),
    [
        ({"CAPTURE_FPS": "fast", "VISION_THREADS": "-1"}, [FPS, THREADS]),
        ({"BEHIND_PROXY": "true"}, ["SECRET_KEY is not set"]),
        ({"DATABASE_URL": "sqlite:////proc/none/a.sqlite3"}, ["which cannot be made"]),
    ],
    ids=["two at once", "one that is missing", "a folder that cannot be"],
)
def test_bad_settings_end_the_process_and_are_told_without_a_traceback(
    line: str, settings: dict[str, str], sentences: list[str], tmp_path: Path
) -> None:
    ended = subprocess.run(
        ["/bin/sh", "-c", f"exec {line}"],
        cwd=ROOT,
        env={
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(NEWEST_GUNICORN) if NEWEST else "",
            "PORT": str(free_port()),
            "DATA_DIR": str(tmp_path),
            **settings,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode != 0
    assert [said.count(sentence) for sentence in sentences] == [1] * len(sentences)
    assert "Traceback" not in said
    assert "let everybody go" not in said
