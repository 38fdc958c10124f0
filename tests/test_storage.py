"""The storage's contract, kept by a folder and by a real S3 server."""

from __future__ import annotations

import http.client
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from bench.services import Process
from streamapp import s3_client
from streamapp.config import load
from streamapp.errors import ConfigError, NotFound, Unavailable
from streamapp.storage import LocalStorage, Storage
from streamapp.storage_s3 import S3Storage

KEYS = {"S3_ACCESS_KEY_ID": "k", "S3_SECRET_ACCESS_KEY": "s"}
LARGE = secrets.token_bytes(1_000_000) * 20


def bucket(service: Process, tmp_path: Path, **settings: str) -> S3Storage:
    return S3Storage(load({"DATA_DIR": tmp_path, **service.env, **settings}))


@pytest.fixture(scope="module", params=["folder", "s3"])
def storage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Storage]:
    folder = tmp_path_factory.mktemp("storage")
    if request.param == "folder":
        yield LocalStorage(folder)
    else:
        yield bucket(request.getfixturevalue("s3"), folder)


@pytest.fixture
def key() -> str:
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}/original.jpg"


def read(storage: Storage, key: str) -> bytes:
    with storage.open(key) as blob:
        return blob.read()


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"picture" * 999, LARGE], ids=["nothing", "one byte", "some", "20 MB"]
)
def test_what_was_put_is_read_again(storage: Storage, key: str, data: bytes) -> None:
    storage.put(key, data)
    assert read(storage, key) == data


def test_a_blob_is_read_in_pieces(storage: Storage, key: str) -> None:
    storage.put(key, LARGE)
    with storage.open(key) as blob:
        pieces = list(iter(lambda: blob.read(100_000), b""))
    assert max(map(len, pieces)) == 100_000
    assert b"".join(pieces) == LARGE


def test_a_second_put_takes_the_place_of_the_first(storage: Storage, key: str) -> None:
    storage.put(key, b"first, and longer")
    storage.put(key, b"second")
    assert read(storage, key) == b"second"


def test_a_reader_sees_one_whole_blob_while_it_is_replaced(storage: Storage, key: str) -> None:
    versions = [bytes([n]) * 200_000 for n in range(4)]
    storage.put(key, versions[0])
    writer = threading.Thread(target=lambda: [storage.put(key, each) for each in versions])
    writer.start()
    seen = [read(storage, key) for _ in range(10)]
    writer.join()
    assert all(each in versions for each in seen)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("ab/unknown/original.jpg", id="unknown"),
        pytest.param("", id="empty"),
        pytest.param("..", id="the folder above"),
        pytest.param("../../etc/passwd", id="a path out of the folder"),
        pytest.param("ab/../../etc/passwd", id="a path out by detour"),
        pytest.param("/etc/passwd", id="an absolute path"),
    ],
)
def test_a_key_that_does_not_exist_is_not_found(storage: Storage, wrong: str) -> None:
    with pytest.raises(NotFound):
        storage.open(wrong)


def test_a_deleted_blob_is_gone_and_may_be_deleted_again(storage: Storage, key: str) -> None:
    storage.put(key, b"picture")
    for _ in range(2):
        storage.delete(key)
    with pytest.raises(NotFound):
        storage.open(key)


def test_only_what_was_not_written_for_long_is_stale(storage: Storage, key: str) -> None:
    storage.put(key, b"picture")
    assert key not in set(storage.stale_keys(3600))
    assert key in set(storage.stale_keys(-3600))


def test_a_storage_that_is_there_passes_its_check(storage: Storage) -> None:
    storage.check()


