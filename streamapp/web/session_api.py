"""HTTP API v1 of sessions: ``/api/v1/sessions``. A session is its owner's alone."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from streamapp.errors import CrossSiteRequest, InputError, InvalidParameter, NotFound
from streamapp.sessions import SessionService, clean_name
from streamapp.web.api import PREFIX
from streamapp.web.exports import started
from streamapp.web.openapi import Answer, Operation, describe, json_of
from streamapp.web.owner import current_owner
from streamapp.web.parameters import PER, SESSION_BEFORE, SESSION_LIMIT
from streamapp.web.schemas import reference
from streamapp.web.session_answers import (
    csv_of_minutes,
    csv_of_samples,
    json_of_minutes,
    json_of_samples,
    session_json,
)


def blueprint(sessions: SessionService) -> Blueprint:
    """The routes, over ``sessions``."""
    api = Blueprint("session_api", __name__, url_prefix=f"{PREFIX}/sessions")
    _add_sessions(api, sessions)
    _add_counts(api, sessions)
    return api


def _add_sessions(api: Blueprint, sessions: SessionService) -> None:
    @api.get("")
    @describe(
        Operation(
            "Your sessions of counts, newest first.",
            {200: Answer("A page of them.", json_of("SessionList"))},
            query=(SESSION_LIMIT, SESSION_BEFORE),
            errors=(InvalidParameter,),
        )
    )
    def list_sessions() -> Response:
        limit = SESSION_LIMIT.value()
        records = sessions.of_owner(current_owner().id, limit + 1, SESSION_BEFORE.value())
        shown = records[:limit]
        following = shown[-1].id if len(records) > limit else None
        return jsonify(sessions=[session_json(record) for record in shown], next=following)

    @api.get("/<session_id>")
    @describe(
        Operation(
            "One session of yours.", {200: Answer("It.", json_of("Session"))}, errors=(NotFound,)
        )
    )
    def show_session(session_id: str) -> Response:
        return jsonify(session_json(sessions.get(session_id, current_owner().id)))

    @api.patch("/<session_id>")
    @describe(
        Operation(
            "Rename a session of yours.",
            {200: Answer("It, renamed.", json_of("Session"))},
            body={"application/json": reference("SessionChange")},
            errors=(InputError, NotFound, InvalidParameter, CrossSiteRequest),
        )
    )
    def rename_session(session_id: str) -> Response:
        try:
            change = request.get_json(force=True, silent=True)
        except RecursionError:  # brackets a thousand deep
            change = None
        if not isinstance(change, dict) or "name" not in change:
            raise InvalidParameter('Send a JSON object such as {"name": "Hall"}.')
        name = clean_name(change["name"])
        return jsonify(session_json(sessions.rename(session_id, current_owner().id, name)))

    @api.delete("/<session_id>")
    @describe(
        Operation(
            "Delete a session of yours with its counts; if it runs, that ends.",
            {204: Answer("It is gone.")},
            errors=(NotFound, CrossSiteRequest),
        )
    )
    def delete_session(session_id: str) -> tuple[str, int]:
        sessions.delete(session_id, current_owner().id)
        return "", 204


def _add_counts(api: Blueprint, sessions: SessionService) -> None:
    @api.get("/<session_id>/counts.csv")
    @describe(
        Operation(
            "The counts of a session of yours as a table.",
            {200: Answer("UTF-8 with a header line.", {"text/csv": {}})},
            query=(PER,),
            errors=(NotFound, InvalidParameter),
        )
    )
    def counts_csv(session_id: str) -> Response:
        per_minute = PER.value() == "minute"
        record = sessions.get(session_id, current_owner().id)
        pages = sessions.samples(record.id)
        chunks = csv_of_minutes(pages) if per_minute else csv_of_samples(pages)
        response = Response(started(chunks), mimetype="text/csv")
        response.headers.set(
            "Content-Disposition", "attachment", filename=f"streamapp-{record.id[:12]}.csv"
        )
        return _private(response)

    @api.get("/<session_id>/counts.json")
    @describe(
        Operation(
            "The counts of a session of yours, to draw them.",
            {200: Answer("Moments and counts.", json_of("Counts"))},
            query=(PER,),
            errors=(NotFound, InvalidParameter),
        )
    )
    def counts_json(session_id: str) -> Response:
        per_minute = PER.value() == "minute"
        record = sessions.get(session_id, current_owner().id)
        shape = json_of_minutes if per_minute else json_of_samples
        chunks = shape(record.id, sessions.samples(record.id))
        return _private(Response(started(chunks), mimetype="application/json"))


def _private(response: Response) -> Response:
    response.cache_control.private = True
    response.cache_control.no_store = True
    return response
