"""One shape of error: JSON for programs, a page for people, the same facts in both."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from streamapp.errors import StorageFull, Unavailable
from tests.web.conftest import make_app

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        pytest.param("GET", "/nothing", 404, "not_found", id="unknown page"),
        pytest.param("GET", "/api/v1/nothing", 404, "not_found", id="unknown route"),
        pytest.param("GET", "/api/v1/images/0", 404, "not_found", id="unknown image"),
        pytest.param("PUT", "/api/v1/images", 405, "method_not_allowed", id="unknown method"),
        pytest.param("POST", "/api/v1/images", 400, "invalid_request", id="no file"),
        pytest.param("GET", "/api/v1/images?limit=0", 422, "invalid_parameter", id="bad limit"),
    ],
)
def test_a_program_gets_code_message_and_request_id(
    app: Flask, method: str, address: str, status: int, code: str
) -> None:
    answer = app.test_client().open(address, method=method)
    assert answer.status_code == status
    error = answer.json["error"]
    assert set(error) == {"code", "message", "request_id"}
    assert error["code"] == code
    assert error["request_id"] == answer.headers["X-Request-ID"]


def test_a_browser_gets_a_page_with_the_same_facts(app: Flask) -> None:
    answer = app.test_client().get("/nothing", headers=BROWSER)
    assert answer.status_code == 404
    assert answer.content_type.startswith("text/html")
    assert answer.headers["X-Request-ID"] in answer.text


def test_the_api_answers_json_even_to_a_browser(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/nothing", headers=BROWSER)
    assert answer.json["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param("6f1c-77_A", True, id="well-formed"),
        pytest.param("x" * 65, False, id="too long"),
        pytest.param("<script>", False, id="markup"),
        pytest.param("ünïcode", False, id="not ASCII"),
    ],
)
def test_a_request_id_from_outside_is_kept_only_if_it_is_harmless(
    app: Flask, given: str, kept: bool
) -> None:
    header = {"X-Request-ID": given.encode().decode("latin-1")}
    answer = app.test_client().get("/healthz", headers=header)
    assert (answer.headers["X-Request-ID"] == given) is kept


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(Unavailable("The database is away."), 503, id="unavailable"),
        pytest.param(StorageFull("No room."), 507, id="full"),
        pytest.param(RuntimeError("a secret detail"), 500, id="a fault of ours"),
    ],
)
def test_what_breaks_inside_is_named_without_its_insides(
    tmp_path: Path, error: Exception, status: int
) -> None:
    app = make_app(tmp_path)

    @app.get("/breaks")
    def breaks() -> str:
        raise error

    answer = app.test_client().get("/breaks")
    assert answer.status_code == status
    assert set(answer.json["error"]) == {"code", "message", "request_id"}
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert ("Retry-After" in answer.headers) is (status == 503)
