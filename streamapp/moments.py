"""Moments as counts have them: milliseconds since 1970, UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """The present moment."""
    return time.time_ns() // 1_000_000


def iso(moment: int) -> str:
    """Milliseconds since 1970 as ISO 8601 in UTC, with milliseconds."""
    whole, rest = divmod(moment, 1000)
    exact = datetime.fromtimestamp(whole, UTC).replace(microsecond=rest * 1000)
    return exact.isoformat(timespec="milliseconds").replace("+00:00", "Z")
