"""The product with short deadlines, so that a test need not wait for the product's own."""

from __future__ import annotations

from flask import Flask

from streamapp import create_app, deadlines


def app() -> Flask:
    """For ``gunicorn "tests.server.impatient:app()"``."""
    deadlines.FIRST_BYTE_SECONDS = 2.0
    deadlines.HEAD_SECONDS = 1.0
    deadlines.BODY_SECONDS = 1.0
    made = create_app()
    engine = made.extensions["socketio"].server.eio
    engine.ping_interval, engine.ping_timeout = 0.5, 0.5
    return made
