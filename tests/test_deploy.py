"""The deployment files, held against each other and against what is installed."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from bench.servers import procfile_line

ROOT = Path(__file__).resolve().parent.parent


def _text(name: str) -> str:
    return (ROOT / name).read_text()


def _pins(name: str) -> dict[str, str]:
    return dict(
        re.findall(r"^([\w.-]+)(?:\[\w+\])?==([^\s;#]+)", _text(name).lower(), re.MULTILINE)
    )


def test_the_web_line_says_what_heroku_must_not_override() -> None:
    line = procfile_line("web")
    for option in ("--workers 1", "--worker-class eventlet", "--no-control-socket"):
        assert option in line
    assert "--config gunicorn.conf.py" in line
    assert '"streamapp:create_app()"' in line


def test_the_worker_the_web_line_names_exists_in_the_pinned_gunicorn() -> None:
    # 26 removed it; found without importing, which would start eventlet.
    assert importlib.util.find_spec("gunicorn.workers.geventlet") is not None


def test_the_release_line_brings_the_database_up_to_date() -> None:
    assert procfile_line("release") == "flask --app streamapp db upgrade"


def test_the_aptfile_asks_for_nothing_and_says_why() -> None:
    lines = _text("Aptfile").splitlines()
    assert all(line.startswith("#") for line in lines)
    assert "opencv-python-headless" in _text("Aptfile")


def test_heroku_runs_a_python_this_project_supports() -> None:
    project = tomllib.loads(_text("pyproject.toml"))["project"]
    assert re.fullmatch(r"3\.1[123]", _text(".python-version").strip())
    assert project["requires-python"] == ">=3.11,<3.14"


def test_app_json_builds_browser_libraries_before_python() -> None:
    app = json.loads(_text("app.json"))
    assert [pack["url"].rpartition("/")[2] for pack in app["buildpacks"]] == [
        "apt",
        "nodejs",
        "python",
    ]
    assert app["env"]["SECRET_KEY"]["generator"] == "secret"
    assert app["formation"]["web"]["quantity"] == 1


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_direct_requirement_is_frozen(name: str) -> None:
    wanted = re.findall(r"^([\w.-]+)", _text(f"{name}.in").lower(), re.MULTILINE)
    frozen = _pins(f"{name}.txt")
    wanted = [w for w in wanted if not w.startswith("-")]
    assert wanted
    assert [w for w in wanted if w not in frozen] == []


def test_every_direct_requirement_of_the_product_is_pinned_with_its_reason() -> None:
    lines = [line for line in _text("requirements.in").splitlines() if line and line[0] != "#"]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w.-]+(\[\w+\])?==\S+ +# \S.+", line), line


def test_product_and_development_agree_where_they_share_a_package() -> None:
    product, development = _pins("requirements.txt"), _pins("requirements-dev.txt")
    differing = {
        name: (product[name], version)
        for name, version in development.items()
        if product.get(name, version) != version
    }
    assert differing == {}


def test_what_the_build_needs_is_not_pruned_with_the_development_packages() -> None:
    package = json.loads(_text("package.json"))
    assert package["scripts"]["build"].startswith("node static/")
    assert "socket.io-client" in package["dependencies"]
    build = _text("static/build.mjs")
    assert not any(name in build for name in package["devDependencies"])


def test_continuous_integration_runs_lint_and_tests() -> None:
    script = _text(".ci/run")
    assert "make lint" in script
    assert "make test" in script


def test_no_committed_file_names_a_registry_or_a_folder_of_some_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout.split("\0")
    forbidden = re.compile(
        rb"/ro"
        rb"ot/|/ho"
        rb"me/\w|/wo"
        rb"rk/|registry\.npm"
        rb"js|files\.pytho"
        rb"nhosted"
        rb"|extra-index"
        rb"-url"
    )
    found = {
        name: match[0]
        for name in filter(None, tracked)
        if (ROOT / name).is_file() and (match := forbidden.search((ROOT / name).read_bytes()))
    }
    assert found == {}
