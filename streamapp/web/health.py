"""``/healthz``, ``/readyz`` and ``/metrics``: for routers, supervisors and monitoring."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify

from streamapp.errors import Unavailable
from streamapp.metrics import CONTENT_TYPE, Metrics

Check = Callable[[], None]


def blueprint(
    checks: Mapping[str, Check], draining: Callable[[], bool], metrics: Metrics
) -> Blueprint:
    """``checks`` names what the app depends on; each raises Unavailable when it is away."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @health.get("/readyz")
    def readyz() -> tuple[Response, int]:
        states = {name: _state(check) for name, check in checks.items()}
        if draining():
            states["server"] = "draining"
        ready = all(state == "ok" for state in states.values())
        answer = jsonify(status="ok" if ready else "unavailable", checks=states)
        if not ready:
            answer.headers["Retry-After"] = "5"
        return answer, 200 if ready else 503

    @health.get("/metrics")
    def exposition() -> Response:
        return Response(metrics.render(), content_type=CONTENT_TYPE)

    return health


def _state(check: Check) -> str:
    try:
        check()
    except Unavailable as error:
        return error.message
    return "ok"
