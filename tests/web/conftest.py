"""The application in this process, with threads instead of eventlet."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.media import media
from streamapp import create_app
from streamapp.vision.headers import read_header
from streamapp.vision.metadata import without_metadata

API = "/api/v1/images"
_FILE = media("single_face.jpg").read_bytes()
# It tells nothing but its picture, so that it is kept as it is.
PHOTO = without_metadata(_FILE, read_header(_FILE))


class Browser(FlaskClient):
    """A client that reads every answer to its end and closes it, as a server would."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **kwargs)


def make_app(data_dir: Path, **settings: object) -> Flask:
    """An application with a database and a folder of its own."""
    app = create_app(
        {
            "ASYNC_MODE": "threading",
            "DATA_DIR": data_dir,
            "DATABASE_URL": f"sqlite:///{data_dir / 'test.sqlite3'}",
            "STORAGE_DIR": data_dir / "images",
            "SECRET_KEY": "known to every reader of the tests",
            "REQUESTS_PER_MINUTE": 1_000_000,  # all tests have one address
            "TESTING": True,
            **settings,
        }
    )
    app.test_client_class = Browser
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of its own: nobody else's images are in its lists."""
    return app.test_client()


def upload(client: FlaskClient, name: str = "one.jpg") -> dict[str, Any]:
    """The API's answer to one photo of one face."""
    answer = client.post(API, data={"image": (io.BytesIO(PHOTO), name)})
    assert answer.status_code == 201, answer.text
    image: dict[str, Any] = answer.get_json()
    return image
