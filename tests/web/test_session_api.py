"""Sessions over HTTP: every route, its owner only, numbers to the letter."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient

from streamapp.sessions import SessionService
from streamapp.web.session_answers import csv_of_minutes, csv_of_samples, minutes

LIST = "/api/v1/sessions"
MINUTE = 1_700_000_040_000  # a whole one
SAMPLES = [(MINUTE - 1, 4), (MINUTE, 1), (MINUTE + 59_999, 2), (MINUTE + 60_000, 0)]


@pytest.fixture
def sessions(app: Flask) -> SessionService:
    service: SessionService = app.extensions["streamapp"].sessions
    return service


@pytest.fixture
def camera(app: Flask, client: FlaskClient) -> Iterator[SocketIOTestClient]:
    """The live page of ``client``."""
    client.get("/")
    camera = app.extensions["socketio"].test_client(app, flask_test_client=client)
    yield camera
    if camera.is_connected():
        camera.disconnect()


@pytest.fixture
def recorded(camera: SocketIOTestClient, sessions: SessionService) -> dict[str, Any]:
    """A session of ``SAMPLES``, recorded still."""
    answer = camera.emit("configure", {"recording": True, "name": "Hall"}, callback=True)
    recorder = sessions._open[answer["session"]["id"]]
    for at, count in SAMPLES:
        recorder.note(at, count, count)
    session: dict[str, Any] = answer["session"]
    return session


def test_a_session_has_all_that_the_contract_names(
    client: FlaskClient, recorded: dict[str, Any]
) -> None:
    (session,) = client.get(LIST).get_json()["sessions"]
    assert session == {
        **recorded,
        "ended_at": None,
        "running": True,
        "peak": 4,
        "tracks_seen": 6,
        "average": 1.75,
        "counts_csv_url": f"{LIST}/{recorded['id']}/counts.csv",
        "counts_json_url": f"{LIST}/{recorded['id']}/counts.json",
    }
    assert client.get(f"{LIST}/{recorded['id']}").get_json() == session


def test_the_counts_are_those_that_were_noted(
    client: FlaskClient, recorded: dict[str, Any]
) -> None:
    path = f"{LIST}/{recorded['id']}/counts"
    answer = client.get(f"{path}.json")
    assert answer.get_json() == {"id": recorded["id"], "samples": [list(s) for s in SAMPLES]}
    assert answer.headers["Cache-Control"] == "private, no-store"
    table = client.get(f"{path}.csv")
    assert table.mimetype == "text/csv"
    assert table.text == (
        "time,count\r\n"
        "2023-11-14T22:13:59.999Z,4\r\n2023-11-14T22:14:00.000Z,1\r\n"
        "2023-11-14T22:14:59.999Z,2\r\n2023-11-14T22:15:00.000Z,0\r\n"
    )


def test_the_counts_come_by_the_minute(client: FlaskClient, recorded: dict[str, Any]) -> None:
    path = f"{LIST}/{recorded['id']}/counts"
    answer = client.get(f"{path}.json?per=minute").get_json()
    keys = ("start", "min", "mean", "max", "samples")
    expected = [(-60_000, 4, 4.0, 4, 1), (0, 1, 1.5, 2, 2), (60_000, 0, 0.0, 0, 1)]
    assert answer["minutes"] == [
        dict(zip(keys, (MINUTE + row[0], *row[1:]), strict=True)) for row in expected
    ]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}.csv?per=minute").text)))
    assert tuple(rows[0]) == keys
    assert rows[1] == dict(
        zip(keys, ("2023-11-14T22:14:00.000Z", "1", "1.5", "2", "2"), strict=True)
    )
    assert client.get(f"{path}.csv?per=hour").status_code == 422


def test_a_minute_on_two_pages_comes_once() -> None:
    whole = [bucket for page in minutes([SAMPLES]) for bucket in page]
    for cut in range(len(SAMPLES) + 1):
        pages = [SAMPLES[:cut], [], SAMPLES[cut:]]
        assert [bucket for page in minutes(pages) for bucket in page] == whole
    assert list(minutes([[]])) == [[]]
    assert b"".join(csv_of_minutes([])) == b"start,min,mean,max,samples\r\n"
    assert b"".join(csv_of_samples([])) == b"time,count\r\n"


def test_a_session_is_renamed_and_deleted(
    client: FlaskClient, camera: SocketIOTestClient, recorded: dict[str, Any]
) -> None:
    path = f"{LIST}/{recorded['id']}"
    assert client.patch(path, json={"name": " Yard "}).get_json()["name"] == "Yard"
    assert client.get(path).get_json()["name"] == "Yard"
    camera.get_received()
    assert client.delete(path).status_code == 204
    (event,) = camera.get_received()
    assert event["name"] == "recording"
    told = event["args"][0]
    assert (told["recording"], told["session"], told["reason"]) == (False, None, "deleted")
    for answer in (client.get(path), client.delete(path), client.get(f"{path}/counts.csv")):
        assert answer.status_code == 404
    assert camera.emit("configure", {}, callback=True)["recording"] is False


@pytest.mark.parametrize(
    "change", [None, [], "name", {}, {"name": None}, {"name": 7}, {"name": "x" * 81}], ids=repr
)
def test_a_wrong_change_is_refused(
    change: object, client: FlaskClient, recorded: dict[str, Any]
) -> None:
    path = f"{LIST}/{recorded['id']}"
    assert client.patch(path, json=change).status_code == 422
    assert client.patch(path, data=b"\xff{").status_code == 422
    assert client.get(path).get_json()["name"] == "Hall"


ROUTES = [
    ("GET", "/api/v1/sessions/{}"),
    ("PATCH", "/api/v1/sessions/{}"),
    ("DELETE", "/api/v1/sessions/{}"),
    ("GET", "/api/v1/sessions/{}/counts.csv"),
    ("GET", "/api/v1/sessions/{}/counts.json"),
    ("GET", "/sessions/{}"),
    ("POST", "/sessions/{}/rename"),
    ("POST", "/sessions/{}/delete"),
]


@pytest.mark.parametrize(("method", "route"), ROUTES, ids=[" ".join(route) for route in ROUTES])
def test_to_another_owner_it_does_not_exist(
    method: str, route: str, app: Flask, client: FlaskClient, recorded: dict[str, Any]
) -> None:
    stranger = app.test_client()
    stranger.get("/")
    body = {"json": {"name": "Mine"}} if method == "PATCH" else {}
    for browser in (stranger, app.test_client()):
        answer = browser.open(route.format(recorded["id"]), method=method, **body)
        assert answer.status_code == 404
        assert recorded["id"] not in answer.text
    assert stranger.get(LIST).get_json() == {"sessions": [], "next": None}
    assert client.get(f"{LIST}/{recorded['id']}").get_json()["name"] == "Hall"


@pytest.mark.parametrize(
    ("method", "route"), [r for r in ROUTES if r[0] != "GET"] + [("POST", "/join")]
)
def test_another_sites_page_changes_nothing(
    method: str, route: str, client: FlaskClient, recorded: dict[str, Any]
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = client.open(route.format(recorded["id"]), method=method, headers=headers)
    assert answer.status_code == 403


def test_pages_of_the_list_follow_each_other(
    app: Flask, client: FlaskClient, camera: SocketIOTestClient
) -> None:
    for number in range(3):
        answer = camera.emit("configure", {"recording": True, "name": f"{number}"}, callback=True)
        recorder = app.extensions["streamapp"].sessions._open[answer["session"]["id"]]
        recorder.note(MINUTE, 1, 1)
        camera.emit("configure", {"recording": False}, callback=True)
    first = client.get(f"{LIST}?limit=2").get_json()
    assert first["next"] == first["sessions"][-1]["id"]
    rest = client.get(f"{LIST}?limit=2&before={first['next']}").get_json()
    assert rest["next"] is None
    names = [session["name"] for session in first["sessions"] + rest["sessions"]]
    assert sorted(names) == ["0", "1", "2"]
    assert client.get(f"{LIST}?before={'0' * 32}").status_code == 422


def test_the_pages_work_without_javascript(client: FlaskClient, recorded: dict[str, Any]) -> None:
    assert f"/sessions/{recorded['id']}" in client.get("/sessions").text
    page = f"/sessions/{recorded['id']}"
    assert "Hall" in client.get(page).text
    answer = client.post(f"{page}/rename", data={"name": "<b>Yard</b>"})
    assert (answer.status_code, answer.location) == (303, page)
    assert "&lt;b&gt;Yard&lt;/b&gt;" in client.get(page).text
    assert client.post(f"{page}/rename", data={"name": "x" * 81}).status_code == 422
    answer = client.post(f"{page}/delete")
    assert (answer.status_code, answer.location) == (303, "/sessions")
    assert client.get(page).status_code == 404
