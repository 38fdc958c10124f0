"""The door: shut for pages, API and Socket.IO; opened by the password, not by guessing it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from streamapp.web import door as door_module
from tests.web.conftest import API, make_app, upload

PASSWORD = "open sesame"
BEARER = {"Authorization": f"Bearer {PASSWORD}"}
HTML = {"Accept": "text/html"}


@pytest.fixture
def locked(tmp_path: Path) -> Flask:
    return make_app(tmp_path, ACCESS_PASSWORD=PASSWORD)


def log_in(client: FlaskClient, password: str = PASSWORD, **fields: str) -> Any:
    return client.post("/login", data={"password": password, **fields}, headers=HTML)


@pytest.mark.parametrize("page", ["/", "/upload", "/images", "/api", "/images/x", "/nothing"])
def test_a_page_leads_to_the_door_and_the_password_back_to_the_page(
    locked: Flask, page: str
) -> None:
    client = locked.test_client()
    sent = client.get(page, headers=HTML)
    assert sent.status_code == (303 if not page.startswith("/api/") else 401)
    assert sent.headers["Location"].startswith("/login")
    login = client.get(sent.headers["Location"], headers=HTML)
    assert login.status_code == 200
    assert 'type="password"' in login.text
    assert f'name="next" value="{page}"' in login.text
    entered = log_in(client, next=page)
    assert (entered.status_code, entered.headers["Location"]) == (303, page)
    assert client.get(page, headers=HTML).status_code in (200, 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", API),
        ("POST", API),
        ("DELETE", f"{API}/x"),
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/api/nothing"),
        ("GET", "/metrics"),
        ("POST", "/upload"),
    ],
)
def test_a_program_is_refused_by_name_until_it_sends_the_password(
    locked: Flask, method: str, path: str
) -> None:
    client = locked.test_client()
    refused = client.open(path, method=method)
    assert refused.status_code == 401
    assert refused.get_json()["error"]["code"] == "unauthorized"
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="streamapp"'
    assert client.open(path, method=method, headers=BEARER).status_code != 401


@pytest.mark.parametrize(
    "path",
    [
        *("/static/css/base.css", "/healthz", "/readyz", "/login", "/watch/t", "/join/t"),
        *("/manifest.webmanifest", "/service-worker.js", "/offline"),
    ],
)
def test_what_stays_open(locked: Flask, path: str) -> None:
    assert locked.test_client().get(path, headers=HTML).status_code in (200, 404)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer wrong password",
        "Bearer ",
        "Bearer",
        "Basic b3Blbjpz",
        f"Bearer {PASSWORD} ",
        f"bearer {PASSWORD}x",
        f"Digest {PASSWORD}",
        PASSWORD,
        "Bearer \xe4\xf6\xfc",
    ],
)
def test_what_is_not_the_password_opens_nothing(locked: Flask, header: str) -> None:
    answer = locked.test_client().get(API, headers={"Authorization": header})
    # Blanks around a header's value are no part of it.
    assert answer.status_code == (200 if header.strip() == f"Bearer {PASSWORD}" else 401)


@pytest.mark.parametrize("fields", [{}, {"password": ""}, {"password": PASSWORD.upper()}])
def test_a_wrong_password_is_said_to_be_wrong_and_asked_again(
    locked: Flask, fields: dict[str, str]
) -> None:
    client = locked.test_client()
    answer = client.post("/login", data=fields)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert client.get(API).status_code == 401


def test_the_door_speaks_german(locked: Flask) -> None:
    client = locked.test_client()
    page = client.post("/login", data={}, headers={"Accept-Language": "de"})
    assert '<html lang="de"' in page.text
    assert "Das ist nicht das Passwort." in page.text
    assert "Log in" not in page.text


def test_logging_out_shuts_the_door_and_keeps_the_owner(locked: Flask) -> None:
    client = locked.test_client()
    log_in(client)
    image = upload(client)
    assert "Log out" in client.get("/upload").text
    assert client.post("/logout").headers["Location"] == "/login"
    assert client.get(API).status_code == 401
    log_in(client)
    assert [entry["id"] for entry in client.get(API).get_json()["images"]] == [image["id"]]


@pytest.mark.parametrize(
    "change",
    [{"ACCESS_PASSWORD": "another one"}, {"SECRET_KEY": "another secret key"}],
    ids=["the password", "the secret key"],
)
def test_changing_a_secret_logs_everybody_out(
    tmp_path: Path, locked: Flask, change: dict[str, str]
) -> None:
    client = locked.test_client()
    log_in(client)
    cookie = client.get_cookie("session")
    assert cookie is not None
    changed = make_app(tmp_path, **{"ACCESS_PASSWORD": PASSWORD, **change}).test_client()
    changed.set_cookie("session", cookie.value)
    assert changed.get(API).status_code == 401
    again = make_app(tmp_path, ACCESS_PASSWORD=PASSWORD).test_client()
    again.set_cookie("session", cookie.value)
    assert again.get(API).status_code == 200


def test_a_cookie_counts_for_thirty_days(locked: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = locked.test_client()
    log_in(client)
    now = door_module.time.time()
    for days, status in [(29, 200), (31, 401), (-1, 401)]:
        monkeypatch.setattr(door_module.time, "time", lambda days=days: now + days * 86_400)
        assert client.get(API).status_code == status
        monkeypatch.undo()


@pytest.mark.parametrize("shown", ["", None, "x", "ä" * 64, "0" * 64, PASSWORD, 7, []], ids=repr)
@pytest.mark.parametrize("since", [0, None, "now", 2_000_000_000], ids=repr)
def test_a_pass_that_is_not_ours_opens_nothing(locked: Flask, shown: object, since: object) -> None:
    client = locked.test_client()
    with client.session_transaction() as session:
        session["door"], session["door_since"] = shown, since
    assert client.get(API).status_code == 401


def test_the_password_is_not_in_the_cookie(locked: Flask) -> None:
    client = locked.test_client()
    log_in(client)
    with client.session_transaction() as session:
        assert PASSWORD not in str(dict(session))


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "\t//x", "/\n/x"],
)
def test_nobody_is_sent_to_another_site(locked: Flask, elsewhere: str) -> None:
    assert log_in(locked.test_client(), next=elsewhere).headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_another_site_can_neither_log_in_nor_out(locked: Flask, path: str) -> None:
    client = locked.test_client()
    log_in(client)
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    answer = client.post(path, data={"password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert client.get(API).status_code == 200


@pytest.mark.parametrize("how", ["form", "bearer", "socket"])
def test_guessing_is_slowed_down_even_for_the_right_guess(locked: Flask, how: str) -> None:
    client = locked.test_client()

    def guess(password: str) -> int:
        if how == "form":
            return int(log_in(client, password).status_code)
        if how == "bearer":
            answer = client.get(API, headers={"Authorization": f"Bearer {password}"})
            return answer.status_code
        socket = locked.extensions["socketio"].test_client(locked, auth={"password": password})
        return 200 if socket.is_connected() else 401

    wrong = [guess(f"guess {number}") for number in range(10)]
    assert set(wrong) == {401}
    assert guess(PASSWORD) == (401 if how == "socket" else 429)
    elsewhere = {"REMOTE_ADDR": "1.2.3.4"}
    assert client.get(API, headers=BEARER, environ_base=elsewhere).status_code == 200


def test_whoever_waits_is_told_how_long(locked: Flask) -> None:
    client = locked.test_client()
    for _ in range(10):
        log_in(client, "wrong")
    answer = log_in(client, PASSWORD)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert "Too many wrong passwords" in answer.text


def test_guessing_from_everywhere_is_slowed_down_but_not_for_who_was_in_before(
    locked: Flask,
) -> None:
    client = locked.test_client(use_cookies=False)
    home = {"REMOTE_ADDR": "9.9.9.9"}
    assert client.get(API, headers=BEARER, environ_base=home).status_code == 200
    statuses = [
        client.get(
            API,
            headers={"Authorization": f"Bearer {number}"},
            environ_base={"REMOTE_ADDR": f"10.0.{number // 5}.1"},
        ).status_code
        for number in range(310)
    ]
    assert statuses == [401] * 300 + [429] * 10
    assert client.get(API, headers=BEARER, environ_base=home).status_code == 200
    new = {"REMOTE_ADDR": "8.8.8.8"}
    assert client.get(API, headers=BEARER, environ_base=new).status_code == 429


@pytest.mark.parametrize(
    ("auth", "headers", "connected"),
    [
        (None, {}, False),
        ({"password": "wrong"}, {}, False),
        ({"password": [PASSWORD]}, {}, False),
        ("text", {}, False),
        ({"password": PASSWORD}, {}, True),
        (None, BEARER, True),
    ],
    ids=["nothing", "wrong", "a list", "a text", "password", "bearer"],
)
def test_socket_io_asks_too(
    locked: Flask, auth: object, headers: dict[str, str], connected: bool
) -> None:
    socket = locked.extensions["socketio"].test_client(locked, auth=auth, headers=headers)
    assert socket.is_connected() is connected
    (status,) = socket.queue[0]["args"]
    assert status["state"] == ("ready" if connected else "unauthorized")


def test_the_cookie_of_the_page_opens_socket_io(locked: Flask) -> None:
    client = locked.test_client()
    log_in(client)
    socket = locked.extensions["socketio"].test_client(locked, flask_test_client=client)
    assert socket.is_connected()


def test_nothing_behind_the_door_is_kept_by_a_cache(locked: Flask) -> None:
    client = locked.test_client()
    log_in(client)
    assert client.get("/upload").headers["Cache-Control"] == "no-store"


def test_without_a_password_there_is_no_door(client: FlaskClient) -> None:
    assert client.get("/login").headers["Location"] == "/"
    assert client.post("/login", data={"password": "x"}).headers["Location"] == "/"
    assert "Log out" not in client.get("/upload").text
