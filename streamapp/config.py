"""Settings: read once from the environment, cast, frozen.

Every setting is one row of ``SETTINGS``: its key, how to read it, its default and what it means;
the README's table is checked against these rows. `load` collects every bad value before it
raises, so that a deploy fails once with the whole list. Standard library only.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from streamapp.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """The effective configuration; field names are the keys in lower case."""

    async_mode: str
    secret_key: str
    data_dir: Path
    database_url: str
    storage_dir: Path
    log_level: str
    vision_threads: int
    detector: str
    max_clients: int
    max_frame_bytes: int
    max_frame_pixels: int
    capture_width: int
    capture_quality: float
    capture_fps: int
    max_upload_bytes: int
    max_image_pixels: int
    max_upload_files: int
    uploads_per_minute: int
    behind_proxy: bool


@dataclass(frozen=True)
class Setting:
    """One key: ``read`` casts the text or raises ValueError, ``default`` may look at the rest."""

    key: str
    read: Callable[[str], Any]
    default: Callable[[dict[str, Any]], Any]
    allowed: str
    meaning: str


def _integer(low: int, high: int) -> tuple[Callable[[str], int], str]:
    def read(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return read, f"a whole number from {low} to {high}"


def _choice(*names: str) -> tuple[Callable[[str], str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError(text)
        return text

    return read, "one of " + ", ".join(names)


def _fraction(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 1.0:
        raise ValueError(text)
    return value


def _path(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _database_url(text: str) -> str:
    """Heroku says ``postgres://``, which SQLAlchemy has refused since 1.4."""
    if text.startswith("postgres://"):
        text = "postgresql://" + text.removeprefix("postgres://")
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+")):
        raise ValueError(text)
    return text


def _boolean(text: str) -> bool:
    try:
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
            text.lower()
        ]
    except KeyError:
        raise ValueError(text) from None


def usable_cores() -> int:
    """The cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _running_under_eventlet() -> bool:
    """gunicorn's eventlet worker has patched the standard library before it imports us.

    Asked through ``sys.modules`` so that nothing else ever imports eventlet.
    """
    patcher = sys.modules.get("eventlet.patcher")
    return patcher is not None and bool(patcher.is_monkey_patched("socket"))


def _row(key: str, kind: tuple[Callable[[str], Any], str], default: Any, meaning: str) -> Setting:
    maker = default if callable(default) else lambda _known: default
    return Setting(key, kind[0], maker, kind[1], meaning)


SETTINGS: tuple[Setting, ...] = (
    _row(
        "ASYNC_MODE",
        _choice("eventlet", "threading"),
        lambda _: "eventlet" if _running_under_eventlet() else "threading",
        "concurrency of the server; follows the gunicorn worker unless given",
    ),
    _row(
        "DATA_DIR",
        (_path, "a folder that can be written"),
        ROOT / "data",
        "where the database and the images lie unless the next two say otherwise",
    ),
    _row(
        "DATABASE_URL",
        (_database_url, "sqlite:///… or postgresql://… (postgres:// is accepted)"),
        lambda known: f"sqlite:///{known['data_dir'] / 'streamapp.sqlite3'}",
        "the records of uploaded images",
    ),
    _row(
        "STORAGE_DIR",
        (_path, "a folder that can be written"),
        lambda known: known["data_dir"] / "images",
        "the uploaded and annotated images",
    ),
    _row(
        "SECRET_KEY",
        (str, "any text; make one with python -c 'import secrets; print(secrets.token_hex())'"),
        lambda _: "",
        "signs the cookie that tells owners apart; kept in DATA_DIR when not given",
    ),
    _row("LOG_LEVEL", _choice("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "what is logged"),
    _row(
        "VISION_THREADS",
        _integer(1, 64),
        # 8 at the most: each thread holds its own classifiers.
        lambda _: min(8, usable_cores()),
        "native threads for detection; the cores of the machine unless given",
    ),
    _row("DETECTOR", _choice("cascade", "yunet"), "cascade", "the engine used unless one is asked"),
    _row("MAX_CLIENTS", _integer(1, 10_000), 64, "webcams at once; the next is told to wait"),
    _row("MAX_FRAME_BYTES", _integer(10_000, 20_000_000), 1_000_000, "size of one webcam frame"),
    _row(
        "MAX_FRAME_PIXELS",
        _integer(10_000, 33_177_600),
        1920 * 1080,
        "width times height of one webcam frame",
    ),
    _row("CAPTURE_WIDTH", _integer(160, 1920), 640, "width the page is asked to send"),
    _row(
        "CAPTURE_QUALITY",
        (_fraction, "a number from 0.1 to 1"),
        0.7,
        "JPEG quality the page is asked to send",
    ),
    _row("CAPTURE_FPS", _integer(1, 60), 15, "frames a second the page is asked to send"),
    _row("MAX_UPLOAD_BYTES", _integer(10_000, 200_000_000), 20_000_000, "size of one upload"),
    _row(
        "MAX_IMAGE_PIXELS",
        _integer(10_000, 400_000_000),
        50_000_000,
        "width times height of one upload",
    ),
    _row("MAX_UPLOAD_FILES", _integer(1, 100), 10, "files in one upload of the form"),
    _row("UPLOADS_PER_MINUTE", _integer(1, 100_000), 60, "files one owner may upload, steadily"),
    _row(
        "BEHIND_PROXY",
        (_boolean, "true or false"),
        lambda _: "DYNO" in os.environ,
        "trust X-Forwarded-* of one proxy in front; true on Heroku",
    ),
)


def load(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Settings from the environment, with ``overrides`` (keys as in SETTINGS) on top.

    An empty variable counts as not given. Raises ConfigError naming every bad key, its value
    and what is allowed.
    """
    known: dict[str, Any] = {}
    faults: list[str] = []
    given = {**os.environ, **(overrides or {})}
    for setting in SETTINGS:
        text = str(given.get(setting.key, ""))
        try:
            value = setting.read(text) if text else setting.default(known)
        except ValueError:
            faults.append(f"{setting.key} is {_shown(setting, text)}; allowed: {setting.allowed}")
            value = setting.default(known)
        known[setting.key.lower()] = value
    if faults:
        raise ConfigError("Configuration refused. " + "; ".join(faults))
    if not known["secret_key"]:
        known["secret_key"] = _kept_secret(known["data_dir"])
    assert set(known) == {field.name for field in fields(Settings)}
    return Settings(**known)


def _shown(setting: Setting, text: str) -> str:
    """A refused value as messages may show it: they end up in logs."""
    if setting.key == "SECRET_KEY":
        return "(hidden)"
    if setting.key == "DATABASE_URL" and ":" in text:
        # Only the scheme can be wrong here; what comes after it may hold a password.
        return repr(f"{text.partition(':')[0]}:…")
    return repr(text)


def _kept_secret(data_dir: Path) -> str:
    """A secret made once and kept, so that a developer's cookies outlive a restart."""
    if "DYNO" in os.environ:
        raise ConfigError(
            "SECRET_KEY is not set; on Heroku the disk forgets it: heroku config:set SECRET_KEY=…"
        )
    path = data_dir / "secret_key"
    draft = data_dir / f".secret_key.{os.getpid()}"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Written whole beside its place and linked there: nobody ever reads half of it, and of
            # two processes that start together one wins.
            descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_text()
    except OSError as error:
        raise ConfigError(
            f"DATA_DIR is {str(data_dir)!r}, where the secret key cannot be kept "
            f"({error.strerror}); allowed: a folder that can be written"
        ) from error
