"""The tutorials' server without decoding and detection.

gunicorn … "bench.wire_only.toy:create_app()"
"""

from __future__ import annotations

from flask import Flask

from bench import toy_server


def create_app() -> Flask:
    """The toy, which finds no faces in 640x480."""
    toy_server.count_faces = lambda _jpeg: ([], (480, 640))
    return toy_server.app
