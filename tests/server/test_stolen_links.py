"""Secrets in links: a watch link that was revoked, a join link that was used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio

from bench.servers import Server, product, wait_until

PASSWORD = "open sesame"
pytestmark = pytest.mark.server


@contextmanager
def connected(
    server: Server, namespace: str, auth: object, headers: dict[str, str] | None = None
) -> Iterator[list[tuple[str, Any]]]:
    """What a client of the namespace hears, for as long as the block lasts."""
    client, heard = socketio.Client(reconnection=False), []
    client.on("*", lambda event, *content: heard.append((event, *content)), namespace=namespace)
    client.connect(
        server.url,
        headers=headers or {},
        auth=auth,
        namespaces=[namespace],
        transports=["websocket"],
    )
    heard.append(("client", client))
    try:
        yield heard
    finally:
        client.disconnect()
        if client.eio.http:
            client.eio.http.close()


def first_word(server: Server, auth: object, cookie: str = "") -> tuple[str, Any]:
    """What a viewer hears first."""
    headers = {"Cookie": cookie} if cookie else {}
    with connected(server, "/watch", auth, headers) as heard:
        assert wait_until(lambda: any(event != "client" for event, *_ in heard), 10)
        return next((event, content) for event, content in heard if event != "client")


def log_in(server: Server) -> str:
    """The cookie of an owner who knows the password."""
    with requests.Session() as browser:
        answer = browser.post(
            f"{server.url}/login", data={"password": PASSWORD}, timeout=10, allow_redirects=False
        )
        assert answer.status_code == 303
        assert browser.get(f"{server.url}/", timeout=10).status_code == 200
        return f"session={browser.cookies['session']}"


def test_a_watch_link_opens_nothing_once_it_is_revoked_not_even_after_a_restart(
    tmp_path: Path,
) -> None:
    env = {"ACCESS_PASSWORD": PASSWORD}
    with product(data_dir=tmp_path, env=env) as server:
        cookie = log_in(server)
        with connected(server, "/", None, {"Cookie": cookie}) as heard:
            camera = next(content for event, content in heard if event == "client")
            shared = camera.call("share", {"on": True}, timeout=10)
            token = {"token": shared["token"]}
            # No password: the link is the permission, for the page and for its counts only.
            watch = requests.get(server.url + shared["url"], timeout=10)
            assert watch.status_code == 200
            assert requests.get(f"{server.url}/api/v1/images", timeout=10).status_code == 401
            assert first_word(server, token)[0] == "state"
            assert first_word(server, {"wall": True})[1]["code"] == "unauthorized"
            assert first_word(server, {"wall": True}, cookie)[0] == "state"
            assert camera.call("share", {"on": False}, timeout=10) == {"token": None}
            assert first_word(server, token)[1]["code"] == "not_found"
            assert requests.get(server.url + shared["url"], timeout=10).status_code == 404
        assert "Traceback" not in server.log()
    with product(data_dir=tmp_path, env=env) as server:
        assert first_word(server, token)[1]["code"] == "not_found"


def test_a_join_link_lets_one_device_in_once(tmp_path: Path) -> None:
    with product(data_dir=tmp_path, env={"ACCESS_PASSWORD": PASSWORD}) as server:
        cookie = {"Cookie": log_in(server), "Accept": "application/json"}
        made = requests.post(f"{server.url}/join", headers=cookie, timeout=10).json()
        path = re.sub(r"^https?://[^/]+", "", made["url"])
        with requests.Session() as phone, requests.Session() as thief:
            assert phone.get(server.url + path, timeout=10).status_code == 200
            assert phone.get(f"{server.url}/api/v1/images", timeout=10).status_code == 401
            assert phone.post(server.url + path, timeout=10).url == f"{server.url}/"
            assert phone.get(f"{server.url}/api/v1/images", timeout=10).status_code == 200
            assert thief.post(server.url + path, timeout=10).status_code == 404
            assert thief.get(f"{server.url}/api/v1/images", timeout=10).status_code == 401
