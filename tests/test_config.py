"""Settings: cast, refused by name, and the kept secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from streamapp import config
from streamapp.errors import ConfigError


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ["DYNO", *(setting.key for setting in config.SETTINGS)]:
        monkeypatch.delenv(key, raising=False)


def test_every_bad_value_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"MAX_CLIENTS.*CAPTURE_FPS"):
        config.load({"DATA_DIR": tmp_path, "MAX_CLIENTS": "many", "CAPTURE_FPS": "0"})


def test_the_kept_secret_is_stable_and_private(tmp_path: Path) -> None:
    first, second = (config.load({"DATA_DIR": tmp_path}).secret_key for _ in range(2))
    assert first == second
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_dyno_without_a_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNO", "web.1")
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        config.load()
