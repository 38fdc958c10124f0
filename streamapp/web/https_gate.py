"""Plain http is answered with the same address on https, where a proxy speaks both."""

from __future__ import annotations

import ipaddress
import string
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug.sansio.utils import get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Asked by supervisors from within, where nothing speaks https.
_OPEN_PATHS = ("/healthz", "/readyz")


class HttpsGate:
    """WSGI middleware below ProxyFix: 308 where the proxy says that the visitor came by http.

    A proxy that says nothing of it may end https without telling; redirecting would go in circles.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """See PEP 3333."""
        if (
            environ["wsgi.url_scheme"] == "https"
            or "HTTP_X_FORWARDED_PROTO" not in environ
            or environ.get("PATH_INFO") in _OPEN_PATHS
            or _is_loopback(environ.get("REMOTE_ADDR", ""))
        ):
            return self._application(environ, start_response)
        headers = [("Location", _secure_address(environ)), ("Content-Length", "0")]
        start_response("308 Permanent Redirect", headers)
        return []


def _secure_address(environ: WSGIEnvironment) -> str:
    host = get_host("https", environ.get("HTTP_HOST"), (environ["SERVER_NAME"], 443))
    # WSGI hands over the path's bytes as Latin-1, unquoted; the query as it came.
    path = quote(environ.get("PATH_INFO", "/").encode("latin-1"))
    query = quote(environ.get("QUERY_STRING", "").encode("latin-1"), safe=string.punctuation)
    return f"https://{host}{path}{'?' + query if query else ''}"


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
