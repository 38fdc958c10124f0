"""Alive, ready, and what there is to see."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from tests.web.conftest import make_app


def test_a_living_process_says_so(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_ready_server_names_what_it_depends_on(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "checks": {"database": "ok", "storage": "ok"}}


def test_a_draining_server_is_alive_and_not_ready(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    app.extensions["streamapp"].streams.draining = True
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["server"]) == (503, "draining")
    assert answer.headers["Retry-After"]


def test_a_lost_image_folder_is_named(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    shutil.rmtree(tmp_path / "images")
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["storage"] != "ok"
    assert answer.json["checks"]["database"] == "ok"


@pytest.mark.parametrize(
    "name",
    [
        "streamapp_frames",
        "streamapp_frame_queue_seconds",
        "streamapp_frame_process_seconds",
        "streamapp_frame_cpu_seconds",
        "streamapp_frame_cost_seconds",
        "streamapp_clients",
        "streamapp_tracks",
        "streamapp_hub_lag_seconds",
        "streamapp_process_resident_bytes",
        "streamapp_uploads",
    ],
)
def test_metrics_has_a_family_in_the_prometheus_format(app: Flask, name: str) -> None:
    answer = app.test_client().get("/metrics")
    assert answer.content_type.startswith("text/plain; version=")
    families = {family.name for family in text_string_to_metric_families(answer.text)}
    assert name in families


def test_two_apps_in_one_process_count_apart(tmp_path: Path) -> None:
    one, other = (make_app(tmp_path / name).extensions["streamapp"].metrics for name in "ab")
    one.frame("ok")
    assert b'streamapp_frames_total{result="ok"} 1.0' in one.render()
    assert b'streamapp_frames_total{result="ok"}' not in other.render()
