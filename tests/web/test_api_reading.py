"""Reading over the API: conditional requests, ranges, downloads, pages and dates."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import API, PHOTO, upload


@pytest.fixture(scope="module")
def image(app: Flask) -> dict[str, str]:
    return upload(app.test_client())


@pytest.mark.parametrize("kind", ["original", "annotated"])
def test_a_picture_that_the_client_has_is_not_sent_again(
    client: FlaskClient, image: dict[str, str], kind: str
) -> None:
    url = image[f"{kind}_url"]
    first = client.get(url)
    assert first.status_code == 200
    assert first.content_length == len(first.data)
    assert first.cache_control.private
    by_tag = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    by_date = client.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert (by_tag.status_code, by_tag.data) == (304, b"")
    assert (by_date.status_code, by_date.data) == (304, b"")
    assert client.get(url, headers={"If-None-Match": '"another"'}).data == first.data


RANGES = {
    "the first bytes": ("bytes=0-99", 206, slice(0, 100)),
    "from the middle to the end": ("bytes=100-", 206, slice(100, None)),
    "the last bytes": ("bytes=-50", 206, slice(-50, None)),
    "behind the end": ("bytes=99999999-", 416, None),
}


@pytest.mark.parametrize(("wanted", "status", "part"), RANGES.values(), ids=RANGES)
def test_a_part_of_a_picture_is_sent_where_a_range_is_asked(
    client: FlaskClient, image: dict[str, str], wanted: str, status: int, part: slice | None
) -> None:
    answer = client.get(image["original_url"], headers={"Range": wanted})
    assert answer.status_code == status
    if part is not None:
        assert answer.data == PHOTO[part]
        assert answer.headers["Content-Range"].endswith(f"/{len(PHOTO)}")
    else:
        assert answer.get_json()["error"]["code"] == "requested_range_not_satisfiable"


def test_head_tells_length_and_type_without_the_picture(
    client: FlaskClient, image: dict[str, str]
) -> None:
    answer = client.head(image["original_url"])
    assert (answer.data, answer.content_length) == (b"", len(PHOTO))
    assert answer.content_type == "image/jpeg"


@pytest.mark.parametrize("name", ['x"\r\nSet-Cookie: a=b', "../../etc/passwd", "\u202egpj.exe"])
def test_a_download_has_a_name_of_ours_whatever_the_client_called_it(
    client: FlaskClient, name: str
) -> None:
    made = upload(client, name)
    answer = client.get(f"{made['original_url']}?download")
    expected = f"attachment; filename=streamapp-{str(made['id'])[:8]}-original.jpg"
    assert answer.headers["Content-Disposition"] == expected
    assert "a=b" not in str(answer.headers)
    assert "Content-Disposition" not in client.get(str(made["original_url"])).headers


def test_pages_follow_each_other_to_the_end_without_a_gap(client: FlaskClient) -> None:
    made = [upload(client, f"{n}.jpg")["id"] for n in range(5)]
    seen: list[object] = []
    url: str | None = f"{API}?limit=2&since=2020-01-01T00:00:00Z"
    while url:
        page = client.get(url).get_json()
        assert 1 <= len(page["images"]) <= 2
        seen += [entry["id"] for entry in page["images"]]
        url = page["next"]
    assert seen == made[::-1]


def test_dates_choose_images(client: FlaskClient) -> None:
    made = upload(client)

    def listed(**query: str) -> list[object]:
        answer = client.get(API, query_string=query)
        assert answer.status_code == 200, answer.text
        return [entry["id"] for entry in answer.get_json()["images"]]

    assert listed(since="2020-01-01T00:00:00Z", until="2100-01-01T00:00:00+02:00") == [made["id"]]
    assert listed(since="2100-01-01T00:00:00Z") == []
    assert listed(until="2020-01-01t00:00:00.5z") == []
    assert listed(since=str(made["created_at"])) == [made["id"]]


WRONG = {
    "a limit of 0": "limit=0",
    "a limit of 101": "limit=101",
    "a limit that is text": "limit=many",
    "a limit in other digits": "limit=٣",
    "an empty limit": "limit=",
    "a date without a zone": "since=2026-11-23T12:00:00",
    "a day alone": "until=2026-11-23",
    "a month 13": "since=2026-13-01T00:00:00Z",
    "a moment before the first year": "since=0001-01-01T00:00:00%2B10:00",
    "an id that is none": "before=1",
    "an id of nobody": f"before={'0' * 32}",
}


@pytest.mark.parametrize("query", WRONG.values(), ids=WRONG)
def test_a_wrong_parameter_is_refused_by_name(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{API}?{query}")
    assert answer.status_code == 422
    error = answer.get_json()["error"]
    assert error["code"] == "invalid_parameter"
    assert error["message"].startswith(query.partition("=")[0])
