"""How the text of a setting becomes its value: each kind casts, or raises ValueError.

A kind is a pair: the reader, and in words what it allows. Standard library only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Kind = tuple[Callable[[str], Any], str]


def integer(low: int, high: int) -> Kind:
    """A whole number, both ends included."""

    def read(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return read, f"a whole number from {low} to {high}"


def choice(*names: str) -> Kind:
    """One of ``names``."""

    def read(text: str) -> str:
        if text not in names:
            raise ValueError(text)
        return text

    return read, "one of " + ", ".join(names)


def secret_text(least: int, hint: str = "") -> Kind:
    """Text of at least ``least`` characters, none of them a blank at an end."""

    def read(text: str) -> str:
        if len(text) < least or text != text.strip():
            raise ValueError(text)
        return text

    return read, f"at least {least} characters, no blank at either end{hint}"


def _fraction(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 1.0:
        raise ValueError(text)
    return value


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _database_url(text: str) -> str:
    """Heroku says ``postgres://``, which SQLAlchemy has refused since 1.4."""
    if text.startswith("postgres://"):
        text = "postgresql://" + text.removeprefix("postgres://")
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+")):
        raise ValueError(text)
    return text


def _begins_with(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text.startswith(schemes):
            raise ValueError(text)
        return text

    return read


def _web_address(text: str) -> str:
    address = urlsplit(text)
    # It is shown to browsers, password and all.
    if address.scheme not in ("http", "https") or not address.hostname or "@" in address.netloc:
        raise ValueError(text)
    return text


def _boolean(text: str) -> bool:
    try:
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
            text.lower()
        ]
    except KeyError:
        raise ValueError(text) from None


FRACTION: Kind = (_fraction, "a number from 0.1 to 1")
FOLDER: Kind = (_folder, "a folder that can be written")
DATABASE_URL: Kind = (
    _database_url,
    "sqlite:///… or postgresql://… (postgres:// is accepted)",
)
REDIS_URL: Kind = (_begins_with("redis://", "rediss://", "unix://"), "redis://… or rediss://…")
WEB_ADDRESS: Kind = (_web_address, "an address with http:// or https://, without a password")
BOOLEAN: Kind = (_boolean, "true or false")
TEXT: Kind = (str, "any text")
