"""How often things may be asked for: by address, and uploads also by owner. Flask-Limiter.

Several people may share an address (a school, a phone network) and cookies are free to get anew,
so an address may do more than an owner, and neither as much as it likes.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, g, request, session
from flask_limiter import Limiter, RequestLimit
from limits import RateLimitItem, RateLimitItemPerMinute

from streamapp.config import Settings
from streamapp.errors import TooManyRequests
from streamapp.limit_storage import BOUNDED_MEMORY, SHARED_OR_OWN

_UPLOADS = ("api.create", "views.receive")
_OWNERS_PER_ADDRESS = 5
# Links that are secrets: nobody who has one opens it so often.
SECRET_LINKS = ("/join/", "/watch/")
_SECRET_LINKS_PER_MINUTE = 60


@dataclass(frozen=True)
class Budget:
    """How much one key may have of something: the limit, and what it is called in a refusal."""

    item: RateLimitItem
    what: str
    key: str


class RateLimits:
    """Moving windows over Flask-Limiter's storage: take, or refuse with the time to wait."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        shared = bool(settings.redis_url)
        self._limiter = Limiter(
            key_func=requesting_network,
            app=app,
            application_limits=[f"{settings.requests_per_minute} per minute"],
            storage_uri=SHARED_OR_OWN if shared else BOUNDED_MEMORY,
            storage_options={"redis_url": settings.redis_url} if shared else {},
            strategy="moving-window",
            on_breach=_refuse,
        )
        self._limiter.request_filter(lambda: request.endpoint == "health.healthz")

    def wait(self, budgets: Sequence[Budget]) -> tuple[float, Budget]:
        """Seconds until all of ``budgets`` have something left, and the one that takes longest."""
        return max(((self._wait(budget), budget) for budget in budgets), key=lambda pair: pair[0])

    def _wait(self, budget: Budget) -> float:
        stats = self._limiter.limiter.get_window_stats(budget.item, budget.key)
        return max(0.01, stats.reset_time - time.time()) if stats.remaining < 1 else 0.0

    def take(self, budgets: Sequence[Budget]) -> None:
        """One from each of ``budgets``. Raises TooManyRequests, and then takes none."""
        seconds, budget = self.wait(budgets)
        if seconds > 0:
            raise refusal(budget.item.amount, budget.what, seconds)
        self.charge(budgets)

    def charge(self, budgets: Sequence[Budget], cost: int = 1) -> None:
        """Take ``cost`` from each of ``budgets``, or what is left of it."""
        limiter = self._limiter.limiter
        for budget in budgets:
            left = cost
            while left > 0 and not limiter.hit(budget.item, budget.key, cost=left):
                left = min(left - 1, limiter.get_window_stats(budget.item, budget.key).remaining)


def install_uploads(app: Flask, limits: RateLimits, per_minute: int) -> None:
    """Ask before an upload's body is read, so that a refused one costs next to nothing."""
    mine = RateLimitItemPerMinute(per_minute)
    everybodys = RateLimitItemPerMinute(per_minute * _OWNERS_PER_ADDRESS)

    def budgets() -> list[Budget]:
        """The owner's at its address (a program without a cookie has none), the address's."""
        network = requesting_network()
        owner = g.setdefault("limited_owner", session.get("owner"))
        return [
            Budget(mine, "files", f"upload/{network}/{owner}"),
            Budget(everybodys, "files", f"upload/{network}"),
        ]

    @app.before_request
    def _ask() -> None:
        if request.endpoint not in _UPLOADS or request.method != "POST":
            return
        limits.take(budgets())
        g.files_received = 0

    @app.after_request
    def _count(response: Response) -> Response:
        more = g.get("files_received", 0) - 1
        if more > 0:  # the first file of a form was counted before it came
            limits.charge(budgets(), more)
        return response


def install_secret_links(app: Flask, limits: RateLimits) -> None:
    """Slow down whoever tries links that are secrets."""
    item = RateLimitItemPerMinute(_SECRET_LINKS_PER_MINUTE)

    @app.before_request
    def _ask_for_links() -> None:
        if request.path.startswith(SECRET_LINKS):
            limits.take([Budget(item, "links", f"link/{requesting_network()}")])


def refusal(amount: int, what: str, seconds: float) -> TooManyRequests:
    """The error for whoever has used up ``amount`` of ``what`` and may again in ``seconds``."""
    seconds = max(1, math.ceil(seconds))
    message = f"At most {amount} {what} a minute are taken from you. Try again in {seconds} s."
    return TooManyRequests(message, seconds)


def _refuse(limit: RequestLimit) -> None:
    raise refusal(limit.limit.amount, "requests", limit.window.reset_time - time.time())


def requesting_network() -> str:
    """Who sent the current request, as far as limits tell senders apart."""
    return network_of(request.remote_addr or "") or "unknown"


def network_of(address: str) -> str:
    """The address; of IPv6 the /64 that one subscriber has (RFC 6177)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False))
