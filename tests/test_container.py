"""The container file, held against the Procfile, the versions and the files there are."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.servers import procfile_line, running

ROOT = Path(__file__).resolve().parent.parent
LINES = re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text()).splitlines()
IGNORED = (ROOT / ".dockerignore").read_text().split("\n")


def instructions(name: str) -> list[str]:
    """What follows ``name`` in each of its lines."""
    return [line.removeprefix(name).strip() for line in LINES if line.startswith(f"{name} ")]


def copied() -> list[tuple[str, str]]:
    """Source and target of everything that comes from the project into the last image."""
    last = LINES[[n for n, line in enumerate(LINES) if line.startswith("FROM ")][-1] :]
    words = [line.split()[1:] for line in last if line.startswith("COPY ")]
    # The browser's stage hands on `static` with the libraries in it.
    pairs = [(w[1].removeprefix("/app/"), w[2]) for w in words if w[0] == "--from=browser"]
    pairs += [(source, w[-1]) for w in words if "--from" not in w[0] for source in w[:-1]]
    return pairs


def test_it_runs_the_procfiles_line() -> None:
    assert json.loads(instructions("CMD")[-1]) == shlex.split(procfile_line("web"))


def test_it_has_the_python_of_heroku_and_a_node_that_package_json_allows() -> None:
    python = (ROOT / ".python-version").read_text().strip()
    images = instructions("FROM")
    assert [image for image in images if "python:" in image] == [
        f"docker.io/library/python:{python}-slim AS packages",
        f"docker.io/library/python:{python}-slim",
    ]
    node = re.search(r"node:(\d+)", images[0])
    wanted = json.loads((ROOT / "package.json").read_text())["engines"]["node"]
    assert node is not None
    assert int(node[1]) >= int(wanted.removeprefix(">="))


def test_it_installs_the_pinned_requirements_with_their_hashes() -> None:
    (install,) = (line for line in LINES if "pip install" in line)
    assert "--require-hashes" in install
    assert "-r requirements.txt" in install
    assert "dev" not in install


def test_it_does_not_run_as_root_and_tells_whether_it_is_well() -> None:
    assert instructions("USER") == ["streamapp"]
    assert LINES.index("USER streamapp") < next(
        number for number, line in enumerate(LINES) if line.startswith("CMD ")
    )
    assert len(instructions("HEALTHCHECK")) == 1


def test_all_that_is_copied_exists_and_nothing_else_is_sent() -> None:
    words = [line.split()[1:] for line in LINES if line.startswith("COPY ")]
    sources = {name for w in words if not w[0].startswith("--from") for name in w[:-1]}
    assert [name for name in sources if not (ROOT / name).exists()] == []
    assert {line[1:] for line in IGNORED if line.startswith("!")} == sources
    assert "*" in IGNORED


@pytest.mark.server
def test_what_is_copied_is_enough_to_serve(tmp_path: Path) -> None:
    for source, target in copied():
        place = tmp_path / "app" / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)
    line = shlex.join(json.loads(instructions("CMD")[-1]))
    settings = {"DATA_DIR": str(tmp_path / "data"), "PYTHONDONTWRITEBYTECODE": "1"}
    log = tmp_path / "log"
    with running("container", line, "/", log, settings, cwd=tmp_path / "app") as server:
        health = json.loads(re.findall(r"CMD (\[.*)", instructions("HEALTHCHECK")[0])[0])
        environment = {**os.environ, "PORT": str(server.port)}
        assert health[0] == "python"
        check = [sys.executable, *health[1:]]
        assert subprocess.run(check, env=environment, check=False).returncode == 0
    assert "Traceback" not in server.log()
    assert (
        subprocess.run(check, env=environment, check=False, stderr=subprocess.DEVNULL).returncode
        != 0
    )
