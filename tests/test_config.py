"""Settings: cast, refused by name, and the kept secret."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from flask import Flask

from streamapp import config
from streamapp.errors import ConfigError

SECRET = "a secret that nobody may read"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("ASYNC_MODE", "eventlet", "eventlet"),
        ("ASYNC_MODE", "threading", "threading"),
        ("DATABASE_URL", "sqlite:////var/one.sqlite3", "sqlite:////var/one.sqlite3"),
        ("DATABASE_URL", "postgresql://u:p@h/d", "postgresql://u:p@h/d"),
        ("DATABASE_URL", "postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("DATABASE_URL", "postgres://u:p@h:5432/d", "postgresql://u:p@h:5432/d"),
        ("SECRET_KEY", SECRET, SECRET),
        ("LOG_LEVEL", "DEBUG", "DEBUG"),
        ("VISION_THREADS", "1", 1),
        ("VISION_THREADS", "64", 64),
        ("DETECTOR", "yunet", "yunet"),
        ("MAX_CLIENTS", "10000", 10_000),
        ("MAX_FRAME_BYTES", "10000", 10_000),
        ("MAX_FRAME_PIXELS", "33177600", 33_177_600),
        ("CAPTURE_WIDTH", "160", 160),
        ("CAPTURE_QUALITY", "0.1", 0.1),
        ("CAPTURE_QUALITY", "1", 1.0),
        ("CAPTURE_FPS", " 60 ", 60),
        ("MAX_UPLOAD_BYTES", "200000000", 200_000_000),
        ("MAX_IMAGE_PIXELS", "10000", 10_000),
        ("MAX_UPLOAD_FILES", "100", 100),
        ("UPLOADS_PER_MINUTE", "1", 1),
        ("BEHIND_PROXY", "Yes", True),
        ("BEHIND_PROXY", "1", True),
        ("BEHIND_PROXY", "FALSE", False),
        ("BEHIND_PROXY", "no", False),
    ],
)
def test_a_good_value_is_cast(
    key: str, text: str, value: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", SECRET)  # asked for behind a proxy
    monkeypatch.setenv(key, text)
    assert getattr(config.load(), key.lower()) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("ASYNC_MODE", "gevent"),
        ("DATABASE_URL", "nonsense"),
        ("LOG_LEVEL", "loud"),
        ("VISION_THREADS", "0"),
        ("VISION_THREADS", "65"),
        ("DETECTOR", "yolo"),
        ("MAX_CLIENTS", "1.5"),
        ("MAX_CLIENTS", "-1"),
        ("MAX_FRAME_BYTES", "9999"),
        ("CAPTURE_QUALITY", "nan"),
        ("CAPTURE_QUALITY", "inf"),
        ("CAPTURE_QUALITY", "70"),
        ("CAPTURE_FPS", "fast"),
        ("BEHIND_PROXY", "maybe"),
        ("S3_ENDPOINT_URL", "minio:9000"),
        ("RETENTION_DAYS", "-1"),
    ],
)
def test_a_bad_value_is_refused_with_its_key_the_value_and_what_is_allowed(
    key: str, text: str, tmp_path: Path
) -> None:
    row = next(row for row in config.SETTINGS if row.key == key)
    with pytest.raises(ConfigError) as refused:
        config.load({"DATA_DIR": tmp_path, key: text})
    assert f"{key} is {text!r}; allowed: {row.allowed}" in refused.value.message


def test_every_bad_value_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"MAX_CLIENTS.*CAPTURE_FPS"):
        config.load({"DATA_DIR": tmp_path, "MAX_CLIENTS": "many", "CAPTURE_FPS": "0"})


@pytest.mark.parametrize("key", [row.key for row in config.SETTINGS if row.key != "DATA_DIR"])
def test_an_empty_variable_counts_as_not_given(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = config.load({"DATA_DIR": tmp_path})
    monkeypatch.setenv(key, "")
    assert config.load({"DATA_DIR": tmp_path}) == without


def test_what_is_passed_in_stands_above_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_CLIENTS", "3")
    assert config.load({"DATA_DIR": tmp_path, "MAX_CLIENTS": 4}).max_clients == 4


def test_the_database_and_the_images_follow_the_data_folder(tmp_path: Path) -> None:
    settings = config.load({"DATA_DIR": tmp_path})
    assert settings.database_url == f"sqlite:///{tmp_path / 'streamapp.sqlite3'}"
    assert settings.storage_dir == tmp_path / "images"


def test_settings_are_frozen(tmp_path: Path) -> None:
    settings = config.load({"DATA_DIR": tmp_path})
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.max_clients = 1  # type: ignore[misc]


def test_the_secret_is_in_no_message(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        config.load({"DATA_DIR": tmp_path, "SECRET_KEY": SECRET, "MAX_CLIENTS": "many"})
    assert SECRET not in refused.value.message


def test_the_password_of_a_refused_database_is_in_no_message(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        config.load({"DATA_DIR": tmp_path, "DATABASE_URL": "mysql://user:hunter2@host/d"})
    assert "hunter2" not in refused.value.message
    assert "DATABASE_URL is 'mysql:…'; allowed: sqlite" in refused.value.message


def test_the_kept_secret_is_stable_and_private(tmp_path: Path) -> None:
    first, second = (config.load({"DATA_DIR": tmp_path}).secret_key for _ in range(2))
    assert first == second
    assert len(first) >= 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("")
    with pytest.raises(ConfigError, match="DATA_DIR"):
        config.load({"DATA_DIR": path})


@pytest.mark.parametrize(("key", "value"), [("DYNO", "web.1"), ("BEHIND_PROXY", "true")])
def test_production_without_a_secret_is_refused_among_the_other_faults(
    key: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(ConfigError, match=r"MAX_CLIENTS is .*SECRET_KEY is not set"):
        config.load({"DATA_DIR": tmp_path, "MAX_CLIENTS": "many"})
    assert list(tmp_path.iterdir()) == []  # nor is one made


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("SECRET_KEY", "fifteen letters"),
        ("SECRET_KEY", SECRET + "\n"),
        ("ACCESS_PASSWORD", "seven77"),
        ("ACCESS_PASSWORD", " with a blank"),
    ],
)
def test_a_weak_secret_is_refused_and_not_shown(key: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"{key} is \(hidden\); allowed: at least") as refused:
        config.load({"DATA_DIR": tmp_path, key: text})
    assert text not in refused.value.message


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"STORAGE_DIR": "."}, "which holds DATA_DIR; allowed: a folder of its own"),
        ({"STORAGE_DIR": ".."}, "which holds DATA_DIR"),
        ({"CAPTURE_WIDTH": "1920", "MAX_FRAME_PIXELS": "300000"}, "more pixels than MAX_FRAME_PI"),
        ({"ACCESS_PASSWORD": SECRET, "SECRET_KEY": SECRET}, "the same as SECRET_KEY"),
    ],
    ids=["images beside the database", "images above", "frames it refuses", "one secret for both"],
)
def test_settings_that_contradict_each_other_are_refused(
    settings: dict[str, str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=sentence) as refused:
        config.load({"DATA_DIR": tmp_path, "CAPTURE_FPS": "0", **settings})
    assert "CAPTURE_FPS is '0'" in refused.value.message
    assert SECRET not in refused.value.message


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("", ""),
        (SECRET, "(hidden)"),
        (
            "postgresql://user:hunter2@db.example:5432/d?password=x",
            "postgresql://db.example:5432/…",
        ),
        ("rediss://:hunter2@cache.example:6380", "rediss://cache.example:6380/…"),
        ("redis://[broken", "(hidden)"),
        ("sqlite:////srv/streamapp.sqlite3", "sqlite:////srv/streamapp.sqlite3"),
    ],
)
def test_what_is_shown_of_a_secret(secret: str, shown: str) -> None:
    assert config.masked(secret) == shown


def test_every_setting_is_described_with_where_it_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPTURE_FPS", "12")
    monkeypatch.setenv("ACCESS_PASSWORD", "open sesame")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    given = {"DATA_DIR": tmp_path, "SECRET_KEY": SECRET}
    rows = config.described(config.load(given), given)
    assert [key for key, _value, _origin in rows] == [row.key for row in config.SETTINGS]
    described = {key: (value, origin) for key, value, origin in rows}
    assert described["CAPTURE_FPS"] == ("12", "environment")
    assert described["S3_REGION"] == ("eu-central-1", "environment (AWS_REGION)")
    assert described["MAX_CLIENTS"] == ("64", "default")
    assert described["DATA_DIR"] == (str(tmp_path), "given to create_app")
    assert described["ACCESS_PASSWORD"] == ("(hidden)", "environment")
    assert described["SECRET_KEY"] == ("(hidden)", "given to create_app")


def test_the_command_prints_them(app: Flask) -> None:
    printed = app.test_cli_runner().invoke(args=["config"]).output
    assert "SECRET_KEY " in printed
    assert "known to every reader" not in printed
    assert len(printed.splitlines()) == len(config.SETTINGS)


def test_a_dyno_is_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNO", "web.1")
    assert config.load({"SECRET_KEY": SECRET}).behind_proxy
