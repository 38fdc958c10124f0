"""Pages of sessions, watching and joining."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import segno
from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from streamapp.links import JOIN_MS, LinkService
from streamapp.sessions import SessionService, clean_name
from streamapp.web.answers import wants_page
from streamapp.web.language import in_page_language
from streamapp.web.owner import become, current_owner
from streamapp.web.parameters import SESSION_BEFORE
from streamapp.web.session_answers import session_json

R = TypeVar("R", bound=AnyResponse)

_PAGE = 24


def blueprint(sessions: SessionService, links: LinkService, admit: Callable[[], None]) -> Blueprint:
    """The routes. ``admit`` lets a device that joins in where a password is asked for."""
    pages = Blueprint("session_pages", __name__)
    _add_sessions(pages, sessions)
    _add_watching(pages, links)
    _add_joining(pages, links, admit)
    return pages


def _add_sessions(pages: Blueprint, sessions: SessionService) -> None:
    @pages.get("/sessions")
    def index() -> str:
        records = sessions.of_owner(current_owner().id, _PAGE + 1, SESSION_BEFORE.value())
        shown = records[:_PAGE]
        more = len(records) > len(shown)
        return render_template(
            "sessions.html",
            sessions=[session_json(record) for record in shown],
            following=url_for("session_pages.index", before=shown[-1].id) if more else None,
        )

    @pages.get("/sessions/<session_id>")
    def show(session_id: str) -> str:
        record = sessions.get(session_id, current_owner().id)
        return render_template("session.html", record=session_json(record))

    @pages.post("/sessions/<session_id>/rename")
    def rename(session_id: str) -> AnyResponse:
        name = clean_name(request.form.get("name", ""))
        sessions.rename(session_id, current_owner().id, name)
        return redirect(url_for("session_pages.show", session_id=session_id), 303)

    @pages.post("/sessions/<session_id>/delete")
    def delete(session_id: str) -> AnyResponse:
        sessions.delete(session_id, current_owner().id)
        flash(in_page_language("The session and its counts are deleted."))
        return redirect(url_for("session_pages.index"), 303)


def _add_watching(pages: Blueprint, links: LinkService) -> None:
    @pages.get("/watch/<token>")
    def watch(token: str) -> Response:
        page = render_template("watch.html", token=token, name=links.watched(token).name)
        return _secret(Response(page))

    @pages.get("/wall")
    def wall() -> str:
        current_owner()  # the wall is this owner's: its cookie comes before it connects
        return render_template("wall.html")


def _add_joining(pages: Blueprint, links: LinkService, admit: Callable[[], None]) -> None:
    @pages.post("/join")
    def invite() -> tuple[Response, int]:
        token = links.make_join(current_owner().id)
        address = url_for("session_pages.joining", token=token, _external=True)
        invitation = {"url": address, "seconds": JOIN_MS // 1000, "qr": _picture(address)}
        if wants_page():
            return _secret(Response(render_template("invite.html", **invitation))), 201
        return _secret(jsonify(invitation)), 201

    # A look at the link, as previews of messengers take one, does not use it up.
    @pages.get("/join/<token>")
    def joining(token: str) -> tuple[Response, int]:
        valid = links.may_join(token)
        page = render_template("join.html", token=token, valid=valid)
        return _secret(Response(page)), 200 if valid else 404

    @pages.post("/join/<token>")
    def join(token: str) -> AnyResponse:
        become(links.join(token))
        admit()
        return _secret(redirect(url_for("views.live"), 303))


def _picture(address: str) -> str:
    """A QR code of ``address`` as SVG in a ``data:`` address."""
    code: Any = segno.make(address, error="m", micro=False)
    picture: str = code.svg_data_uri(scale=8, border=4, dark="#000", light="#fff")
    return picture


def _secret(response: R) -> R:
    """Kept by nobody, found by no search."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
