"""Fixtures that more than one folder of tests asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from bench import services
from streamapp.config import SETTINGS
from tests.web.conftest import make_app


@pytest.fixture(scope="session", autouse=True)
def _nobodys_settings() -> Iterator[None]:
    """No setting of whoever runs the tests reaches them."""
    with pytest.MonkeyPatch.context() as patch:
        for key in ("DYNO", "PORT", *(setting.key for setting in SETTINGS)):
            patch.delenv(key, raising=False)
        yield


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for all tests that leave it as it was."""
    return make_app(tmp_path_factory.mktemp("data"), UPLOADS_PER_MINUTE=10_000)


# One of each for all tests that ask; a test that stops one starts it again.


@pytest.fixture(scope="session")
def postgres() -> Iterator[services.Postgres]:
    """A real PostgreSQL."""
    with services.postgres() as running:
        yield running


@pytest.fixture(scope="session")
def s3() -> Iterator[services.Process]:
    """A real S3 server with a bucket."""
    with services.s3() as running:
        yield running


@pytest.fixture(scope="session")
def redis() -> Iterator[services.Process]:
    """A real Redis."""
    with services.redis() as running:
        yield running
