"""Redis may be lost in mid-run: what is asked of it then is done without it, for a while."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Any, TypeVar

from redis.exceptions import RedisError

log = logging.getLogger(__name__)
T = TypeVar("T")


def tls_options(url: str) -> dict[str, Any]:
    """What a client needs for ``url``: on Heroku certificates are signed by themselves.

    Elsewhere they are checked, unless the address itself says ``?ssl_cert_reqs=none``: what it
    says goes before what is said here.
    """
    return {"ssl_cert_reqs": "none"} if url.startswith("rediss://") and "DYNO" in os.environ else {}


class Absence:
    """Leaves what failed alone for some ``seconds``, and says once that it is lost, once that it
    is back. ``lost`` and ``back`` are how the log puts it."""

    def __init__(self, seconds: float, lost: str, back: str, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lost = lost
        self._back = back
        self._clock = clock
        self._until = 0.0

    def ask(self, call: Callable[[], T], otherwise: Callable[[], T]) -> T:
        """``call()``, or ``otherwise()`` while Redis is lost."""
        if self._clock() < self._until:
            return otherwise()
        try:
            answer = call()
        except (RedisError, OSError) as error:
            if not self._until:
                log.warning("%s (%s)", self._lost, error)
            self._until = self._clock() + self._seconds
            return otherwise()
        if self._until:
            log.warning("%s", self._back)
            self._until = 0.0
        return answer
