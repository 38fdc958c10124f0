"""Headers that tell the browser what these pages never do."""

from __future__ import annotations

import re

import pytest
from flask import Flask

PAGES = ["/", "/upload", "/nothing-here", "/api/v1/images", "/healthz"]


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_the_headers(app: Flask, address: str) -> None:
    headers = app.test_client().get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=(self)" in headers["Permissions-Policy"]
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
