"""Headers that tell the browser what these pages never do."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; "
    "worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def install(app: Flask) -> None:
    """Send the headers with every answer and hand ``csp_nonce`` to every template."""

    @app.context_processor
    def _nonce() -> dict[str, str]:
        return {"csp_nonce": _current_nonce()}

    @app.after_request
    def _protect(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = _POLICY.format(nonce=_current_nonce())
        headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        if request.is_secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return response


def _current_nonce() -> str:
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce
