"""The tutorials' server without decoding and detection.

gunicorn … "bench.wire_only.toy:create_app()"
"""

from __future__ import annotations

from typing import Any

from flask import Flask

from bench import toy_server


def create_app() -> Flask:
    """The toy, which finds no faces in 640x480."""
    toy_server.count_faces = _no_faces
    return toy_server.app


def _no_faces(jpeg: bytes) -> tuple[list[Any], tuple[int, ...]]:  # noqa: ARG001, the toy's signature
    return [], (480, 640)
