"""Where rate limits are counted: in this process within bounds, or in Redis for several.

Flask-Limiter's own memory looks through all its keys after every hit, on the thread that serves
everybody, and has no bound; and it gives up a whole request where Redis is lost. So these two.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TypeVar

from limits.storage import MovingWindowSupport, RedisStorage, Storage

from streamapp.absence import Absence, tls_options

T = TypeVar("T")

# Addresses by which Flask-Limiter finds the two classes.
BOUNDED_MEMORY = "bounded-memory://"
SHARED_OR_OWN = "shared-or-own://"
# A request waits at most so long for a Redis that does not answer, and then for this time none.
_REDIS_SECONDS = 0.5
_LEFT_ALONE_SECONDS = 5.0
_MOST_HITS = 200_000  # remembered in all; about 12 MB


class _MovingWindows(Storage, MovingWindowSupport):
    """What both have in common: only moving windows are kept, no plain counters."""

    STORAGE_SCHEME: list[str] | None = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """What `limits` may wrap: nothing of ours is raised."""
        return ValueError

    def incr(self, _key: str, _expiry: int, _amount: int = 1) -> int:
        raise NotImplementedError("only moving windows are kept")

    def get(self, _key: str) -> int:
        raise NotImplementedError("only moving windows are kept")

    def get_expiry(self, _key: str) -> float:
        raise NotImplementedError("only moving windows are kept")


class BoundedMemory(_MovingWindows):
    """Hits of the last window of each key; those of the keys used longest ago are forgotten first.

    Every call costs the same however many keys there are, but for what it forgets.
    """

    STORAGE_SCHEME = ["bounded-memory"]  # noqa: RUF012  # declared so by the base

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,
        clock: Callable[[], float] = time.time,
        most_hits: int = _MOST_HITS,
    ) -> None:
        super().__init__(uri, wrap_exceptions)
        self._clock = clock
        self._most = most_hits
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()
        self._total = 0
        self._lock = threading.Lock()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count ``amount`` hits if ``limit`` in ``expiry`` seconds allows them."""
        with self._lock:
            hits = self._recent(key, expiry)
            if len(hits) + amount > limit:
                return False
            hits.extend([self._clock()] * amount)
            self._total += amount
            while self._total > self._most and len(self._hits) > 1:
                self._total -= len(self._hits.popitem(last=False)[1])
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:  # noqa: ARG002
        """When the oldest hit that counts was made (now if none), and how many there are."""
        with self._lock:
            hits = self._recent(key, expiry)
            return (hits[0] if hits else self._clock()), len(hits)

    def _recent(self, key: str, expiry: int) -> deque[float]:
        hits = self._hits.setdefault(key, deque())
        self._hits.move_to_end(key)
        since = self._clock() - expiry
        while hits and hits[0] <= since:
            hits.popleft()
            self._total -= 1
        return hits

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forget everything; returns the keys forgotten."""
        with self._lock:
            keys, self._total = len(self._hits), 0
            self._hits.clear()
            return keys

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._total -= len(self._hits.pop(key, ()))


class SharedOrOwn(_MovingWindows):
    """Redis, counted by all processes; while it is lost, this process counts for itself.

    A limit is then as many times as wide as there are processes, and no request fails.
    """

    STORAGE_SCHEME = ["shared-or-own"]  # noqa: RUF012

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, *, redis_url: str
    ) -> None:
        super().__init__(uri, wrap_exceptions)
        self._shared = RedisStorage(
            redis_url.replace("unix://", "redis+unix://", 1),
            socket_timeout=_REDIS_SECONDS,
            socket_connect_timeout=_REDIS_SECONDS,
            **tls_options(redis_url),
        )
        self._own = BoundedMemory()
        self._absence = Absence(
            _LEFT_ALONE_SECONDS,
            "Rate limits are counted here only: Redis is lost",
            "Rate limits are shared again",
            time.monotonic,
        )

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """See BoundedMemory."""
        return self._asked(lambda store: store.acquire_entry(key, limit, expiry, amount))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """See BoundedMemory."""
        return self._asked(lambda store: store.get_moving_window(key, limit, expiry))

    def check(self) -> bool:
        """Whether Redis answers."""
        return bool(self._shared.check())

    def reset(self) -> int | None:
        """Forget what this process counted."""
        return self._own.reset()

    def clear(self, key: str) -> None:
        """Forget one key, as far as it can be reached."""
        self._asked(lambda store: store.clear(key))

    def _asked(self, ask: Callable[[RedisStorage | BoundedMemory], T]) -> T:
        return self._absence.ask(lambda: ask(self._shared), lambda: ask(self._own))
