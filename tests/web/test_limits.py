"""Uploads by owner and address, requests and connections by address: refused with a time."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from streamapp.web.limits import network_of
from tests.web.conftest import API, PHOTO, make_app


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
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
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


def test_a_form_of_more_files_than_are_left_uses_them_up(tmp_path: Path) -> None:
    client = make_app(tmp_path, UPLOADS_PER_MINUTE=4).test_client()
    client.get("/upload")
    assert [post(client, "/upload", files=3).status_code for _ in range(3)] == [303, 303, 429]


def test_an_address_may_ask_only_so_often_but_health_and_static_files_are_free(
    tmp_path: Path,
) -> None:
    client = make_app(tmp_path, REQUESTS_PER_MINUTE=10).test_client()
    for _ in range(5):
        assert client.get(API).status_code == 200
        assert client.get("/upload").status_code == 200
    refused = client.get(API)
    assert refused.status_code == 429
    assert refused.get_json()["error"]["code"] == "rate_limited"
    assert "10 requests a minute" in refused.get_json()["error"]["message"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    page = client.get("/upload", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (429, "text/html")
    assert client.get("/healthz").status_code == 200
    assert client.get("/static/css/base.css").status_code == 200
    assert client.get(API, environ_base={"REMOTE_ADDR": "1.2.3.5"}).status_code == 200


def test_an_address_may_open_only_so_many_lines(tmp_path: Path) -> None:
    client = make_app(tmp_path, REQUESTS_PER_MINUTE=10).test_client()
    handshake = "/socket.io/?EIO=4&transport=polling"
    first = [client.get(handshake) for _ in range(10)]
    assert {answer.status_code for answer in first} == {200}
    refused = client.get(handshake)
    assert refused.status_code == 429
    assert refused.get_json()["error"]["code"] == "rate_limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    sid = first[0].text.partition('"sid":"')[2].partition('"')[0]
    going_on = client.post(f"{handshake}&sid={sid}", data="40")
    assert (going_on.status_code, going_on.text) == (200, "OK")
    other = client.get(handshake, environ_base={"REMOTE_ADDR": "1.2.3.5"})
    assert other.status_code == 200


@pytest.mark.parametrize("address", ["/join/guess", "/watch/guess"])
def test_secret_links_are_not_for_guessing(tmp_path: Path, address: str) -> None:
    client = make_app(tmp_path).test_client()
    statuses = [client.get(f"{address}{number}").status_code for number in range(61)]
    assert statuses[-2:] == [404, 429]
