"""The HTTP contract for stills, to the letter: other programs are written against it."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import EnvironBuilder

from bench.media import media
from tests.web.conftest import API, PHOTO, make_app, upload

KEYS = {"id", "filename", "created_at", "width", "height", "detector", "count", "faces"} | {
    "original_url",
    "annotated_url",
}


def _send(client: FlaskClient, data: bytes, name: str = "a.jpg", **fields: str) -> Any:
    fields_and_file = {"image": (io.BytesIO(data), name), **fields}
    builder = EnvironBuilder(path=API, method="POST", data=fields_and_file)
    environ = builder.get_environ()
    try:
        return client.open(environ)
    finally:
        environ["wsgi.input"].close()  # a file on disk where it is large; nobody else closes it
        builder.close()


def test_a_created_image_is_answered_with_its_place_and_all_its_keys(client: FlaskClient) -> None:
    answer = _send(client, PHOTO, "one.jpg")
    image = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/api/v1/images/{image['id']}")
    assert set(image) >= KEYS
    assert re.fullmatch(r"[0-9a-f]{32}", image["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", image["created_at"])
    assert (image["filename"], image["detector"], image["count"]) == ("one.jpg", "cascade", 1)
    with Image.open(io.BytesIO(PHOTO)) as photo:
        assert (image["width"], image["height"]) == photo.size
    (face,) = image["faces"]
    assert set(face) == {"box", "confidence"}
    assert all(isinstance(edge, int) for edge in face["box"])
    assert 0 < face["confidence"] <= 1
    assert client.get(answer.headers["Location"]).json == image


@pytest.mark.parametrize("kind", ["original", "annotated"])
def test_both_pictures_are_served_as_what_they_are(client: FlaskClient, kind: str) -> None:
    image = upload(client)
    answer = client.get(image[f"{kind}_url"])
    assert answer.status_code == 200
    assert answer.content_type == "image/jpeg"
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert picture.size == (image["width"], image["height"])


def test_a_deleted_image_is_gone_with_both_pictures(client: FlaskClient) -> None:
    image = upload(client)
    address = f"{API}/{image['id']}"
    assert client.delete(address).status_code == 204
    for gone in (address, image["original_url"], image["annotated_url"]):
        assert client.get(gone).status_code == 404
    assert client.delete(address).status_code == 404


@pytest.mark.parametrize("detector", ["cascade", "yunet"])
def test_the_detector_can_be_chosen(client: FlaskClient, detector: str) -> None:
    image = _send(client, PHOTO, detector=detector).json
    assert (image["detector"], image["count"]) == (detector, 1)


def test_a_png_is_told_by_content_and_served_as_png(client: FlaskClient) -> None:
    image = _send(client, media("astronaut.png").read_bytes(), "astronaut.jpg").json
    assert image["count"] == 1
    assert client.get(image["original_url"]).content_type == "image/png"


def _png_claiming(side: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (side, side)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        pytest.param(b"x" * 100_000, 415, "unsupported_media_type", id="100 kB of text"),
        pytest.param(b"GIF89a" + bytes(99), 415, "unsupported_media_type", id="a GIF"),
        pytest.param(b"", 400, "unreadable_image", id="0 bytes"),
        pytest.param(PHOTO[:-1000], 400, "unreadable_image", id="a truncated JPEG"),
        pytest.param(PHOTO[:200], 400, "unreadable_image", id="a JPEG cut in its header"),
        pytest.param(_png_claiming(64)[:-5], 400, "unreadable_image", id="a truncated PNG"),
        pytest.param(_png_claiming(20_000), 413, "image_too_large", id="400 megapixels"),
        pytest.param(bytes(30_000_000), 413, "image_too_large", id="30 MB"),
    ],
)
def test_a_bad_file_is_refused_by_name_and_nothing_is_stored(
    tmp_path: Path, data: bytes, status: int, code: str
) -> None:
    client = make_app(tmp_path).test_client()
    began = time.process_time()
    answer = _send(client, data, "picture.jpg")
    assert answer.status_code == status
    error = answer.json["error"]
    assert (set(error), error["code"]) == ({"code", "message", "request_id"}, code)
    assert time.process_time() - began < 2, "it was decoded before it was refused"
    assert [path for path in (tmp_path / "images").rglob("*") if path.is_file()] == []
    assert client.get(API).json["images"] == []
    assert _send(client, PHOTO).status_code == 201


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        pytest.param({"detector": "magic"}, 422, id="unknown detector"),
        pytest.param({"blur": "perhaps"}, 422, id="blur that is neither true nor false"),
    ],
)
def test_a_bad_parameter_is_refused(
    client: FlaskClient, fields: dict[str, str], status: int
) -> None:
    answer = _send(client, PHOTO, **fields)
    assert (answer.status_code, answer.json["error"]["code"]) == (status, "invalid_parameter")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_gives_the_upright_picture_and_its_boxes(
    client: FlaskClient, orientation: int
) -> None:
    upright = _send(client, PHOTO).json
    turn = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }[orientation]
    with Image.open(io.BytesIO(PHOTO)) as photo:
        stored = photo.convert("RGB")
    for operation in turn:
        stored = stored.transpose(operation)
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    stored.save(file, "JPEG", quality=95, exif=exif)
    image = _send(client, file.getvalue()).json
    assert (image["width"], image["height"]) == (upright["width"], upright["height"])
    assert image["count"] == 1
    tolerance = upright["width"] * 0.05
    assert image["faces"][0]["box"] == pytest.approx(upright["faces"][0]["box"], abs=tolerance)


def test_what_is_kept_of_a_photo_does_not_tell_where_it_was_taken(client: FlaskClient) -> None:
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    exif.get_ifd(0x8825)[0x001D] = "2026:11:23"
    file = io.BytesIO()
    with Image.open(io.BytesIO(PHOTO)) as photo:
        photo.save(file, "JPEG", exif=exif, comment=b"at home")
    image = _send(client, file.getvalue() + b"a film").json
    for kind in ("original", "annotated"):
        kept = client.get(image[f"{kind}_url"]).data
        assert not [told for told in (b"camera", b"2026", b"home", b"film") if told in kept]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("../../../etc/passwd", id="a path"),
        pytest.param("<script>alert(1)</script>.jpg", id="markup"),
        pytest.param("Grüße 日本 🙂.jpg", id="unicode"),
        pytest.param("x" * 300 + ".jpg", id="300 letters"),
        pytest.param('a"; filename="b.html', id="quotes"),
    ],
)
def test_a_file_name_is_kept_as_text_and_stays_out_of_headers_and_paths(
    tmp_path: Path, name: str
) -> None:
    client = make_app(tmp_path).test_client()
    image = _send(client, PHOTO, name).json
    page = client.get(f"/images/{image['id']}").text
    assert "<script>alert" not in page
    for address in (image["original_url"], image["annotated_url"]):
        headers = client.get(address + "?download").headers
        assert image["filename"] not in str(headers)
    stored = {path.name for path in (tmp_path / "images").rglob("*") if path.is_file()}
    assert all(re.fullmatch(r"(original|annotated|thumbnail)\.(jpg|png)", n) for n in stored)


def test_lists_are_ones_own_and_only_the_owner_deletes(app: Flask) -> None:
    one, other = app.test_client(), app.test_client()
    for browser in (one, other):
        browser.get("/upload")  # where a browser gets its cookie
    image = upload(one)
    address = f"{API}/{image['id']}"
    assert [entry["id"] for entry in one.get(API).json["images"]] == [image["id"]]
    assert other.get(API).json["images"] == []
    assert other.get(address).status_code == 200  # whoever knows the id may see it
    assert other.delete(address).status_code == 404
    assert one.delete(address).status_code == 204


def test_what_a_program_uploads_without_a_cookie_it_may_delete_by_its_id(app: Flask) -> None:
    image = upload(app.test_client())
    assert app.test_client().delete(f"{API}/{image['id']}").status_code == 204


def test_lists_are_paged_newest_first(app: Flask) -> None:
    client = app.test_client()
    client.get("/upload")
    made = [upload(client)["id"] for _ in range(5)]
    seen: list[str] = []
    address = f"{API}?limit=2"
    while address:
        page = client.get(address).json
        assert len(page["images"]) <= 2
        seen += [image["id"] for image in page["images"]]
        address = page["next"]
    assert sorted(seen) == sorted(made)
    assert len(seen) == len(set(seen)) == 5


def test_the_form_answers_303_to_the_result_page(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/upload", data={"image": (io.BytesIO(PHOTO), "one.jpg")})
    assert answer.status_code == 303
    assert re.fullmatch(r"/images/[0-9a-f]{32}", answer.headers["Location"])
    assert "1 face found" in client.get(answer.headers["Location"]).text


def test_one_bad_file_of_several_does_not_spoil_the_others(app: Flask) -> None:
    client = app.test_client()
    files = [(io.BytesIO(PHOTO), "good.jpg"), (io.BytesIO(b"no picture"), "bad.jpg")]
    answer = client.post("/upload", data={"image": files}, follow_redirects=True)
    assert "1 face found" in answer.text
    assert "bad.jpg" in answer.text


@pytest.mark.parametrize("data", [{}, {"image": (io.BytesIO(b""), "")}], ids=["none", "unchosen"])
def test_a_form_without_a_file_is_answered_in_words(app: Flask, data: dict[str, Any]) -> None:
    answer = app.test_client().post("/upload", data=data)
    assert answer.status_code == 400
    assert "No file was chosen" in answer.text
