"""Pages and API of a real server."""

from __future__ import annotations

import io
import zlib

import pytest
import requests

from bench.media import media
from bench.servers import Server
from streamapp.vision.codec import decode_image
from tests.server.conftest import camera


@pytest.mark.server
def test_an_image_is_created_read_and_deleted(server: Server) -> None:
    photo = media("multi_face.jpg").read_bytes()
    with requests.Session() as session:
        made = session.post(
            f"{server.url}/api/v1/images", files={"image": ("party.jpg", photo)}, timeout=60
        )
        assert made.status_code == 201
        image = made.json()
        assert image["count"] == 5 == len(image["faces"])
        url = server.url + made.headers["Location"]
        assert session.get(url, timeout=10).json() == image
        original = session.get(server.url + image["original_url"], timeout=10)
        assert b"Exif" in photo
        assert b"Exif" not in original.content
        assert (decode_image(original.content) == decode_image(photo)).all()
        assert original.headers["Content-Type"] == "image/jpeg"
        annotated = session.get(server.url + image["annotated_url"], timeout=10)
        assert annotated.content[:3] == b"\xff\xd8\xff"
        listed = session.get(f"{server.url}/api/v1/images", timeout=10).json()
        assert [entry["id"] for entry in listed["images"]] == [image["id"]]
        assert session.delete(url, timeout=10).status_code == 204
        gone = [session.get(link, timeout=10) for link in (url, original.url, annotated.url)]
    assert [answer.status_code for answer in gone] == [404, 404, 404]


def _bomb() -> bytes:
    """A PNG of 20,000 x 20,000 RGB pixels, 1.2 GB once decoded, in about 1 MB."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
        )

    side = (20_000).to_bytes(4, "big")
    packer = zlib.compressobj(9)
    row = bytes(60_001)
    pixels = b"".join(packer.compress(row) for _ in range(20_000)) + packer.flush()
    header = side + side + bytes((8, 2, 0, 0, 0))
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.server
@pytest.mark.parametrize(
    ("make", "status", "code"),
    [
        pytest.param(lambda: b"x" * 100_000, 415, "unsupported_media_type", id="100 kB of text"),
        pytest.param(lambda: b"", 400, "unreadable_image", id="0 bytes"),
        pytest.param(
            lambda: media("multi_face.jpg").read_bytes()[:-2000],
            400,
            "unreadable_image",
            id="a truncated JPEG",
        ),
        pytest.param(lambda: bytes(30_000_000), 413, "image_too_large", id="30 MB"),
        pytest.param(_bomb, 413, "image_too_large", id="a PNG of 20,000 x 20,000 pixels"),
    ],
)
@pytest.mark.parametrize("route", ["/api/v1/images", "/upload"])
def test_a_bad_file_is_named_and_the_next_good_one_accepted(
    server: Server, make: object, status: int, code: str, route: str
) -> None:
    with requests.Session() as session:
        files = {"image": ("picture.jpg", io.BytesIO(make()))}
        refused = session.post(server.url + route, files=files, timeout=60)
        assert refused.status_code == status
        if route.startswith("/api"):
            error = refused.json()["error"]
            assert error["code"] == code
            assert set(error) == {"code", "message", "request_id"}
        else:
            assert "text/html" in refused.headers["Content-Type"]
        good = {"image": ("one.jpg", media("single_face.jpg").read_bytes())}
        assert (
            session.post(f"{server.url}/api/v1/images", files=good, timeout=60).json()["count"] == 1
        )


@pytest.mark.server
def test_the_form_leads_to_the_result_page_without_javascript(server: Server) -> None:
    with requests.Session() as session:
        files = {"image": ("a.jpg", media("multi_face.jpg").read_bytes())}
        answer = session.post(
            f"{server.url}/upload", files=files, timeout=60, allow_redirects=False
        )
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/images/")
        page = session.get(server.url + answer.headers["Location"], timeout=10).text
    assert "5 faces" in page


@pytest.mark.server
def test_health_names_what_it_depends_on_and_metrics_count(
    server: Server, webcam: list[bytes]
) -> None:
    with camera(server) as client:
        client.send({"seq": 1}, webcam[0])
    assert requests.get(f"{server.url}/healthz", timeout=10).json() == {"status": "ok"}
    ready = requests.get(f"{server.url}/readyz", timeout=10)
    assert (ready.status_code, set(ready.json()["checks"])) == (200, {"database", "storage"})
    text = requests.get(f"{server.url}/metrics", timeout=10).text
    assert 'streamapp_frames_total{result="ok"}' in text
    assert "streamapp_process_resident_bytes" in text
