"""The OpenAPI 3.1 document, generated from the routes' own declarations.

A route says with `describe` what it takes and answers; its path, method and path parameters are
Flask's, its errors are the classes of `streamapp.errors`, its query parameters the objects that
also read them. https://spec.openapis.org/oas/v3.1.1
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask
from werkzeug.routing import Rule

from streamapp.errors import StreamappError, TooManyRequests, Unauthorized, Unavailable
from streamapp.web.parameters import ID_PATTERN, Query
from streamapp.web.schemas import COMPONENTS, Schema, reference

View = TypeVar("View", bound=Callable[..., Any])

_VERSION = "1.0.0"
_ATTRIBUTE = "__openapi__"
# What every operation may answer: a door, a limit, a dependency that is away.
_ANYWHERE = (Unauthorized, TooManyRequests, Unavailable)
_INTRODUCTION = (
    "Counts faces in photos. Errors have one shape, `Error`. Whose images? An anonymous owner in "
    "a signed cookie: lists show one's own, and only the owner may delete; whoever knows an id "
    "may view that image. Where the server has a password, it is sent as a bearer token."
)


@dataclass(frozen=True)
class Answer:
    """One status: what it means, its content by media type, its headers by name."""

    description: str
    content: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """What a route declares beside its path and method."""

    summary: str
    answers: Mapping[int, Answer]
    query: tuple[Query[Any], ...] = ()
    errors: tuple[type[StreamappError], ...] = ()
    body: Mapping[str, Schema] = field(default_factory=dict)


def describe(operation: Operation) -> Callable[[View], View]:
    """Declare a route: put below Flask's own decorator."""

    def attach(view: View) -> View:
        setattr(view, _ATTRIBUTE, operation)
        return view

    return attach


def json_of(name: str) -> Mapping[str, Schema]:
    """Content: JSON of one of the components."""
    return {"application/json": reference(name)}


def operations(app: Flask, prefix: str) -> Iterator[tuple[Rule, str, Operation | None]]:
    """Every route below ``prefix`` with its method; None where it declares nothing."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.rule.startswith(prefix):
            declared = getattr(app.view_functions[rule.endpoint], _ATTRIBUTE, None)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method.lower(), declared


def document(app: Flask, prefix: str) -> dict[str, Any]:
    """The document of all declared routes below ``prefix``, as JSON can hold it."""
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, operation in operations(app, prefix):
        if operation is not None:
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            paths.setdefault(path, {})[method] = _operation(rule, operation)
    return {
        "openapi": "3.1.1",
        "info": {"title": "streamapp", "version": _VERSION, "description": _INTRODUCTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        # Either: a server may have a password or none.
        "security": [{}, {"password": []}],
        "components": {
            "schemas": COMPONENTS,
            "securitySchemes": {"password": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(rule: Rule, operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": rule.endpoint.rpartition(".")[2],
        "summary": operation.summary,
        "parameters": [
            *(_path_parameter(name) for name in sorted(rule.arguments)),
            *(_query_parameter(query) for query in operation.query),
        ],
        "responses": {
            **{str(status): _answer(answer) for status, answer in operation.answers.items()},
            **_errors(tuple(dict.fromkeys((*operation.errors, *_ANYWHERE)))),
        },
    }
    if operation.body:
        described["requestBody"] = {"required": True, "content": _content(operation.body)}
    return described


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": f"^{ID_PATTERN}$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameter(query: Query[Any]) -> dict[str, Any]:
    return {
        "name": query.name,
        "in": "query",
        "description": query.description,
        "schema": query.schema,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answer.description}
    if answer.content:
        described["content"] = _content(answer.content)
    if answer.headers:
        described["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in answer.headers.items()
        }
    return described


def _errors(classes: tuple[type[StreamappError], ...]) -> dict[str, Any]:
    """One response a status; several classes of it are told apart by their codes."""
    by_status: dict[int, list[type[StreamappError]]] = {}
    for error in classes:
        by_status.setdefault(error.status, []).append(error)
    return {str(status): _error(by_status[status]) for status in sorted(by_status)}


def _error(classes: list[type[StreamappError]]) -> dict[str, Any]:
    meanings = (f"`{c.code}`: {(c.__doc__ or '').partition('.')[0].strip()}." for c in classes)
    described: dict[str, Any] = {
        "description": " ".join(meanings),
        "content": _content(json_of("Error")),
    }
    if classes[0].status in (429, 503):
        described["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        }
    return described


def _content(content: Mapping[str, Schema]) -> dict[str, Any]:
    return {media_type: _media(media_type, schema) for media_type, schema in content.items()}


def _media(media_type: str, schema: Schema) -> dict[str, Any]:
    described: dict[str, Any] = {"schema": schema} if schema else {}
    if media_type == "multipart/form-data":
        described["encoding"] = {"image": {"contentType": "image/jpeg, image/png"}}
    return described
