"""Large blobs copied a piece at a time, so that other threads get their turn at the GIL."""

from __future__ import annotations

import io
from collections.abc import Iterable

_COPIED_BYTES = 500_000


def joined(parts: Iterable[bytes | memoryview]) -> bytes:
    """All ``parts``, one after the other."""
    file = io.BytesIO()
    for part in parts:
        for start in range(0, len(part), _COPIED_BYTES):
            file.write(part[start : start + _COPIED_BYTES])
    return file.getvalue()
