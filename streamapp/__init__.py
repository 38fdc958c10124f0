"""streamapp counts faces, live from a webcam and in photos. `create_app` builds it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import cv2
from flask import Flask
from flask_socketio import SocketIO
from werkzeug.middleware.proxy_fix import ProxyFix

from streamapp import packets, wire_threads
from streamapp.config import ROOT, SETTINGS, Settings, load
from streamapp.errors import ConfigError
from streamapp.services import Services, build
from streamapp.shared import ViewerMessages
from streamapp.vision.engines import DETECTORS, WITHOUT_CASCADES
from streamapp.web import (
    answers,
    api,
    api_page,
    cli,
    detect,
    door,
    health,
    installable,
    intake,
    language,
    limits,
    security,
    session_api,
    session_pages,
    sockets,
    views,
    watch,
)
from streamapp.web.drain import DrainGate
from streamapp.web.https_gate import HttpsGate
from streamapp.web.socket_gate import SocketGate

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

_YEAR_SECONDS = 365 * 24 * 3600


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application, configured by the environment and, above it, by ``config``.

    Keys of ``config`` that are not settings of ours go to Flask. Raises ConfigError naming
    every setting that is wrong; a command of ``flask`` ends with its sentences alone.
    """
    try:
        return _create(config or {})
    except ConfigError as error:
        raise cli.refused(error) from error


def _create(config: Mapping[str, Any]) -> Flask:
    settings = _with_a_detector_there_is(load(config))
    app = _flask(settings, config)
    services = build(settings, watch.NAMESPACE)
    app.extensions["streamapp"] = services
    rates = limits.RateLimits(app, settings)
    gatekeeper = door.Door(settings, rates)
    _install_rules(app, services, rates, gatekeeper)
    _install_pages(app, services, gatekeeper)
    _install_commands(app, services, config)
    socketio = _socketio(app, settings, services.messages)
    sockets.install(socketio, services.streams, services.channels, settings, gatekeeper)
    watch.install(socketio, services.watching, services.links, gatekeeper)
    _install_gates(app, services, rates)
    return app


def _install_rules(
    app: Flask, services: Services, rates: limits.RateLimits, gatekeeper: door.Door
) -> None:
    """What holds for every request, in the order in which it is asked."""
    answers.install(app, services.uploads.too_many_bytes)
    intake.install(app)
    language.install(app)
    security.install(app, services.storage.origin)
    limits.install_secret_links(app, rates)
    door.install(app, gatekeeper)
    limits.install_uploads(app, rates, services.settings.uploads_per_minute)


def _install_pages(app: Flask, services: Services, gatekeeper: door.Door) -> None:
    """Pages and API."""
    settings, uploads, sessions = services.settings, services.uploads, services.sessions
    streams = services.streams
    for blueprint in (
        views.blueprint(uploads, settings),
        api.blueprint(uploads, settings),
        session_api.blueprint(sessions),
        session_pages.blueprint(sessions, services.links, gatekeeper.admit),
        api_page.blueprint(api.PREFIX),
        installable.blueprint(),
        health.blueprint(services.checks, lambda: streams.draining, services.metrics),
    ):
        app.register_blueprint(blueprint)


def _install_commands(app: Flask, services: Services, given: Mapping[str, Any]) -> None:
    """What ``flask --app streamapp`` can do."""
    app.cli.add_command(detect.detect_command(services.settings))
    app.cli.add_command(cli.purge_command(services.retention))
    app.cli.add_command(cli.database_commands(services.database))
    app.cli.add_command(cli.config_command(services.settings, given))


def _install_gates(app: Flask, services: Services, rates: limits.RateLimits) -> None:
    """What stands before Flask; the last one is the outermost."""
    streams = services.streams
    wsgi: WSGIApplication = SocketGate(app.wsgi_app, rates, services.settings)
    wsgi = DrainGate(wsgi, lambda: streams.draining)
    if services.settings.behind_proxy:
        wsgi = ProxyFix(HttpsGate(wsgi), x_for=1, x_proto=1, x_host=1)
    app.wsgi_app = wsgi  # type: ignore[method-assign]


def _with_a_detector_there_is(settings: Settings) -> Settings:
    """OpenCV 5 has no cascades (docs/runtime.md); the app then counts with what is left."""
    if settings.detector in DETECTORS:
        return settings
    log.warning("DETECTOR is %s: %s", settings.detector, WITHOUT_CASCADES)
    return replace(settings, detector=DETECTORS[0])


def _flask(settings: Settings, given: Mapping[str, Any]) -> Flask:
    """A Flask of this project's folders and cookies."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("streamapp").setLevel(settings.log_level)
    cv2.setNumThreads(1)  # threads are ours to share out; OpenCV's own would fight for the cores
    app = Flask(__name__, static_folder=ROOT / "static", template_folder=ROOT / "templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.behind_proxy,
        PERMANENT_SESSION_LIFETIME=_YEAR_SECONDS,
    )
    ours = {setting.key for setting in SETTINGS}
    app.config.update({key: value for key, value in given.items() if key not in ours})
    app.jinja_env.globals["retention_days"] = settings.retention_days
    app.jinja_env.globals["storage_is_ephemeral"] = settings.disk_is_ephemeral
    return app


def _socketio(app: Flask, settings: Settings, messages: ViewerMessages | None) -> SocketIO:
    """Socket.IO on ``app``, with our bounds; ``messages`` reach viewers of other processes."""
    socketio = SocketIO(
        app,
        async_mode=settings.async_mode,
        # Threads take a client's events in turn, each in the one that reads its socket: a thread
        # an event costs more and could overtake another. Green tasks start in order.
        async_handlers=settings.async_mode == "eventlet",
        serializer=packets.BoundedPacket,
        json=packets.PlainJson,
        # Twice the frame: base64 in a polling request is a third longer, and may bring two.
        max_http_buffer_size=2 * settings.max_frame_bytes,
        # `status` is sent while connecting; a client must know that it is connected by then.
        always_connect=True,
        manage_session=False,  # no event of ours reads or writes Flask's session
        http_compression=False,  # answers are a few hundred bytes
        **({"client_manager": messages} if messages else {}),
    )
    packets.install(socketio.server)
    if settings.async_mode == "eventlet":
        # Imported only in this mode: importing eventlet anywhere else would start its hub.
        from streamapp import wire

        wire.install(socketio.server)
    else:
        wire_threads.install(socketio.server.eio)
    return socketio
