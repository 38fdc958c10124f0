"""Two owners, every route of images: what the other sees, and what it can do."""

from __future__ import annotations

import io
import re
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import API, PHOTO, upload

# What a stranger gets who has the id: it is the right to view, and to nothing else.
WITH_ID = {
    ("GET", "/images/<image_id>"): 200,
    ("GET", "/images/<image_id>/delete"): 404,
    ("POST", "/images/<image_id>/delete"): 404,
    ("GET", f"{API}/<image_id>"): 200,
    ("DELETE", f"{API}/<image_id>"): 404,
    ("GET", f"{API}/<image_id>/original"): 200,
    ("GET", f"{API}/<image_id>/annotated"): 200,
    ("GET", f"{API}/<image_id>/thumbnail"): 200,
}
# Routes without an id in their address; what a stranger gets holds nothing of the owner's.
WITHOUT_ID = {
    ("GET", "/images"),
    ("GET", API),
    ("GET", f"{API}.csv"),
    ("GET", f"{API}.zip"),
}
UPLOADS = {("POST", API), ("POST", "/upload"), ("GET", "/upload")}


@pytest.fixture(scope="module")
def owner(app: Flask) -> FlaskClient:
    """A browser with its cookie."""
    browser = app.test_client()
    browser.get("/upload")
    return browser


@pytest.fixture(scope="module")
def stranger(app: Flask) -> FlaskClient:
    """Another browser with another cookie."""
    browser = app.test_client()
    browser.get("/upload")
    return browser


@pytest.fixture(scope="module")
def image(owner: FlaskClient) -> dict[str, Any]:
    """The owner's; nothing that a stranger tries changes it."""
    return upload(owner, "the owner's.jpg")


def test_every_route_of_images_is_in_a_table(app: Flask) -> None:
    rules = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if re.search(r"/images|/upload", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert rules == set(WITH_ID) | WITHOUT_ID | UPLOADS


@pytest.mark.parametrize(("method", "rule"), WITH_ID, ids=" ".join)
def test_with_the_id_a_stranger_may_look_and_nothing_else(
    owner: FlaskClient, stranger: FlaskClient, image: dict[str, Any], method: str, rule: str
) -> None:
    address = rule.replace("<image_id>", str(image["id"]))
    assert stranger.open(address, method=method).status_code == WITH_ID[method, rule]
    assert owner.get(f"{API}/{image['id']}").get_json() == image


@pytest.mark.parametrize(("method", "rule"), WITH_ID, ids=" ".join)
@pytest.mark.parametrize(
    "guess",
    ["0" * 32, "1", "me", "%2e%2e", "..%2f..%2f..%2fetc%2fpasswd", "%00", "*", "' or 1=1 --"],
)
def test_without_the_id_there_is_nothing(
    stranger: FlaskClient, method: str, rule: str, guess: str
) -> None:
    answer = stranger.open(rule.replace("<image_id>", guess), method=method)
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize(("method", "rule"), sorted(WITHOUT_ID), ids=" ".join)
def test_a_list_or_an_archive_holds_ones_own_only(
    stranger: FlaskClient, image: dict[str, Any], method: str, rule: str
) -> None:
    for query in ("", f"?before={image['id']}", "?since=2000-01-01T00:00:00Z"):
        answer = stranger.open(rule + query, method=method)
        if answer.status_code == 422:
            continue  # `before` is not one of one's own
        assert answer.status_code == 200
        assert str(image["id"])[:12].encode() not in answer.data


def test_nothing_is_overwritten_by_a_second_upload_of_the_same_name(
    owner: FlaskClient, stranger: FlaskClient
) -> None:
    mine = upload(owner, "../x.jpg")
    before = owner.get(mine["original_url"]).data
    theirs = upload(stranger, "../x.jpg")
    assert theirs["id"] != mine["id"]
    assert owner.get(mine["original_url"]).data == before


@pytest.mark.parametrize(
    "traversal",
    [
        "/api/v1/images/../../../../etc/passwd",
        "/api/v1/images/%2e%2e/%2e%2e/etc/passwd",
        "/images/..%5c..%5cetc%5cpasswd",
        "/static/../streamapp/config.py",
        "/static/%2e%2e/streamapp/config.py",
        "/static/..%2fstreamapp%2fconfig.py",
    ],
)
def test_no_address_leads_out_of_the_folders(client: FlaskClient, traversal: str) -> None:
    answer = client.get(traversal)
    assert answer.status_code == 404
    assert b"root:" not in answer.data


SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>.jpg"


def test_a_script_in_a_file_name_is_text_on_every_page(owner: FlaskClient) -> None:
    image = upload(owner, SCRIPT)
    files = [(io.BytesIO(PHOTO), "good.jpg"), (io.BytesIO(b"no picture"), SCRIPT)]
    refused = owner.post("/upload", data={"image": files})
    pages = ["/images", f"/images/{image['id']}", f"/images/{image['id']}/delete"]
    for address in [refused.location, *pages]:  # the first tells of the one that was refused
        page = owner.get(address).text
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert owner.get(f"{API}/{image['id']}").content_type == "application/json"


@pytest.mark.parametrize(
    "name", ["a%0D%0ASet-Cookie%3A%20owner%3Dx.jpg", "a%0Ab.jpg", "%00", "%E2%80%A8"]
)
def test_a_file_name_writes_no_header(owner: FlaskClient, name: str) -> None:
    disposition = f"Content-Disposition: form-data; name=\"image\"; filename*=UTF-8''{name}"
    body = b"\r\n".join([b"--edge", disposition.encode(), b"", PHOTO, b"--edge--", b""])
    sent = owner.post(API, data=body, content_type="multipart/form-data; boundary=edge")
    image = sent.get_json()
    assert image["filename"] == unquote(name)
    for address in (f"/images/{image['id']}", image["original_url"] + "?download", f"{API}.zip"):
        answer = owner.get(address)
        assert answer.status_code == 200
        assert "owner=x" not in str(answer.headers)
