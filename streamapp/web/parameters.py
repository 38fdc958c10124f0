"""Query parameters: each is declared once, read by the routes and described by OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from flask import request

from streamapp.errors import InvalidParameter

T = TypeVar("T")

MAX_PAGE, PAGE = 100, 20
MAX_IDS = 100
ID_PATTERN = "[0-9a-f]{32}"
# RFC 3339. An offset's "+" that was not escaped in the address arrives as a space.
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[-+ ]\d\d:\d\d)", re.ASCII
)


@dataclass(frozen=True)
class Query(Generic[T]):
    """One parameter. ``read`` casts its text or raises ValueError; ``allowed`` is for people."""

    name: str
    schema: dict[str, Any]
    description: str
    allowed: str
    read: Callable[[str], T]
    default: T

    def value(self) -> T:
        """What this request gives it. Raises InvalidParameter."""
        text = request.args.get(self.name)
        if text is None:
            return self.default
        try:
            return self.read(text)
        except ValueError:
            raise InvalidParameter(
                f"{self.name} is {text!r:.40}; allowed: {self.allowed}."
            ) from None


def _page_size(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_PAGE):
        raise ValueError(text)
    return int(text[:9])


def _id(text: str) -> str:
    if not re.fullmatch(ID_PATTERN, text):
        raise ValueError(text)
    return text


def _ids(text: str) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(_id(part) for part in text.split(",")))
    if len(ids) > MAX_IDS:
        raise ValueError(text)
    return ids


def _moment(text: str) -> datetime:
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    try:
        return datetime.fromisoformat(text.upper().replace(" ", "+")).astimezone(UTC)
    except OverflowError as error:  # an offset that leads before year 1 or after 9999
        raise ValueError(text) from error


def _per(text: str) -> str:
    if text not in ("sample", "minute"):
        raise ValueError(text)
    return text


LIMIT = Query(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE},
    "How many images at most.",
    f"a whole number from 1 to {MAX_PAGE}",
    _page_size,
    PAGE,
)
BEFORE: Query[str | None] = Query(
    "before",
    {"type": "string", "pattern": f"^{ID_PATTERN}$"},
    "Only images older than the one of yours with this id; `next` holds it.",
    "the id of one of your images",
    _id,
    None,
)
_MOMENT_SCHEMA = {"type": "string", "format": "date-time"}
_MOMENT_ALLOWED = "a moment such as 2026-11-23T12:00:00Z (RFC 3339)"
SINCE: Query[datetime | None] = Query(
    "since", _MOMENT_SCHEMA, "Only images of this moment or later.", _MOMENT_ALLOWED, _moment, None
)
UNTIL: Query[datetime | None] = Query(
    "until", _MOMENT_SCHEMA, "Only images older than this moment.", _MOMENT_ALLOWED, _moment, None
)
SESSION_LIMIT = replace(LIMIT, description="How many sessions at most.")
SESSION_BEFORE = replace(
    BEFORE,
    description="Only sessions older than the one of yours with this id; `next` holds it.",
    allowed="the id of one of your sessions",
)
PER = Query(
    "per",
    {"type": "string", "enum": ["sample", "minute"], "default": "sample"},
    "Every sample, or what each minute's samples come to.",
    "sample or minute",
    _per,
    "sample",
)
IDS: Query[tuple[str, ...]] = Query(
    "ids",
    {"type": "string", "pattern": f"^{ID_PATTERN}(,{ID_PATTERN}){{0,{MAX_IDS - 1}}}$"},
    "Which images, by id with commas between; all of yours unless given.",
    f"up to {MAX_IDS} ids with commas between",
    _ids,
    (),
)
DOWNLOAD = Query(
    "download",
    {"type": "string"},
    "Have a browser save the picture under a name, instead of showing it.",
    "anything",
    lambda _text: True,
    False,
)
