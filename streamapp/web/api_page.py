"""``/api``: the API's description as a page for people; it needs nothing but this server."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template

from streamapp.web.openapi import document


def blueprint(prefix: str) -> Blueprint:
    """The page about all routes below ``prefix``."""
    page = Blueprint("api_page", __name__)

    @page.get("/api")
    def reference() -> str:
        description = document(current_app, prefix)
        return render_template(
            "api.html",
            description=description,
            operations=_operations(description),
            schemas=description["components"]["schemas"],
        )

    return page


def _operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    """Each operation with its method and path, and the properties of the form it takes."""
    schemas = description["components"]["schemas"]
    shown = []
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            form = _body_properties(operation, schemas)
            shown.append({**operation, "method": method.upper(), "path": path, "form": form})
    return shown


def _body_properties(operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    for media in operation.get("requestBody", {}).get("content", {}).values():
        properties: dict[str, Any] = schemas[media["schema"]["$ref"].rpartition("/")[2]][
            "properties"
        ]
        return properties
    return {}
