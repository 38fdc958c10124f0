"""Events of the live page, through Flask-SocketIO's client; tests/server has the real wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient


@pytest.fixture
def browser(app: Flask) -> Iterator[SocketIOTestClient]:
    browser = app.extensions["socketio"].test_client(app)
    yield browser
    if browser.is_connected():
        browser.disconnect()


def test_connecting_is_answered_with_what_the_server_wants_and_its_limits(
    browser: SocketIOTestClient,
) -> None:
    (event,) = browser.get_received()
    assert event["name"] == "status"
    (status,) = event["args"]
    assert status == {
        "state": "ready",
        "message": "",
        "capture": {"width": 640, "quality": 0.7, "fps": 15},
        "max_frame_bytes": 1_000_000,
        "detectors": ["cascade", "yunet"],
    }


@pytest.mark.parametrize(
    ("options", "in_force"),
    [
        ({}, {"detector": "cascade", "min_face": 40}),
        ({"detector": "yunet"}, {"detector": "yunet", "min_face": 40}),
        ({"min_face": 16}, {"detector": "cascade", "min_face": 16}),
        ({"min_face": 400, "more": 1}, {"detector": "cascade", "min_face": 400}),
    ],
)
def test_configure_is_answered_with_what_is_in_force(
    options: dict[str, Any], in_force: dict[str, Any], browser: SocketIOTestClient
) -> None:
    answer = browser.emit("configure", options, callback=True)
    assert {key: answer[key] for key in in_force} == in_force


@pytest.mark.parametrize(
    "options",
    [
        *(None, [], "yunet", {"detector": "yolo"}, {"detector": None}, {"detector": []}),
        *({"min_face": 15}, {"min_face": 401}, {"min_face": "40"}, {"min_face": True}),
        {"detector": "yunet", "min_face": 40.5},
    ],
)
def test_a_wrong_configuration_is_refused_and_changes_nothing(
    options: object, browser: SocketIOTestClient
) -> None:
    answer = browser.emit("configure", options, callback=True)
    assert answer["error"]["code"] == "invalid_parameter"
    in_force = browser.emit("configure", {}, callback=True)
    assert (in_force["detector"], in_force["min_face"]) == ("cascade", 40)


def test_reset_is_answered_with_an_empty_object(browser: SocketIOTestClient) -> None:
    assert browser.emit("reset", callback=True) == {}
    assert browser.emit("reset", {"more": 1}, callback=True) == {}


def test_events_of_a_session_that_has_gone_are_refused(
    app: Flask, browser: SocketIOTestClient
) -> None:
    sessions = app.extensions["streamapp"].streams._sessions
    sessions.clear()
    for event in ("configure", "reset"):
        assert browser.emit(event, {}, callback=True)["error"]["code"] == "busy"


def test_a_frame_without_a_picture_is_refused_by_name(browser: SocketIOTestClient) -> None:
    answer = browser.emit("frame", {"seq": 3}, callback=True)
    assert (answer["seq"], answer["error"]["code"]) == (3, "invalid_frame")


def test_disconnecting_ends_the_session(app: Flask) -> None:
    streams = app.extensions["streamapp"].streams
    before = set(streams._sessions)
    browser = app.extensions["socketio"].test_client(app)
    assert len(set(streams._sessions) - before) == 1
    browser.disconnect()
    assert set(streams._sessions) == before
