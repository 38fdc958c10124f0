"""No new webcam on a server that is going away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SOCKET_PATH = "/socket.io/"


class DrainGate:
    """WSGI middleware: answers Socket.IO handshakes with 503 while ``draining`` says so.

    A request that names its ``sid`` belongs to a client that is being let go, and passes.
    """

    def __init__(self, application: WSGIApplication, draining: Callable[[], bool]) -> None:
        self._application = application
        self._draining = draining

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """See PEP 3333."""
        if self._draining() and environ.get("PATH_INFO", "").startswith(_SOCKET_PATH):
            query = parse_qs(environ.get("QUERY_STRING", ""))
            if "sid" not in query:
                return _go_elsewhere(start_response)
        return self._application(environ, start_response)


def _go_elsewhere(start_response: StartResponse) -> Iterable[bytes]:
    message = "The server is going away for a moment. Connect again."
    body = json.dumps({"error": {"code": "unavailable", "message": message}}).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Retry-After", "2"),
        ("Connection", "close"),
    ]
    start_response("503 Service Unavailable", headers)
    return [body]
