"""How many lines to Socket.IO one address may open, and hold: asked before a handshake costs."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from limits import RateLimitItemPerMinute

from streamapp.config import Settings
from streamapp.web.limits import Budget, RateLimits, network_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SOCKET_PATH = "/socket.io/"
# A page may be open in several tabs and windows, viewers come beside webcams; a whole school may
# have one address, so this only keeps one address from taking every line there is.
_LINES_PER_CLIENT = 4
_FULL_RETRY_SECONDS = 10


class SocketGate:
    """WSGI middleware: 429 for handshakes beyond the rate, and for websockets beyond the number.

    A polling request that names its ``sid`` belongs to a line that was let in, and passes.
    """

    def __init__(
        self, application: WSGIApplication, limits: RateLimits, settings: Settings
    ) -> None:
        self._application = application
        self._limits = limits
        self._per_minute = RateLimitItemPerMinute(settings.requests_per_minute)
        self._most = _LINES_PER_CLIENT * settings.max_clients
        self._open: Counter[str] = Counter()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """See PEP 3333."""
        if not environ.get("PATH_INFO", "").startswith(SOCKET_PATH):
            return self._application(environ, start_response)
        network = network_of(environ.get("REMOTE_ADDR", "")) or "unknown"
        if "sid" not in parse_qs(environ.get("QUERY_STRING", "")):
            budgets = [Budget(self._per_minute, "connections", f"connect/{network}")]
            seconds, _ = self._limits.wait(budgets)
            if seconds > 0:
                return _refuse(start_response, math.ceil(seconds))
            self._limits.charge(budgets)
        if environ.get("HTTP_UPGRADE", "").lower() != "websocket":
            return self._application(environ, start_response)
        return self._held(network, environ, start_response)

    def _held(
        self, network: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """A websocket's call returns when it has ended."""
        if self._open[network] >= self._most:
            return _refuse(start_response, _FULL_RETRY_SECONDS)
        self._open[network] += 1
        try:
            return self._application(environ, start_response)
        finally:
            self._open[network] -= 1
            if not self._open[network]:
                del self._open[network]


def _refuse(start_response: StartResponse, seconds: int) -> Iterable[bytes]:
    message = f"Too many connections from your address. Try again in {seconds} s."
    body = json.dumps({"error": {"code": "rate_limited", "message": message}}).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Retry-After", str(seconds)),
    ]
    start_response("429 Too Many Requests", headers)
    return [body]
