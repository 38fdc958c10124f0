"""A dyno without a bucket says that it forgets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.conftest import make_app

BUCKET = {"S3_BUCKET": "b", "S3_ACCESS_KEY_ID": "k", "S3_SECRET_ACCESS_KEY": "s"}


@pytest.mark.parametrize(
    ("dyno", "settings", "told"),
    [
        pytest.param(True, {}, True, id="a dyno with its own disk"),
        pytest.param(True, BUCKET, False, id="a dyno with a bucket"),
        pytest.param(False, {}, False, id="a machine of one's own"),
    ],
)
def test_page_and_log_say_it(
    dyno: bool,
    settings: dict[str, str],
    told: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if dyno:
        monkeypatch.setenv("DYNO", "web.1")
    app = make_app(tmp_path, BEHIND_PROXY="false", **settings)
    assert ("For a short time only" in app.test_client().get("/upload").text) is told
    assert ("emptied at every restart" in caplog.text) is told
