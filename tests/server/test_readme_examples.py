"""The examples of the documents, as they stand there, against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.media import media
from bench.servers import ROOT, Server

DOCUMENTS = ("README.md", "docs/api.md")
_LOCAL = "http://localhost:5000"


def _examples() -> dict[str, str]:
    """Shell blocks that speak to the server or call our commands, by document and number."""
    found = {}
    for name in DOCUMENTS:
        blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / name).read_text(), re.M | re.S)
        for number, block in enumerate(blocks, 1):
            if re.match(r"curl|image=|flask", block):
                found[f"{name} {number}"] = block
    return found


EXAMPLES = _examples()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the examples expect where they are run."""
    shutil.copy(media("multi_face.jpg"), tmp_path / "party.jpg")
    shutil.copy(media("single_face.jpg"), tmp_path / "a.jpg")
    shutil.copy(media("astronaut.png"), tmp_path / "b.png")
    (tmp_path / "photos").mkdir()
    shutil.copy(media("single_face.jpg"), tmp_path / "photos" / "c.jpg")
    # So that curl's exit status tells of an error's.
    (tmp_path / ".curlrc").write_text("fail-with-body\nsilent\nshow-error\n")
    return tmp_path


def test_there_are_examples_of_the_api_and_the_command_line() -> None:
    assert len(EXAMPLES) >= 6
    assert "curl" in "".join(EXAMPLES.values())
    assert "flask" in "".join(EXAMPLES.values())


@pytest.mark.server
@pytest.mark.parametrize("script", EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_does_what_it_says(server: Server, folder: Path, script: str) -> None:
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "DATA_DIR": str(folder / "data"),
        "SECRET_KEY": "known to every reader of the tests",
    }
    ran = subprocess.run(
        ["/bin/sh", "-eux", "-c", script.replace(_LOCAL, server.url)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert '"error"' not in ran.stdout
    for written in re.findall(r"(?:-o|--csv) (\w\S*)", script):
        assert (folder / written).stat().st_size > 0, written
