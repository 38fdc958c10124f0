"""The API's description: valid, complete, and readable without any other server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from streamapp.web.api import PREFIX
from streamapp.web.openapi import operations
from tests.web.conftest import upload


@pytest.fixture
def description(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.content_type == "application/json"
    document: dict[str, Any] = answer.get_json()
    return document


def test_the_description_is_valid_openapi_3_1(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    assert [str(error) for error in OpenAPIV31SpecValidator(description).iter_errors()] == []


def test_every_route_of_the_api_is_declared(app: Flask) -> None:
    assert [rule.rule for rule, _, operation in operations(app, PREFIX) if operation is None] == []


def test_the_description_has_every_field_of_an_image(
    client: FlaskClient, description: dict[str, Any]
) -> None:
    schemas = description["components"]["schemas"]
    image = upload(client)
    assert set(schemas["Image"]["properties"]) == set(image)
    assert set(schemas["Face"]["properties"]) == set(image["faces"][0])


def test_errors_are_described_by_the_classes_that_are_raised(description: dict[str, Any]) -> None:
    answers = description["paths"]["/api/v1/images"]["post"]["responses"]
    assert {"400", "403", "413", "415", "422", "429", "503", "507"} < set(answers)
    assert (
        "`unreadable_image`: The bytes are empty, truncated or corrupt."
        in answers["400"]["description"]
    )
    assert "Retry-After" in answers["429"]["headers"]


def test_the_page_names_every_operation_and_loads_nothing_from_elsewhere(
    client: FlaskClient, description: dict[str, Any]
) -> None:
    page = client.get("/api").text
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert f'<span class="method">{method.upper()}</span> <code>{path}</code>' in page
            assert f'id="{operation["operationId"]}"' in page
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert not [url for url in loaded if not url.startswith(("/", "#"))]
    assert not re.search(r"<script|\bstyle=|\bon\w+=", page)
    targets = {url[1:] for url in loaded if url.startswith("#")}
    assert targets <= set(re.findall(r'id="([^"]+)"', page))
