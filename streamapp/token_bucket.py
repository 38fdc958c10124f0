"""A token bucket: how often something may happen, bursts allowed. Standard library only."""

from __future__ import annotations


class TokenBucket:
    """``rate`` tokens a second, ``capacity`` in store (a second's worth unless given).

    Pure: times are arguments, in seconds on any clock that does not go back. It starts full.
    """

    def __init__(self, rate: float, capacity: float | None = None) -> None:
        self._rate = rate
        self._capacity = rate if capacity is None else capacity
        self._tokens = self._capacity
        self._last: float | None = None

    def wait(self, now: float) -> float:
        """Seconds until there is a token to take; 0 if there is one now."""
        return max(0.0, (1 - self._filled(now)) / self._rate)

    def spend(self, now: float, tokens: int = 1) -> None:
        """Take ``tokens``, into debt if need be."""
        self._tokens = self._filled(now) - tokens

    def take(self, now: float) -> bool:
        """Take a token, if there is one."""
        if self._filled(now) < 1:
            return False
        self._tokens -= 1
        return True

    def _filled(self, now: float) -> float:
        if self._last is not None:
            gained = (now - self._last) * self._rate
            self._tokens = min(self._capacity, self._tokens + gained)
        self._last = now
        return self._tokens
