"""Shapes of sessions and their counts: JSON, CSV, minutes; long ones are made while sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from flask import url_for

from streamapp.models import Sample, SessionRecord
from streamapp.moments import iso

_MINUTE_MS = 60_000


class Minute(NamedTuple):
    """One minute's samples. ``start``: milliseconds since 1970."""

    start: int
    min: int
    mean: float
    max: int
    samples: int


def session_json(record: SessionRecord) -> dict[str, Any]:
    """The contract's shape of a session."""
    return {
        "id": record.id,
        "name": record.name,
        "started_at": iso(record.started_at),
        "ended_at": None if record.ended_at is None else iso(record.ended_at),
        "running": record.ended_at is None,
        "peak": record.peak,
        "tracks_seen": record.tracks_seen,
        "average": round(record.average, 2),
        "counts_csv_url": url_for("session_api.counts_csv", session_id=record.id),
        "counts_json_url": url_for("session_api.counts_json", session_id=record.id),
    }


def minutes(pages: Iterable[list[Sample]]) -> Iterator[list[Minute]]:
    """Each page's samples by the minute; a minute that two pages share comes whole, once."""
    start, counts = 0, list[int]()
    for page in pages:
        done = []
        for at, count in page:
            minute = at - at % _MINUTE_MS
            if counts and minute != start:
                done.append(_minute(start, counts))
                counts = []
            start = minute
            counts.append(count)
        yield done
    if counts:
        yield [_minute(start, counts)]


def csv_of_samples(pages: Iterable[list[Sample]]) -> Iterator[bytes]:
    """A table ``time,count`` (RFC 4180), moments in ISO 8601."""
    yield b"time,count\r\n"
    for page in pages:
        yield "".join(f"{iso(at)},{count}\r\n" for at, count in page).encode()


def csv_of_minutes(pages: Iterable[list[Sample]]) -> Iterator[bytes]:
    """A table ``start,min,mean,max,samples`` (RFC 4180)."""
    yield b"start,min,mean,max,samples\r\n"
    for buckets in minutes(pages):
        yield "".join(
            f"{iso(b.start)},{b.min},{b.mean},{b.max},{b.samples}\r\n" for b in buckets
        ).encode()


def json_of_samples(session_id: str, pages: Iterable[list[Sample]]) -> Iterator[bytes]:
    """``{"id", "samples": [[ms, count], …]}``."""
    return _json(session_id, "samples", pages)


def json_of_minutes(session_id: str, pages: Iterable[list[Sample]]) -> Iterator[bytes]:
    """``{"id", "minutes": [{"start", "min", "mean", "max", "samples"}, …]}``."""
    return _json(session_id, "minutes", ([b._asdict() for b in page] for page in minutes(pages)))


def _json(session_id: str, name: str, pages: Iterable[list[Any]]) -> Iterator[bytes]:
    yield f'{{"id":"{session_id}","{name}":['.encode()
    comma = ""
    for page in pages:
        if page:
            yield (comma + json.dumps(page, separators=(",", ":"))[1:-1]).encode()
            comma = ","
    yield b"]}"


def _minute(start: int, counts: list[int]) -> Minute:
    mean = round(sum(counts) / len(counts), 2)
    return Minute(start, min(counts), mean, max(counts), len(counts))
