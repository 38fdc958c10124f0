"""Fixtures that more than one folder of tests asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

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
