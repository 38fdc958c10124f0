"""Bodies of requests: none is larger than what its route has use for."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from streamapp.web.intake import BODY_BYTES
from tests.web.conftest import API, make_app, upload

PASSWORD = "open sesame, please"
SESSION = "/api/v1/sessions/0123456789abcdef"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application with a door."""
    return make_app(tmp_path_factory.mktemp("locked"), ACCESS_PASSWORD=PASSWORD)


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"password": "x" * BODY_BYTES}},
        {"data": {"password": PASSWORD, "a": (io.BytesIO(b"x" * BODY_BYTES), "a.bin")}},
        {
            "input_stream": io.BytesIO(b"password=" + b"x" * BODY_BYTES),
            "content_type": "application/x-www-form-urlencoded",
            "environ_overrides": {"wsgi.input_terminated": True},
        },
    ],
    ids=["a form", "a file", "of no length"],
)
def test_a_visitor_without_the_password_can_hand_in_no_large_body(
    locked: Flask, body: dict[str, Any]
) -> None:
    answer = locked.test_client().post("/login", **body)
    assert answer.status_code == 413
    assert f"at most {BODY_BYTES} bytes" in answer.get_json()["error"]["message"]


def test_a_body_at_the_limit_is_read(locked: Flask) -> None:
    text = f"password={PASSWORD.replace(' ', '+')}&a="
    filled = text + "x" * (BODY_BYTES - len(text))
    form = {"data": filled, "content_type": "application/x-www-form-urlencoded"}
    assert locked.test_client().post("/login", **form).status_code == 303  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_a_name_needs_no_megabytes(app: Flask, method: str) -> None:
    path = SESSION if method == "PATCH" else "/sessions/0123456789abcdef/rename"
    answer = app.test_client().open(path, method=method, data={"name": "x" * BODY_BYTES})
    assert answer.status_code == 413


def test_brackets_without_end_are_no_json(app: Flask) -> None:
    answer = app.test_client().patch(SESSION, data="[" * 60_000)
    assert answer.status_code == 422


def test_a_photo_may_be_larger_and_is_told_its_own_limit(app: Flask, tmp_path: Path) -> None:
    assert upload(app.test_client())["count"] == 1
    small = make_app(tmp_path, MAX_UPLOAD_BYTES=100_000)
    photo = {"image": (io.BytesIO(b"\xff\xd8" + bytes(300_000)), "a.jpg")}
    answer = small.test_client().post(API, data=photo)
    assert answer.status_code == 413
    assert answer.get_json()["error"]["code"] == "image_too_large"


def test_a_form_of_too_many_fields_is_not_told_of_a_file(app: Flask) -> None:
    fields = {f"a{number}": "1" for number in range(2000)}
    answer = app.test_client().post(API, data={**fields, "image": (io.BytesIO(b"x"), "a.jpg")})
    assert answer.status_code == 413
    assert "fields" in answer.get_json()["error"]["message"]
