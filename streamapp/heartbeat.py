"""What a worker does again and again; started by ``gunicorn.conf.py``."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

# Each beat wakes a processor that slept; ten a second were most of what an idle server did.
_BEAT_SECONDS = 0.5


def beat(observe: Callable[[float], None], sleep: Callable[[float], None] = time.sleep) -> None:
    """For ever: sleep, and tell ``observe`` how many seconds later than asked it woke.

    Whatever holds up the one thread that serves everybody holds up this task as well.
    """
    while True:
        began = time.perf_counter()
        sleep(_BEAT_SECONDS)
        observe(max(0.0, time.perf_counter() - began - _BEAT_SECONDS))


def every(
    seconds: float, work: Callable[[], object], sleep: Callable[[float], None] = time.sleep
) -> None:
    """For ever: sleep, and do ``work``; what fails is logged and done again."""
    while True:
        sleep(seconds)
        try:
            work()
        except Exception:
            log.exception("%s failed", getattr(work, "__qualname__", work))
