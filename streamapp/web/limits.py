"""How often uploads are taken: token buckets for each owner at each address."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import Flask, Response, g, request, session

from streamapp.errors import TooManyRequests
from streamapp.token_bucket import TokenBucket

_UPLOADS = ("api.create", "views.receive")
# Several people may share an address (a school, a phone network); cookies are free to get anew.
_OWNERS_PER_ADDRESS = 5
_MOST_BUCKETS = 10_000


class RateLimiter:
    """``per_minute`` steadily, as many at once, for each key.

    A bucket fills again with time, whether or not it is looked at; those used longest ago are
    forgotten first, so memory is bounded.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[Hashable, TokenBucket] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: Hashable) -> float:
        """Seconds until `take` has something to take; 0 if it has now."""
        with self._lock:
            return self._bucket(key).wait(self._clock())

    def take(self, key: Hashable, tokens: int = 1) -> None:
        """Take, into debt if need be: what was let in is counted whole."""
        with self._lock:
            self._bucket(key).spend(self._clock(), tokens)

    def _bucket(self, key: Hashable) -> TokenBucket:
        fresh = TokenBucket(self._per_minute / 60, self._per_minute)
        bucket = self._buckets.setdefault(key, fresh)
        self._buckets.move_to_end(key)
        while len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return bucket


def install(app: Flask, per_minute: int) -> None:
    """Ask before an upload's body is read, so that a refused one costs next to nothing."""
    owners = RateLimiter(per_minute)
    addresses = RateLimiter(per_minute * _OWNERS_PER_ADDRESS)

    @app.before_request
    def _ask() -> None:
        if request.endpoint not in _UPLOADS or request.method != "POST":
            return
        owner, address = _keys()
        seconds = max(owners.wait(owner), addresses.wait(address))
        if seconds > 0:
            raise TooManyRequests(
                f"At most {per_minute} files a minute are taken from you. "
                f"Try again in {math.ceil(seconds)} s.",
                math.ceil(seconds),
            )
        owners.take(owner)
        addresses.take(address)
        g.files_received = 0

    @app.after_request
    def _count(response: Response) -> Response:
        more = g.get("files_received", 0) - 1
        if more > 0:  # the first file of a form was counted before it came
            owner, address = _keys()
            owners.take(owner, more)
            addresses.take(address, more)
        return response


def network_of(address: str) -> str:
    """The address; of IPv6 the /64 that one subscriber has (RFC 6177)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False))


def _keys() -> tuple[Hashable, Hashable]:
    """Who asks: the owner at its address (a program without a cookie has none), the address."""
    address = network_of(request.remote_addr or "")
    return (g.setdefault("limited_owner", session.get("owner")), address), address