def test_a_folder_has_no_addresses(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    assert (storage.url("a/b.jpg"), storage.origin) == (None, None)


def _get(address: str, **headers: str) -> http.client.HTTPResponse:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
    answer = connection.getresponse()
    answer.data = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def test_a_signed_address_serves_type_range_and_name(s3: Process, tmp_path: Path, key: str) -> None:
    storage = bucket(s3, tmp_path)
    storage.put(key, b"0123456789")
    address = storage.url(key, "streamapp-1-original.jpg")
    assert address is not None
    assert address.startswith(storage.origin)
    answer = _get(address, Range="bytes=2-4")
    assert (answer.status, answer.data) == (206, b"234")  # type: ignore[attr-defined]
    assert answer.getheader("Content-Type") == "image/jpeg"
    assert answer.getheader("Content-Disposition") == (
        'attachment; filename="streamapp-1-original.jpg"'
    )
    etag = answer.getheader("ETag")
    assert _get(address, **{"If-None-Match": etag or ""}).status == 304


def test_an_address_that_was_tampered_with_serves_nothing(
    s3: Process, tmp_path: Path, key: str
) -> None:
    storage = bucket(s3, tmp_path)
    for each in (key, key.replace("original", "annotated")):
        storage.put(each, b"picture")
    address = storage.url(key) or ""
    assert _get(address).status == 200
    assert _get(address.replace("original", "annotated")).status == 403
    assert _get(address.partition("?")[0]).status == 403


def test_more_than_a_page_of_keys_is_listed(s3: Process, tmp_path: Path) -> None:
    storage = bucket(s3, tmp_path)
    keys = {f"ab/{secrets.token_hex(16)}/annotated.jpg" for _ in range(105)}
    for each in keys:
        storage.put(each, b"")
    assert keys <= set(storage.stale_keys(-3600))


@pytest.mark.parametrize(
    "foreign",
    [
        "accounts.jpg",
        "backup/2026-11-23.tar",
        f"ab/{'ab' * 16}/original.jpg.old",
        f"AB/{'AB' * 16}/original.jpg",
        f"photos/ab/{'ab' * 16}/original.jpg",
    ],
)
def test_what_others_keep_in_the_bucket_is_never_stale(
    s3: Process, tmp_path: Path, foreign: str
) -> None:
    client = s3_client.connect(load({"DATA_DIR": tmp_path, **s3.env}))
    client.put_object(Bucket=s3.env["S3_BUCKET"], Key=foreign, Body=b"dear to somebody")
    assert foreign not in set(bucket(s3, tmp_path).stale_keys(-3600))


def test_https_reads_the_authorities_once_for_all_connections(
    s3: Process, tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", s3.secure_env["AWS_CA_BUNDLE"])
    storage = S3Storage(load({"DATA_DIR": tmp_path, **s3.secure_env}))

    def refuse(*_given: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr("ssl.SSLContext.load_verify_locations", refuse)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _n: storage.put(key, LARGE), range(4)))
    assert read(storage, key) == LARGE


def test_https_refuses_a_server_that_no_authority_knows(s3: Process, tmp_path: Path) -> None:
    storage = S3Storage(load({"DATA_DIR": tmp_path, **s3.secure_env}))
    with pytest.raises(Unavailable):
        storage.check()


def test_a_signed_address_is_good_for_one_method(s3: Process, tmp_path: Path, key: str) -> None:
    storage = bucket(s3, tmp_path)
    storage.put(key, b"picture")
    for head, method in ((True, "HEAD"), (False, "GET")):
        address = storage.url(key, head=head) or ""
        assert requests.request(method, address, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("settings", "origin"),
    [
        pytest.param(
            {"S3_BUCKET": "pictures", "S3_REGION": "eu-west-1"},
            "https://pictures.s3.eu-west-1.amazonaws.com",
            id="a region",
        ),
        pytest.param(
            {"S3_BUCKET": "pictures.example", "S3_REGION": "eu-west-1"},
            "https://s3.eu-west-1.amazonaws.com",
            id="a name with a dot, which no certificate has",
        ),
        pytest.param(
            {"S3_BUCKET": "pictures", "S3_ENDPOINT_URL": "https://s3.example:9000"},
            "https://s3.example:9000",
            id="a server of one's own",
        ),
    ],
)
def test_addresses_lead_to_where_the_bucket_is(
    tmp_path: Path, settings: dict[str, str], origin: str
) -> None:
    storage = S3Storage(load({"DATA_DIR": tmp_path, **KEYS, **settings}))
    assert storage.origin == origin
    assert (storage.url("ab/c.jpg") or "").startswith(f"{origin}/")


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"S3_BUCKET": "two words"}, id="no name of a bucket"),
        pytest.param({"S3_REGION": "no where"}, id="no name of a region"),
        pytest.param({"S3_ENDPOINT_URL": "http://host:99999999"}, id="no port"),
    ],
)
def test_names_that_cannot_be_are_refused_at_the_start(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    with pytest.raises(ConfigError, match="S3_BUCKET, S3_REGION or S3_ENDPOINT_URL"):
        S3Storage(load({"DATA_DIR": tmp_path, "S3_BUCKET": "pictures", **KEYS, **settings}))


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"S3_SECRET_ACCESS_KEY": "wrong"}, id="a wrong secret"),
        pytest.param({"S3_ENDPOINT_URL": "http://127.0.0.1:9"}, id="nobody there"),
    ],
)
def test_a_bucket_that_cannot_be_used_is_told(
    s3: Process, tmp_path: Path, settings: dict[str, str]
) -> None:
    storage = bucket(s3, tmp_path, **settings)
    for attempt in (storage.check, lambda: storage.put("a/b.jpg", b"picture")):
        with pytest.raises(Unavailable):
            attempt()


def test_a_bucket_that_does_not_exist_fails_the_check(s3: Process, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="does not exist"):
        bucket(s3, tmp_path, S3_BUCKET="nobodys").check()


def test_a_bucket_that_went_away_is_told_and_found_again(
    s3: Process, tmp_path: Path, key: str
) -> None:
    storage = bucket(s3, tmp_path)
    storage.put(key, b"picture")
    s3.stop()
    try:
        for attempt in (storage.check, lambda: read(storage, key), lambda: storage.put(key, b"")):
            with pytest.raises(Unavailable):
                attempt()
    finally:
        s3.start()
    assert read(storage, key) == b"picture"
