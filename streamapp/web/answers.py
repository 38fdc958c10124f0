"""Shapes of HTTP answers: an image as JSON, an error as JSON or page, a request's id."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, Response, g, jsonify, render_template, request, url_for
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from streamapp.errors import (
    CrossSiteRequest,
    InputError,
    StreamappError,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from streamapp.models import ImageRecord

log = logging.getLogger(__name__)

# A client that is cut off while it still sends never reads why. So what it sends is read to the
# end, up to here, and thrown away.
_DISCARD_BYTES = 100_000_000
_RETRY_AFTER_SECONDS = 5
_REQUEST_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_NOT_FOUND = "There is nothing at this address. It may have been deleted, or mistyped."
_CODES = {400: "invalid_request", 404: "not_found", 405: "method_not_allowed"}


def image_json(record: ImageRecord, expires_at: datetime | None) -> dict[str, Any]:
    """The contract's shape of an image; it is deleted by itself at ``expires_at``."""
    return {
        "id": record.id,
        "filename": record.filename,
        "created_at": _rfc3339(record.created_at),
        "expires_at": _rfc3339(expires_at) if expires_at else None,
        "width": record.width,
        "height": record.height,
        "detector": record.detector,
        "count": record.count,
        "faces": [{"box": list(f.box), "confidence": f.confidence} for f in record.faces],
        "original_url": url_for("api.original", image_id=record.id),
        "annotated_url": url_for("api.annotated", image_id=record.id),
        "thumbnail_url": (
            url_for("api.thumbnail", image_id=record.id) if record.thumbnail_key else None
        ),
    }


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def install(app: Flask, too_many_bytes: Callable[[int], StreamappError]) -> None:
    """Give every request an id and every error one shape."""

    @app.before_request
    def _identify() -> None:
        # Heroku's router sends one; a hostile one must not write into the log or the page.
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)

    @app.after_request
    def _name_request(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        return response

    @app.errorhandler(StreamappError)
    def _ours(error: StreamappError) -> Response:
        if not isinstance(error, InputError):
            # An outage would fill the log with traces that all say the same: the cause is enough.
            cause = str(error.__cause__ or "").partition("\n")[0]
            log.warning("request %s: %s (%s)", g.request_id, error.message, cause or error.code)
        if isinstance(error, CrossSiteRequest | TooManyRequests | Unauthorized):
            _discard_body()  # refused before anything of it was read
        response = _answer(error.status, error.code, error.message)
        response.headers.update(_headers(error))
        return response

    @app.errorhandler(RequestEntityTooLarge)
    def _too_large(_error: RequestEntityTooLarge) -> Response:
        answer = _what_was_too_large(app.config["MAX_CONTENT_LENGTH"], too_many_bytes)
        _discard_body()
        return _answer(*answer)

    @app.errorhandler(HTTPException)
    def _foreign(error: HTTPException) -> Response:
        status = error.code or 500
        code = _CODES.get(status, (error.name or "error").lower().replace(" ", "_"))
        message = _NOT_FOUND if status == 404 else error.description or error.name
        return _answer(status, code, message)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        log.error("request %s failed", g.get("request_id"), exc_info=error)
        message = "Something went wrong on the server. Try again; tell us the request id."
        return _answer(500, "internal_error", message)


def _what_was_too_large(
    limit: int, too_many_bytes: Callable[[int], StreamappError]
) -> tuple[int, str, str]:
    """Status, code and message; ``limit`` is that of routes that take no files."""
    length, most = request.content_length, request.max_content_length or 0
    if length is not None and length <= most:
        message = "The form has too many fields, or too large ones."
    elif most == limit:
        message = f"The request is too large; at most {limit} bytes are allowed here."
    else:
        error = too_many_bytes(length or 0)
        return error.status, error.code, error.message
    return 413, "invalid_request", message


def _headers(error: StreamappError) -> dict[str, str]:
    """What the error says beside its status."""
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": 'Bearer realm="streamapp"'}
    return {}


def _answer(status: int, code: str, message: str) -> Response:
    """One JSON shape for programs, the same three facts on a page for people."""
    error = {"code": code, "message": message, "request_id": g.get("request_id", "")}
    if wants_page():
        response = Response(render_template("error.html", error=error, status=status))
    else:
        response = jsonify(error=error)
    response.status_code = status
    if status == Unavailable.status:
        response.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
    return response


def wants_page() -> bool:
    """Whether a browser asks: it names text/html, and the API always answers JSON."""
    accepted = request.accept_mimetypes
    return not request.path.startswith("/api/") and accepted.quality(
        "text/html"
    ) > accepted.quality("application/json")


def _discard_body() -> None:
    # `intake` has put a stream there that lets others run between pieces.
    stream = request.environ["wsgi.input"]
    left = min(_DISCARD_BYTES, request.content_length or 0)
    while left > 0:
        chunk = stream.read(min(65536, left))
        if not chunk:
            return
        left -= len(chunk)
