"""What makes the page an app that can be installed: its worker and what is shown offline."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template


def blueprint() -> Blueprint:
    """The routes."""
    installable = Blueprint("installable", __name__)

    @installable.get("/service-worker.js")
    def worker() -> Response:
        """From the top, as a worker rules only over what is below its own address."""
        response = current_app.send_static_file("js/service-worker.js")
        response.headers["Cache-Control"] = "no-cache"
        return response

    @installable.get("/offline")
    def offline() -> str:
        return render_template("offline.html")

    @installable.get("/manifest.webmanifest")
    def manifest() -> Response:
        response = current_app.send_static_file("manifest.webmanifest")
        response.mimetype = "application/manifest+json"
        return response

    return installable
