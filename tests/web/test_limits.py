"""Uploads by owner and address: let in, refused by name with a time, let in again."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from streamapp.web.limits import RateLimiter, network_of
from tests.web.conftest import API, PHOTO, make_app


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_at_once_and_fills_steadily() -> None:
    clock = Clock()
    limiter = RateLimiter(60, clock)
    for _ in range(60):
        assert limiter.wait("a") == 0
        limiter.take("a")
    assert limiter.wait("a") == pytest.approx(1)
    assert limiter.wait("b") == 0
    clock.now += 0.5
    assert limiter.wait("a") == pytest.approx(0.5)
    clock.now += 3600
    limiter.take("a", 60)
    assert limiter.wait("a") == pytest.approx(1)


def test_what_was_let_in_is_counted_whole() -> None:
    limiter = RateLimiter(6, Clock())
    limiter.take("a", 10)
    assert limiter.wait("a") == pytest.approx(50)


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200), st.integers(1, 120))
def test_never_more_than_the_rate_and_one_full_bucket(pauses: list[float], rate: int) -> None:
    clock = Clock()
    limiter, taken = RateLimiter(rate, clock), 0
    for pause in pauses:
        clock.now += pause
        if limiter.wait("a") == 0:
            limiter.take("a")
            taken += 1
    assert taken <= rate + (clock.now - 1000) * rate / 60 + 1


def test_the_memory_of_addresses_is_bounded() -> None:
    limiter = RateLimiter(1, Clock())
    limiter.take("first")
    for key in range(20_000):
        limiter.take(key)
    assert limiter.wait("first") == 0  # forgotten
    assert limiter.wait(19_999) > 0


def post(client: FlaskClient, url: str, files: int = 1, address: str = "1.2.3.4") -> TestResponse:
    images = [(io.BytesIO(PHOTO), f"{n}.jpg") for n in range(files)]
    return client.post(url, data={"image": images}, environ_base={"REMOTE_ADDR": address})


@pytest.mark.parametrize("url", [API, "/upload"])
def test_too_many_uploads_are_refused_with_the_time_to_wait(tmp_path: Path, url: str) -> None:
    client = make_app(tmp_path, UPLOADS_PER_MINUTE=2).test_client()
    client.get("/upload")
    assert [post(client, url).status_code // 100 for _ in range(2)] in ([2, 2], [3, 3])
    refused = post(client, url)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 30
    if url == API:
        error = refused.get_json()["error"]
        assert error["code"] == "rate_limited"
        assert "2 files a minute" in error["message"]
    assert client.get(API).status_code == 200  # reading goes on
    assert post(client, url, address="1.2.3.5").status_code < 400


def test_every_file_of_a_form_counts(tmp_path: Path) -> None:
    client = make_app(tmp_path, UPLOADS_PER_MINUTE=3).test_client()
    client.get("/upload")
    assert post(client, "/upload", files=3).status_code == 303
    assert post(client, "/upload").status_code == 429


def test_new_cookies_do_not_lift_the_limit_of_an_address(tmp_path: Path) -> None:
    app = make_app(tmp_path, UPLOADS_PER_MINUTE=1)
    taken = 0
    for _ in range(7):
        client = app.test_client()
        client.get("/upload")  # a cookie
        taken += post(client, API).status_code == 201
    assert taken == 5


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("a unix socket", "a unix socket"),
    ],
)
def test_a_subscriber_is_one_address_or_one_ipv6_network(address: str, network: str) -> None:
    assert network_of(address) == network
