"""How late the hub is: the lag of a task that only sleeps.

Whatever holds up the one thread that serves everybody holds up this task as well. Started by
``gunicorn.conf.py`` in the worker.
"""

from __future__ import annotations

import time
from collections.abc import Callable

_BEAT_SECONDS = 0.1


def beat(observe: Callable[[float], None], sleep: Callable[[float], None] = time.sleep) -> None:
    """For ever: sleep, and tell ``observe`` how many seconds later than asked it woke."""
    while True:
        began = time.perf_counter()
        sleep(_BEAT_SECONDS)
        observe(max(0.0, time.perf_counter() - began - _BEAT_SECONDS))
