"""The deployment files, held against each other and against what is installed."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from bench.servers import procfile_line
from streamapp import config

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


APP = json.loads(_text("app.json"))
ENVIRONMENTS = [APP, *APP["environments"].values()]
BUILDPACKS = ["heroku-community/apt", "heroku/nodejs", "heroku/python"]


def test_browser_libraries_are_built_before_python() -> None:
    assert [pack["url"] for pack in APP["buildpacks"]] == BUILDPACKS
    assert re.findall(r"heroku buildpacks:add (\S+)", _text("README.md")) == BUILDPACKS


def test_each_buildpack_finds_its_files() -> None:
    for name in ("Aptfile", "package.json", "package-lock.json", "requirements.txt"):
        assert (ROOT / name).is_file()
    # Two lists of packages, or two lock files, and the build is refused.
    others = ("Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock", "runtime.txt", "yarn.lock")
    assert [name for name in others if (ROOT / name).exists()] == []


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=["production", "review"])
def test_app_json_sets_what_is_a_setting_to_what_is_allowed(
    environment: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {key: entry.get("value", "") for key, entry in environment["env"].items()}
    assert set(given) <= {setting.key for setting in config.SETTINGS}
    assert environment["env"]["SECRET_KEY"] == {
        **environment["env"]["SECRET_KEY"],
        "generator": "secret",
    }
    # 64 hexadecimal digits are what the generator makes.
    monkeypatch.setenv("DYNO", "web.1")
    config.load({**given, "SECRET_KEY": "0" * 64, "DATA_DIR": tmp_path})


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=["production", "review"])
def test_one_dyno_of_the_smallest_size_that_does_not_sleep(environment: dict[str, Any]) -> None:
    assert environment["formation"] == {"web": {"quantity": 1, "size": "basic"}}


@pytest.mark.parametrize(
    ("plan", "variables"),
    [
        ("heroku-postgresql", {"DATABASE_URL": "postgres://u:p@h:5432/d"}),
        (
            "bucketeer",
            {
                "BUCKETEER_BUCKET_NAME": "bucket",
                "BUCKETEER_AWS_ACCESS_KEY_ID": "key",
                "BUCKETEER_AWS_SECRET_ACCESS_KEY": "secret",
                "BUCKETEER_AWS_REGION": "us-east-1",
            },
        ),
    ],
)
def test_what_an_addon_sets_is_understood_and_the_readme_names_it(
    plan: str, variables: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = {addon["plan"] for addon in APP["addons"]}
    (whole,) = (name for name in plans if name.startswith(f"{plan}:"))
    assert f"heroku addons:create {whole}" in _text("README.md")
    for key, value in variables.items():
        monkeypatch.setenv(key, value)
    rows = config.described(config.load({"DATA_DIR": tmp_path}))
    from_environment = [key for key, _value, origin in rows if origin.startswith("environment")]
    assert len(from_environment) == len(variables)


def test_the_release_command_is_one_of_ours(app: Flask) -> None:
    words = procfile_line("release").split()
    assert words[:3] == ["flask", "--app", "streamapp"]
    printed = app.test_cli_runner().invoke(args=[*words[3:], "--help"])
    assert printed.exit_code == 0


def test_the_deploy_button_is_in_the_readme() -> None:
    assert "](https://www.heroku.com/deploy)" in _text("README.md")


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
