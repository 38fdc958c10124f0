"""Requests that another site's page makes a visitor's browser send."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import API, PHOTO, make_app, upload

OTHER_SITE = {
    "Sec-Fetch-Site: cross-site": {
        "Sec-Fetch-Site": "cross-site",
        "Origin": "https://evil.example",
    },
    "Sec-Fetch-Site: same-site": {"Sec-Fetch-Site": "same-site", "Origin": "http://x.localhost"},
    "another origin": {"Origin": "https://evil.example"},
    "another port": {"Origin": "http://localhost:8000"},
    "a name that begins like ours": {"Origin": "http://localhost.evil.example"},
    "a sandboxed frame": {"Origin": "null"},
    "an empty origin": {"Origin": ""},
    "half an address": {"Origin": "http://["},
}
SAME_SITE = {
    "a page of ours": {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    "the address bar": {"Sec-Fetch-Site": "none"},
    "an older browser": {"Origin": "http://localhost"},
    "behind a proxy that ends https": {"Origin": "https://LOCALHOST"},
    "a program": {},
}


@pytest.mark.parametrize("headers", OTHER_SITE.values(), ids=OTHER_SITE)
@pytest.mark.parametrize("with_cookie", [True, False], ids=["with a cookie", "without a cookie"])
def test_another_site_can_neither_upload_nor_delete(
    client: FlaskClient, headers: dict[str, str], with_cookie: bool
) -> None:
    image = upload(client)
    sender = client if with_cookie else client.application.test_client()
    answers = [
        sender.post(API, data={"image": (io.BytesIO(PHOTO), "x.jpg")}, headers=headers),
        sender.delete(f"{API}/{image['id']}", headers=headers),
        sender.post(f"/images/{image['id']}/delete", headers=headers),
        sender.post("/upload", data={"image": (io.BytesIO(PHOTO), "x.jpg")}, headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert answers[0].get_json()["error"]["code"] == "cross_site_request"
    # No cookie either: it would take the place of the visitor's own.
    assert with_cookie or not any("Set-Cookie" in answer.headers for answer in answers)
    assert [entry["id"] for entry in client.get(API).get_json()["images"]] == [image["id"]]


@pytest.mark.parametrize("headers", SAME_SITE.values(), ids=SAME_SITE)
def test_our_own_pages_and_programs_are_let_in(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    photo = {"image": (io.BytesIO(PHOTO), "x.jpg")}
    assert client.post("/upload", data=photo, headers=headers).status_code == 303
    image = upload(client)
    assert client.delete(f"{API}/{image['id']}", headers=headers).status_code == 204


def test_another_site_may_link_to_a_page(client: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.get("/upload", headers=headers).status_code == 200


@pytest.mark.parametrize(("behind_proxy", "secure"), [("false", False), ("true", True)])
def test_the_cookie_is_for_this_site_only_and_not_for_scripts(
    tmp_path_factory: pytest.TempPathFactory, behind_proxy: str, secure: bool
) -> None:
    app = make_app(tmp_path_factory.mktemp("cookie"), BEHIND_PROXY=behind_proxy)
    cookie = app.test_client().get("/upload").headers["Set-Cookie"]
    flags = {flag.strip() for flag in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= flags
    assert ("Secure" in flags) is secure
