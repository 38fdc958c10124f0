"""The optional door: one password for pages, API and Socket.IO, kept shut against guessing.

Who may come in shows the password once (a cookie then stands for it) or with every request
(``Authorization: Bearer …``, or ``auth: {"password": …}`` at a Socket.IO handshake). Watch and
join links carry a secret of their own and are let through to whoever checks that.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections import OrderedDict
from typing import Any

from flask import Blueprint, Flask, Response, redirect, render_template, request, session, url_for
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from werkzeug.wrappers import Response as AnyResponse

from streamapp.config import Settings
from streamapp.errors import InputError, TooManyRequests, Unauthorized
from streamapp.web.answers import wants_page
from streamapp.web.limits import SECRET_LINKS, Budget, RateLimits, requesting_network

_OPEN_ENDPOINTS = frozenset(
    {"static", "health.healthz", "health.readyz", "door.login", "door.enter", "door.leave"}
)
_OPEN_BLUEPRINTS = ("installable",)  # what a browser fetches without cookies; nothing of anybody's
_COOKIE_SECONDS = 30 * 24 * 3600
_WRONG_PER_MINUTE = 10  # from one address
_WRONG_PER_HOUR = 300  # from all addresses together
_PROVEN_ADDRESSES = 1000
# A path of ours; "//host" and "/\\host" are addresses of somebody else.
_OWN_PATH = re.compile(r"/(?![/\\])[^\r\n\t]*")
_MESSAGE = "A password is needed here."
_WRONG = "That is not the password."


class Door:
    """Knows the password; tells who has shown it, and for how long that counts."""

    def __init__(self, settings: Settings, limits: RateLimits) -> None:
        self.locked = bool(settings.access_password)
        self._limits = limits
        self._password = _digest(settings.access_password)
        # In the cookie, which visitors can read: without SECRET_KEY it tells nothing of the
        # password, and it changes with either, which logs everybody out.
        self._pass = hmac.new(
            settings.secret_key.encode(), b"door:" + self._password, hashlib.sha256
        ).hexdigest()
        self._proven: OrderedDict[str, None] = OrderedDict()

    def has_cookie(self) -> bool:
        """Whether the current visitor's cookie stands for today's password."""
        shown, since = session.get("door"), session.get("door_since")
        if not isinstance(shown, str) or not isinstance(since, int):
            return False
        ours = hmac.compare_digest(shown.encode(), self._pass.encode())
        return ours and 0 <= time.time() - since < _COOKIE_SECONDS

    def admit(self) -> None:
        """Let the current visitor in from now on."""
        session.permanent = True
        session["door"], session["door_since"] = self._pass, int(time.time())

    def knows(self, password: str) -> bool:
        """Whether this is the password. Raises TooManyRequests after too many wrong ones.

        The right one is refused then, too: it could be the next guess. An address that has shown
        it before suffers from its own mistakes only, not from everybody's.
        """
        network = requesting_network()
        own = Budget(RateLimitItemPerMinute(_WRONG_PER_MINUTE), "", f"door/{network}")
        all_ = Budget(RateLimitItemPerHour(_WRONG_PER_HOUR), "", "door")
        budgets = [own] if network in self._proven else [own, all_]
        seconds, _ = self._limits.wait(budgets)
        if seconds > 0:
            wait = int(seconds) + 1
            raise TooManyRequests(f"Too many wrong passwords. Try again in {wait} s.", wait)
        if not hmac.compare_digest(_digest(password), self._password):
            self._limits.charge(budgets)
            return False
        self._proven[network] = None
        self._proven.move_to_end(network)
        if len(self._proven) > _PROVEN_ADDRESSES:
            self._proven.popitem(last=False)
        return True

    def admits(self, auth: object = None) -> bool:
        """Whether the current request may come in. ``auth``: what came with a handshake.

        Raises TooManyRequests.
        """
        if not self.locked or self.has_cookie():
            return True
        bearer = request.authorization
        if bearer is not None and bearer.type == "bearer" and bearer.token:
            return self.knows(bearer.token)
        given = auth.get("password") if isinstance(auth, dict) else None
        return isinstance(given, str) and self.knows(given)

    def refuse_handshake(self, auth: object) -> None:
        """Raise Unauthorized or TooManyRequests unless this handshake of Socket.IO may come in."""
        if not self.admits(auth):
            raise Unauthorized(_MESSAGE)


def install(app: Flask, door: Door) -> None:
    """Ask at every request that is not open to all, and add the pages to show the password."""
    app.register_blueprint(_pages(door))

    @app.context_processor
    def _leaving() -> dict[str, bool]:
        return {"may_log_out": door.locked and bool(request) and door.has_cookie()}

    if not door.locked:
        return

    @app.before_request
    def _ask() -> AnyResponse | None:
        if _is_open() or door.admits():
            return None
        if wants_page() and request.method in ("GET", "HEAD"):
            return redirect(url_for("door.login", next=_here()), 303)
        raise Unauthorized(f"{_MESSAGE} Send it as a bearer token, or log in at /login.")

    @app.after_request
    def _keep_nothing(response: Response) -> Response:
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _pages(door: Door) -> Blueprint:
    pages = Blueprint("door", __name__)

    def page(error: InputError | None = None) -> str:
        return render_template("login.html", error=error, next=_next())

    @pages.get("/login")
    def login() -> str | AnyResponse:
        if door.admits():
            return redirect(_next(), 303)
        return page()

    @pages.post("/login")
    def enter() -> AnyResponse | tuple[str, int, dict[str, str]]:
        try:
            if door.locked and not door.knows(request.form.get("password", "")):
                return page(Unauthorized(_WRONG)), 401, {}
        except TooManyRequests as error:
            return page(error), error.status, {"Retry-After": str(error.retry_after)}
        if door.locked:
            door.admit()
        return redirect(_next(), 303)

    @pages.post("/logout")
    def leave() -> AnyResponse:
        session.pop("door", None)
        session.pop("door_since", None)
        return redirect(url_for("door.login"), 303)

    return pages


def _is_open() -> bool:
    return (
        request.endpoint in _OPEN_ENDPOINTS
        or request.blueprint in _OPEN_BLUEPRINTS
        or request.path.startswith(SECRET_LINKS)  # exempt by the token in their address
    )


def _here() -> str | None:
    path = request.full_path.rstrip("?")
    return None if path == "/" else path


def _next() -> str:
    """Where to after the door; never to another site."""
    wanted: Any = request.values.get("next", "")
    return wanted if _OWN_PATH.fullmatch(wanted) else url_for("views.live")


def _digest(password: str) -> bytes:
    """Of one length whatever the password's, so that comparing takes one time."""
    return hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()
