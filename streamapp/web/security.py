"""What protects visitors: headers for their browser, and no to what other sites' pages send.

Requests that change something must not come from another site's page. Every browser marks what
a page sends: with ``Sec-Fetch-Site`` on https and localhost, with ``Origin`` everywhere. A program
sends neither and acts for nobody but itself. So no token has to be carried by forms, which also
work without a cookie then. https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from streamapp.errors import CrossSiteRequest

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
    "img-src 'self' blob: data:{pictures}; media-src 'self' blob:; connect-src 'self'; "
    "worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# What our pages use, for themselves only; nothing for whoever might be embedded.
_PERMISSIONS = (
    "camera=(self), display-capture=(self), fullscreen=(self), screen-wake-lock=(self), "
    "microphone=(), geolocation=(), payment=(), usb=()"
)


def install(app: Flask, picture_origin: str | None = None) -> None:
    """Refuse other sites' requests, send the headers, hand ``csp_nonce`` to every template.

    ``picture_origin`` is where pictures are served if not by us.
    """
    pictures = f" {picture_origin}" if picture_origin else ""

    @app.before_request
    def _refuse_other_sites() -> None:
        if request.method not in _SAFE_METHODS and _from_another_site():
            raise CrossSiteRequest(
                "This request was sent by a page of another site, which may not act in your name. "
                "Use the pages of this site, or a program."
            )

    @app.context_processor
    def _nonce() -> dict[str, str]:
        return {"csp_nonce": _current_nonce()}

    @app.after_request
    def _protect(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = _POLICY.format(
            nonce=_current_nonce(), pictures=pictures
        )
        headers["Permissions-Policy"] = _PERMISSIONS
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["X-Frame-Options"] = "DENY"  # for browsers older than frame-ancestors
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if request.is_secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        return response


def _from_another_site() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    # The host alone: a proxy that ends https may not tell us the scheme. "null" has no host.
    return origin is not None and origin.partition("://")[2].lower() != request.host.lower()


def _current_nonce() -> str:
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce
