"""Moments as counts have them: milliseconds since 1970, UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime

_DAY_MS = 86_400_000


def now_ms() -> int:
    """The present moment."""
    return time.time_ns() // 1_000_000


def days_before(now: int, days: int) -> int:
    """``days`` before ``now``; 0, before everything, where ``days`` is 0: kept for ever."""
    return now - days * _DAY_MS if days else 0


def iso(moment: int) -> str:
    """Milliseconds since 1970 as ISO 8601 in UTC, with milliseconds."""
    whole, rest = divmod(moment, 1000)
    exact = datetime.fromtimestamp(whole, UTC).replace(microsecond=rest * 1000)
    return exact.isoformat(timespec="milliseconds").replace("+00:00", "Z")
