"""Many images in one answer: CSV and ZIP, whole, safe and streamed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO

import pytest
from flask.testing import FlaskClient

from streamapp.errors import NotFound
from streamapp.models import FaceRecord, ImageRecord
from streamapp.web.exports import csv_chunks, plain_cell, started, zip_chunks
from tests.web.conftest import API, upload

RECORD = ImageRecord(
    id="0" * 32,
    owner="o",
    owner_known=True,
    filename="party.jpg",
    created_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
    width=4,
    height=3,
    detector="cascade",
    faces=(FaceRecord((0, 0, 2, 2), 0.9),),
    original_key="00/original.png",
    annotated_key="00/annotated.jpg",
)


def test_the_table_has_a_row_for_each_of_ones_own_images(client: FlaskClient) -> None:
    made = [upload(client, name) for name in ("a.jpg", 'b,"c"\n.jpg')]
    upload(client.application.test_client(), "somebody else's.jpg")
    answer = client.get("/api/v1/images.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=streamapp-counts.csv"
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["id"] for row in rows] == [image["id"] for image in made[::-1]]
    assert [row["filename"] for row in rows] == [image["filename"] for image in made[::-1]]
    assert {row["count"] for row in rows} == {"1"}


def test_the_table_of_an_owner_without_images_is_its_header(client: FlaskClient) -> None:
    assert client.get("/api/v1/images.csv").text.splitlines() == [
        "id,filename,created_at,width,height,detector,count"
    ]


@pytest.mark.parametrize("name", ["=1+1.jpg", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_file_name_becomes_a_formula(name: str) -> None:
    table = b"".join(csv_chunks([replace(RECORD, filename=name)])).decode()
    cell = next(iter(csv.DictReader(io.StringIO(table, newline=""))))["filename"]
    assert cell == "'" + name == plain_cell(name)


def test_the_archive_holds_both_pictures_of_every_image(client: FlaskClient) -> None:
    ids = [upload(client, name)["id"] for name in ("x.jpg", "x.jpg", "../../Größe?.jpg")]
    answer = client.get("/api/v1/images.zip")
    assert answer.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        original = next(name for name in names if str(ids[0])[:12] in name)
        assert archive.read(original) == client.get(f"{API}/{ids[0]}/original").data
    assert len(set(names)) == 6
    assert f"original/Größe_-{str(ids[2])[:12]}.jpg" in names
    assert not any(".." in name or name.startswith("/") for name in names)


def test_the_table_can_be_of_chosen_images_in_the_order_they_were_named(
    client: FlaskClient,
) -> None:
    ids = [str(upload(client)["id"]) for _ in range(3)]
    answer = client.get(f"/api/v1/images.csv?ids={ids[2]},{ids[0]}")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["id"] for row in rows] == [ids[2], ids[0]]
    assert client.get(f"/api/v1/images.csv?ids={'0' * 32}").status_code == 404
    too_many = ",".join(f"{number:032x}" for number in range(101))
    assert client.get(f"/api/v1/images.csv?ids={too_many}").status_code == 422


def test_the_archive_can_be_of_chosen_images(client: FlaskClient) -> None:
    ids = [str(upload(client)["id"]) for _ in range(3)]
    answer = client.get("/api/v1/images.zip", query_string={"ids": ",".join(ids[:2])})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert len(archive.namelist()) == 4
    assert client.get(f"/api/v1/images.zip?ids={'0' * 32}").status_code == 404
    assert client.get("/api/v1/images.zip?ids=1,2").status_code == 422
    assert (
        client.get(f"{API}.zip?ids={','.join([f'{n:032x}' for n in range(101)])}").status_code
        == 422
    )


class Blobs:
    """Stands for the service: pictures of ``size`` bytes, the annotated ones deleted meanwhile."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.opened = 0

    def open(self, key: str) -> BinaryIO:
        if "annotated" in key:
            raise NotFound("gone")
        self.opened += 1
        return io.BytesIO(bytes(self.size))


def test_the_archive_is_made_while_it_is_sent_and_leaves_out_what_is_gone() -> None:
    blobs = Blobs(1_000_000)
    records = (replace(RECORD, id=f"{n:02x}" + 30 * "0") for n in range(50))
    chunks = started(zip_chunks(records, blobs))  # type: ignore[arg-type]
    assert blobs.opened == 1
    sizes = [len(chunk) for chunk in chunks]
    assert max(sizes) < 100_000
    assert sum(sizes) > 50_000_000
    assert blobs.opened == 50


def test_an_error_before_the_first_chunk_can_still_be_answered() -> None:
    def failing() -> Iterator[bytes]:
        raise NotFound("nothing")
        yield b""

    with pytest.raises(NotFound):
        started(failing())
