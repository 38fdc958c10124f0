"""The settings there are: each a row with its key, how to read it, its default, its meaning.

The README's table is checked against these rows. Standard library only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamapp.setting_kinds import (
    BOOLEAN,
    DATABASE_URL,
    FOLDER,
    FRACTION,
    REDIS_URL,
    TEXT,
    WEB_ADDRESS,
    Kind,
    choice,
    integer,
    secret_text,
)

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One key: ``read`` casts the text or raises ValueError, ``default`` may look at the rest."""

    key: str
    read: Callable[[str], Any]
    default: Callable[[dict[str, Any]], Any]
    allowed: str
    meaning: str
    secret: bool = False  # never shown, not even when it is wrong


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


def _row(key: str, kind: Kind, default: Any, meaning: str, *, secret: bool = False) -> Setting:
    maker = default if callable(default) else lambda _known: default
    return Setting(key, kind[0], maker, kind[1], meaning, secret)


@dataclass(frozen=True)
class Borrowed:
    """A default that add-ons may set under names of their own; the first that is given counts."""

    names: tuple[str, ...]
    otherwise: str = ""

    def variable(self) -> str | None:
        """The variable that is given, if one is."""
        return next((name for name in self.names if os.environ.get(name)), None)

    def __call__(self, _known: dict[str, Any]) -> str:
        name = self.variable()
        return os.environ[name] if name else self.otherwise


SETTINGS: tuple[Setting, ...] = (
    _row(
        "ASYNC_MODE",
        choice("eventlet", "threading"),
        lambda _: "eventlet" if _running_under_eventlet() else "threading",
        "concurrency of the server; follows the gunicorn worker unless given",
    ),
    _row(
        "DATA_DIR",
        FOLDER,
        ROOT / "data",
        "where the database and the images lie unless the next two say otherwise",
    ),
    _row(
        "DATABASE_URL",
        DATABASE_URL,
        lambda known: f"sqlite:///{known['data_dir'] / 'streamapp.sqlite3'}",
        "the records of images and sessions",
        secret=True,
    ),
    _row(
        "STORAGE_DIR",
        FOLDER,
        lambda known: known["data_dir"] / "images",
        "the uploaded and annotated images, unless they go to S3",
    ),
    _row(
        "S3_BUCKET",
        TEXT,
        Borrowed(("BUCKETEER_BUCKET_NAME",)),
        "the bucket that holds the images instead; Bucketeer's variables are taken too",
    ),
    _row(
        "S3_ACCESS_KEY_ID",
        TEXT,
        Borrowed(("BUCKETEER_AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID")),
        "the key of that bucket",
    ),
    _row(
        "S3_SECRET_ACCESS_KEY",
        TEXT,
        Borrowed(("BUCKETEER_AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY")),
        "its secret",
        secret=True,
    ),
    _row(
        "S3_REGION",
        TEXT,
        Borrowed(("BUCKETEER_AWS_REGION", "AWS_REGION"), "us-east-1"),
        "where the bucket lies",
    ),
    _row("S3_ENDPOINT_URL", WEB_ADDRESS, "", "an S3 server that is not Amazon's"),
    _row(
        "RETENTION_DAYS",
        integer(0, 36_500),
        30,
        "images and sessions are removed when they are older; 0 keeps them",
    ),
    _row(
        "REDIS_URL",
        REDIS_URL,
        "",
        "lets several processes serve together; one process needs none",
        secret=True,
    ),
    _row(
        "ACCESS_PASSWORD",
        secret_text(8),
        "",
        "asked of every visitor; without it the pages are open",
        secret=True,
    ),
    _row(
        "SECRET_KEY",
        secret_text(16, "; make one with python -c 'import secrets; print(secrets.token_hex())'"),
        "",
        "signs cookies; made and kept in DATA_DIR unless given; required behind a proxy",
        secret=True,
    ),
    _row("LOG_LEVEL", choice("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "what is logged"),
    _row(
        "VISION_THREADS",
        integer(1, 64),
        # 8 at the most: each thread holds its own classifiers.
        lambda _: min(8, usable_cores()),
        "native threads for detection; the cores of the machine unless given",
    ),
    _row("DETECTOR", choice("cascade", "yunet"), "cascade", "the engine used unless one is asked"),
    _row("MAX_CLIENTS", integer(1, 10_000), 64, "webcams at once; the next is told to wait"),
    _row("MAX_FRAME_BYTES", integer(10_000, 20_000_000), 1_000_000, "size of one webcam frame"),
    _row(
        "MAX_FRAME_PIXELS",
        integer(10_000, 33_177_600),
        1920 * 1080,
        "width times height of one webcam frame",
    ),
    _row("CAPTURE_WIDTH", integer(160, 1920), 640, "width the page is asked to send"),
    _row(
        "CAPTURE_QUALITY",
        FRACTION,
        0.7,
        "JPEG quality the page is asked to send",
    ),
    _row("CAPTURE_FPS", integer(1, 60), 15, "frames a second the page is asked to send"),
    _row("MAX_UPLOAD_BYTES", integer(10_000, 200_000_000), 20_000_000, "size of one upload"),
    _row(
        "MAX_IMAGE_PIXELS",
        integer(10_000, 400_000_000),
        50_000_000,
        "width times height of one upload",
    ),
    _row("MAX_UPLOAD_FILES", integer(1, 100), 10, "files in one upload of the form"),
    _row("UPLOADS_PER_MINUTE", integer(1, 100_000), 60, "files one owner may upload, steadily"),
    _row(
        "REQUESTS_PER_MINUTE",
        integer(10, 1_000_000),
        600,
        "requests of one address, static files aside, and as many connections for live counting",
    ),
    _row(
        "BEHIND_PROXY",
        BOOLEAN,
        lambda _: "DYNO" in os.environ,
        "trust X-Forwarded-* of one proxy in front; true on Heroku",
    ),
)
