"""Wishes, sharing, looking on and joining, through Flask-SocketIO's client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.media import media
from tests.web.conftest import make_app

HTML = {"Accept": "text/html"}


class Live:
    """A browser with the live page open."""

    def __init__(self, app: Flask, browser: FlaskClient | None = None) -> None:
        self.app = app
        self.browser = browser or app.test_client()
        self.browser.get("/")
        self.socket: SocketIOTestClient = app.extensions["socketio"].test_client(
            app, flask_test_client=self.browser
        )

    def ask(self, event: str, content: object) -> dict[str, Any]:
        answer: dict[str, Any] = self.socket.emit(event, content, callback=True)
        return answer

    def look(self, auth: object, browser: FlaskClient | None = None) -> SocketIOTestClient:
        return self.app.extensions["socketio"].test_client(
            self.app, namespace="/watch", auth=auth, flask_test_client=browser
        )

    def tick(self) -> None:
        self.app.extensions["streamapp"].channels.tick()


@pytest.fixture
def live(app: Flask) -> Iterator[Live]:
    live = Live(app)
    yield live
    if live.socket.is_connected():
        live.socket.disconnect()


def events(viewer: SocketIOTestClient) -> list[str]:
    return [event["name"] for event in viewer.get_received("/watch")]


def test_configure_is_answered_with_all_the_contract_names(live: Live) -> None:
    answer = live.ask("configure", {"blur": True, "name": "  Hall\n"})
    assert answer == {
        "detector": "cascade",
        "min_face": 40,
        "blur": True,
        "name": "Hall",
        "recording": False,
        "session": None,
        "stream": answer["stream"],
    }
    answer = live.ask("configure", {"recording": True})
    assert answer["recording"] is True
    assert set(answer["session"]) == {"id", "name", "started_at"}
    assert live.ask("configure", {"recording": True})["session"] == answer["session"]
    assert live.ask("configure", {"name": "Yard"})["session"]["name"] == "Yard"
    assert live.ask("configure", {"recording": False})["session"] is None


WRONG = [
    *({"blur": 1}, {"blur": None}, {"recording": "yes"}, {"name": 7}, {"name": "x" * 81}),
    *({"session": 7}, {"session": ["a"]}, {"recording": True, "detector": "yolo"}),
    {"name": "Hall", "min_face": 0},
]


@pytest.mark.parametrize("options", WRONG, ids=repr)
def test_a_wrong_wish_is_refused_and_changes_nothing(options: object, live: Live) -> None:
    before = live.ask("configure", {})
    assert live.ask("configure", options)["error"]["code"] == "invalid_parameter"
    assert live.ask("configure", {}) == before


@pytest.mark.parametrize("session", ["", "0" * 32, "no id\0", "\ud800"], ids=ascii)
def test_a_session_that_is_not_ones_own_is_not_found(session: str, live: Live) -> None:
    assert live.ask("configure", {"session": session})["error"]["code"] == "not_found"
    assert live.ask("configure", {})["recording"] is False


def test_anothers_session_is_not_gone_on_with(app: Flask, live: Live) -> None:
    session = live.ask("configure", {"recording": True})["session"]["id"]
    stranger = Live(app)
    assert stranger.ask("configure", {"session": session})["error"]["code"] == "not_found"
    stranger.socket.disconnect()


def test_a_second_client_of_the_owner_takes_a_session_over(app: Flask, live: Live) -> None:
    session = live.ask("configure", {"recording": True, "name": "Hall"})["session"]
    live.socket.get_received()
    second = Live(app, live.browser)
    answer = second.ask("configure", {"session": session["id"]})
    assert (answer["session"], answer["name"]) == (session, "Hall")
    (event,) = live.socket.get_received()
    assert (event["name"], event["args"][0]["reason"]) == ("recording", "taken_over")
    second.socket.disconnect()


def test_an_ended_session_is_not_gone_on_with_but_a_new_one_begins(live: Live) -> None:
    session = live.ask("configure", {"recording": True})["session"]["id"]
    live.app.extensions["streamapp"].sessions._open[session].note(1_700_000_000_000, 1, 1)
    live.ask("configure", {"recording": False})
    again = live.ask("configure", {"session": session})["session"]["id"]
    assert again != session


def test_without_a_cookie_nothing_is_kept_and_counting_goes_on(app: Flask) -> None:
    program = app.extensions["socketio"].test_client(app)
    for event, wish in (("configure", {"recording": True}), ("share", {"on": True})):
        answer = program.emit(event, wish, callback=True)
        assert answer["error"]["code"] == "invalid_request"
    photo = media("single_face.jpg").read_bytes()
    assert "count" in program.emit("frame", {"seq": 1}, photo, callback=True)
    program.disconnect()


@pytest.mark.parametrize("options", [None, [], {}, {"on": 1}, {"on": "yes"}, True], ids=repr)
def test_a_wrong_share_is_refused(options: object, live: Live) -> None:
    assert live.ask("share", options)["error"]["code"] == "invalid_parameter"


def test_a_link_is_shown_gone_on_with_and_revoked(app: Flask, live: Live) -> None:
    live.ask("configure", {"name": "Hall"})
    shared = live.ask("share", {"on": True})
    assert shared["url"] == f"/watch/{shared['token']}"
    assert len(shared["token"]) == 32
    assert live.ask("share", {"on": True}) == shared
    page = app.test_client().get(shared["url"])
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    again = Live(app, live.browser)
    assert again.ask("share", {"on": True, "token": shared["token"]}) == shared
    assert live.ask("share", {"on": False}) == {"token": None}, "the newer one has it"
    assert app.test_client().get(shared["url"]).status_code == 200
    assert again.ask("share", {"on": False}) == {"token": None}
    assert app.test_client().get(shared["url"]).status_code == 404
    replayed = again.ask("share", {"on": True, "token": shared["token"]})
    assert replayed["error"]["code"] == "not_found"
    again.socket.disconnect()


def test_a_link_of_another_owner_is_not_gone_on_with(app: Flask, live: Live) -> None:
    token = live.ask("share", {"on": True})["token"]
    stranger = Live(app)
    assert stranger.ask("share", {"on": True, "token": token})["error"]["code"] == "not_found"
    stranger.socket.disconnect()


@pytest.mark.parametrize(
    ("auth", "code"),
    [
        (None, "invalid_parameter"),
        ({}, "invalid_parameter"),
        ({"wall": 1}, "invalid_parameter"),
        ({"wall": True}, "not_found"),
        ({"token": None}, "not_found"),
        ({"token": "x" * 32}, "not_found"),
        ({"token": ["x"]}, "not_found"),
    ],
    ids=repr,
)
def test_a_viewer_without_a_right_is_refused(auth: object, code: str, live: Live) -> None:
    viewer = live.look(auth)
    assert not viewer.is_connected("/watch")
    (event,) = [e for e in viewer.queue if e.get("name") == "refused"]
    assert event["args"][0]["code"] == code


def test_a_guest_sees_the_stream_until_it_is_revoked(live: Live) -> None:
    guest = live.look({"token": live.ask("share", {"on": True})["token"]})
    wall = live.look({"wall": True}, live.browser)
    stranger = live.look({"wall": True}, Live(live.app).browser)
    live.socket.emit("frame", {"seq": 1}, media("single_face.jpg").read_bytes(), callback=True)
    live.tick()
    assert events(guest)[0] == "state"
    assert events(wall)[:1] == ["state"]
    live.ask("share", {"on": False})
    assert not guest.is_connected("/watch")
    live.socket.disconnect()
    assert events(wall) == ["gone"]
    assert events(stranger) == ["state"]


def test_names_recordings_and_links_change_only_so_often(live: Live) -> None:
    answers = [live.ask("share", {"on": False}) for _ in range(35)]
    assert answers[0] == {"token": None}
    assert answers[-1]["error"]["code"] == "rate_limited"
    assert "error" not in live.ask("configure", {"min_face": 50}), "the others may"


def test_a_device_joins_by_a_link_that_a_preview_does_not_use_up(app: Flask, live: Live) -> None:
    invitation = live.browser.post("/join")
    assert invitation.status_code == 201
    content = invitation.get_json()
    assert content["seconds"] == 600
    assert content["qr"].startswith("data:image/svg+xml")
    path = content["url"].removeprefix("http://localhost")
    phone = app.test_client()
    for _ in range(2):
        page = phone.get(path, headers=HTML)
        assert (page.status_code, f'action="{path}"' in page.text) == (200, True)
    joined = phone.post(path)
    assert (joined.status_code, joined.location) == (303, "/")
    assert app.test_client().post(path).status_code == 404
    assert phone.get(path).status_code == 404
    session = live.ask("configure", {"recording": True})["session"]["id"]
    assert phone.get(f"/api/v1/sessions/{session}").status_code == 200


def test_a_browser_gets_the_invitation_as_a_page(live: Live) -> None:
    page = live.browser.post("/join", headers=HTML)
    assert page.status_code == 201
    assert re.search(r'src="data:image/svg\+xml[^"]+"', page.text)


def test_a_phone_that_joins_needs_no_password(tmp_path_factory: pytest.TempPathFactory) -> None:
    app = make_app(tmp_path_factory.mktemp("door"), ACCESS_PASSWORD="open sesame")
    owner, phone = app.test_client(), app.test_client()
    owner.post("/login", data={"password": "open sesame"})
    owner.get("/")
    path = owner.post("/join").get_json()["url"].removeprefix("http://localhost")
    assert phone.get("/").status_code == 401
    phone.post(path)
    assert phone.get("/").status_code == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=90),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
WISHES = st.dictionaries(
    st.sampled_from(
        ["name", "recording", "session", "blur", "detector", "min_face", "on", "token"]
    ),
    JSON,
)


@given(options=WISHES | JSON)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_wish_is_taken_or_refused_by_name(options: object, live: Live) -> None:
    for channel in live.app.extensions["streamapp"].channels._channels.values():
        channel.changes._tokens = 30.0
    for event, words in (("configure", {"stream"}), ("share", {"token"})):
        answer = live.ask(event, options)
        if "error" in answer:
            assert answer["error"]["code"] in ("invalid_parameter", "not_found")
        else:
            assert words <= set(answer)
