"""Headers that tell the browser what these pages never do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from tests.web.conftest import make_app

VISITOR = {"REMOTE_ADDR": "10.0.0.1"}  # the router's address, as gunicorn sees it
PAGES = ["/", "/upload", "/nothing-here", "/api/v1/images", "/healthz"]


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_the_headers(app: Flask, address: str) -> None:
    headers = app.test_client().get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    permissions = headers["Permissions-Policy"]
    for ours in ("camera", "display-capture", "fullscreen", "screen-wake-lock"):
        assert f"{ours}=(self)" in permissions
    assert "microphone=()" in permissions
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["/", "/upload"])
def test_inline_scripts_carry_the_nonce_of_their_own_answer(app: Flask, address: str) -> None:
    client = app.test_client()
    nonces = []
    for _ in range(2):
        answer = client.get(address)
        policy = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
        assert policy is not None
        nonces.append(policy[1])
        for tag in re.findall(r"<script[^>]*>", answer.text):
            runs = "src=" not in tag and "application/json" not in tag
            assert not runs or f'nonce="{policy[1]}"' in tag
        assert not re.search(r"\son\w+=|\sstyle=|<style", answer.text)
    assert nonces[0] != nonces[1]


def test_https_is_asked_for_again_only_where_it_was_used(app: Flask) -> None:
    client = app.test_client()
    assert "Strict-Transport-Security" not in client.get("/").headers
    secure = client.get("/", base_url="https://localhost")
    assert "Strict-Transport-Security" in secure.headers


def test_the_owners_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    cookie = app.test_client().get("/upload").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_app(tmp_path_factory.mktemp("proxied"), BEHIND_PROXY="true")


def by(proto: str, address: str = "203.0.113.9", **more: str) -> dict[str, str]:
    """Headers of a router that passes on a request."""
    return {"X-Forwarded-Proto": proto, "X-Forwarded-For": address, "Host": "count.example", **more}


@pytest.mark.parametrize(
    ("method", "path", "location"),
    [
        ("GET", "/", "/"),
        ("GET", "/upload?a=1&b=%C3%A4", "/upload?a=1&b=%C3%A4"),
        ("POST", "/api/v1/images", "/api/v1/images"),
        ("GET", "/socket.io/?EIO=4&transport=polling", "/socket.io/?EIO=4&transport=polling"),
        ("GET", "/%0D%0ASet-Cookie:%20x=1", "/%0D%0ASet-Cookie%3A%20x%3D1"),
        ("GET", "/static/css/base.css", "/static/css/base.css"),
    ],
)
def test_plain_http_is_sent_to_https(proxied: Flask, method: str, path: str, location: str) -> None:
    client = proxied.test_client()
    answer = client.open(path, method=method, headers=by("http"), environ_base=VISITOR)
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"https://count.example{location}"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", by("https")),
        ("/healthz", by("http")),
        ("/readyz", by("http")),
        ("/", by("http", "127.0.0.1")),
        ("/", by("http", "::1")),
        ("/", {"Host": "count.example"}),
    ],
    ids=["https", "alive", "ready", "loopback", "loopback of IPv6", "a proxy that tells nothing"],
)
def test_what_is_not_sent_elsewhere(proxied: Flask, path: str, headers: dict[str, str]) -> None:
    answer = proxied.test_client().get(path, headers=headers, environ_base=VISITOR)
    assert answer.status_code == 200


def test_only_the_proxy_next_to_us_is_believed(tmp_path: Path) -> None:
    client = make_app(tmp_path, BEHIND_PROXY="true", REQUESTS_PER_MINUTE=10).test_client()
    for number in range(12):
        # What the visitor wrote comes first; the router puts the true address at the end.
        claimed = by("https", f"198.51.100.{number}, 203.0.113.9")
        claimed["X-Forwarded-Host"] = "evil.example, count.example"
        answer = client.get("/upload", headers=claimed, environ_base=VISITOR)
        assert answer.status_code == (200 if number < 10 else 429)
        assert "evil.example" not in answer.text


def test_without_a_proxy_no_forwarded_header_is_believed(tmp_path: Path) -> None:
    client = make_app(tmp_path, REQUESTS_PER_MINUTE=10).test_client()
    statuses = [
        client.get("/upload", headers=by("https", f"198.51.100.{number}")).status_code
        for number in range(11)
    ]
    assert statuses == [200] * 10 + [429]


HANDSHAKE = "/socket.io/?EIO=4&transport=polling"


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("https://count.example", 200),
        ("http://count.example", 400),
        ("https://evil.example", 400),
        ("https://count.example.evil.example", 400),
        ("null", 400),
    ],
)
def test_socket_io_takes_our_own_pages_only(
    proxied: Flask, origin: str | None, status: int
) -> None:
    headers = by("https", **({"Origin": origin} if origin else {}))
    answer = proxied.test_client().get(HANDSHAKE, headers=headers, environ_base=VISITOR)
    assert answer.status_code == status
