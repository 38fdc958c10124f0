"""Settings: read once from the environment, cast, frozen.

Every setting is one row of ``SETTINGS`` (settings_table.py). `load` collects every bad value
before it raises, so that a deploy fails once with the whole list. Standard library only.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from streamapp.errors import ConfigError
from streamapp.setting_rules import RULES
from streamapp.settings_table import ROOT, SETTINGS, Borrowed, Setting, usable_cores

__all__ = ["ROOT", "SETTINGS", "Settings", "described", "load", "masked", "usable_cores"]

_NO_SECRET = (
    "SECRET_KEY is not set; it is required behind a proxy and on Heroku, whose disk forgets a kept "
    "one: heroku config:set SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_hex())')"
)


@dataclass(frozen=True)
class Settings:
    """The effective configuration; field names are the keys in lower case."""

    async_mode: str
    secret_key: str
    data_dir: Path
    database_url: str
    storage_dir: Path
    s3_bucket: str
    s3_access_key_id: str
    s3_secret_access_key: str
    s3_region: str
    s3_endpoint_url: str
    retention_days: int
    redis_url: str
    access_password: str
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
    requests_per_minute: int
    behind_proxy: bool

    @property
    def disk_is_ephemeral(self) -> bool:
        """Whether uploaded images are gone with the next restart: on a dyno without a bucket."""
        return "DYNO" in os.environ and not self.s3_bucket


def load(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Settings from the environment, with ``overrides`` (keys as in SETTINGS) on top.

    An empty variable counts as not given. Raises ConfigError naming every bad key, its value
    and what is allowed, and every pair of keys that do not go together.
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
    assert set(known) == {field.name for field in fields(Settings)}
    faults += [fault for rule in RULES if (fault := rule(known))]
    if not given.get("SECRET_KEY") and known["behind_proxy"]:
        faults.append(_NO_SECRET)
    if faults:
        raise ConfigError("Configuration refused. " + "; ".join(faults))
    if not known["secret_key"]:
        known["secret_key"] = _kept_secret(known["data_dir"])
    return Settings(**known)


def described(
    settings: Settings, overrides: Mapping[str, Any] | None = None
) -> list[tuple[str, str, str]]:
    """Key, effective value and where it comes from, of every setting; secrets are masked."""
    rows = []
    for setting in SETTINGS:
        value = getattr(settings, setting.key.lower())
        borrowed = setting.default.variable() if isinstance(setting.default, Borrowed) else None
        if (overrides or {}).get(setting.key, "") != "":
            origin = "given to create_app"
        elif os.environ.get(setting.key):
            origin = "environment"
        elif borrowed:
            origin = f"environment ({borrowed})"
        else:
            origin = "default"
        rows.append((setting.key, masked(str(value)) if setting.secret else str(value), origin))
    return rows


def masked(secret: str) -> str:
    """What may be shown of a secret: of an address scheme and host, else whether it is set."""
    if not secret or secret.startswith("sqlite:"):
        return secret
    try:
        address = urlsplit(secret)
        host = f"{address.hostname or ''}{f':{address.port}' if address.port else ''}"
    except ValueError:
        return "(hidden)"
    return f"{address.scheme}://{host}/…" if "://" in secret else "(hidden)"


def _shown(setting: Setting, text: str) -> str:
    """A refused value as messages may show it: they end up in logs."""
    if not setting.secret:
        return repr(text)
    if not setting.key.endswith("_URL"):
        return "(hidden)"
    # Of an address only the scheme can be wrong; what comes after it may hold a password.
    scheme, colon, _rest = text.partition(":")
    return repr(f"{scheme}:…" if colon else text)


def _kept_secret(data_dir: Path) -> str:
    """A secret made once and kept, so that a developer's cookies outlive a restart."""
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
