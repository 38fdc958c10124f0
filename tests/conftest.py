"""Fixtures that more than one folder of tests asks for."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.conftest import make_app


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for all tests that leave it as it was."""
    return make_app(tmp_path_factory.mktemp("data"), UPLOADS_PER_MINUTE=10_000)
