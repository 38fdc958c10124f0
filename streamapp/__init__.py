"""streamapp counts faces, live from a webcam and in photos. `create_app` builds it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import cv2
from flask import Flask
from flask_socketio import SocketIO
from werkzeug.middleware.proxy_fix import ProxyFix

from streamapp import packets, wire_threads
from streamapp.board import Board, MemoryBoard
from streamapp.board_redis import RedisBoard
from streamapp.channels import Channels
from streamapp.concurrency import BlockingCalls, Execute, NativeLane, directly, native_execute
from streamapp.config import ROOT, SETTINGS, Settings, load
from streamapp.database import Database
from streamapp.link_repository import SqlLinkRepository
from streamapp.links import LinkService
from streamapp.metrics import Metrics
from streamapp.repository import SqlImageRepository
from streamapp.retention import Retention
from streamapp.session_repository import SqlSessionRepository
from streamapp.sessions import FLUSH_SECONDS, SessionService
from streamapp.shared import SharedState, ViewerMessages
from streamapp.storage import LocalStorage, Storage
from streamapp.streaming import StreamService
from streamapp.uploads import UploadService
from streamapp.vision.engines import DETECTORS, WITHOUT_CASCADES, Engines
from streamapp.watching import LOOK_SECONDS, TICK_SECONDS, Watching
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

log = logging.getLogger(__name__)

# Uploads that may wait for the one thread that serves them; the next is asked to come again.
_WAITING_UPLOADS = 32
_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Services:
    """What ``gunicorn.conf.py`` needs of an app, under ``app.extensions["streamapp"]``."""

    streams: StreamService
    metrics: Metrics
    retention: Retention
    behind_proxy: bool
    sessions: SessionService
    channels: Channels
    watching: Watching
    has_others: bool  # processes beside this one

    @property
    def chores(self) -> list[tuple[float, Callable[[], object]]]:
        """What a worker does every so many seconds."""
        return [
            (TICK_SECONDS, self.channels.tick),
            (FLUSH_SECONDS, self.sessions.flush),
            (FLUSH_SECONDS, self.watching.check_links),
            *([(LOOK_SECONDS, self.watching.look_again)] if self.has_others else []),
        ]


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application, configured by the environment and, above it, by ``config``.

    Keys of ``config`` that are not settings of ours go to Flask. Raises ConfigError naming
    every setting that is wrong.
    """
    settings = _with_a_detector_there_is(load(config))
    app = _flask(settings, config or {})

    metrics = Metrics()
    database = Database(settings.database_url)
    if database.blocks:
        database.upgrade()  # our own file; a shared database waits for the release phase
    repository = SqlImageRepository(database)
    storage = _storage(settings)

    # Two threads beside detection's: one for uploads, one for the database and files.
    execute = native_execute(settings.async_mode, settings.vision_threads + 2)
    blocking = BlockingCalls(execute)
    frames = NativeLane([Engines() for _ in range(settings.vision_threads)], execute)
    # One photo is looked at while another one is saved; those that wait lie on the disk.
    entrance = NativeLane([None, None], directly, max_waiting=_WAITING_UPLOADS)
    stills = NativeLane([Engines()], execute)
    streams = StreamService(frames, settings, metrics)
    records: Execute = blocking if database.blocks else directly
    blobs: Execute = directly if settings.s3_bucket else blocking
    uploads = UploadService(
        entrance, stills, records, blobs, storage, repository, settings, metrics
    )
    sessions = SessionService(SqlSessionRepository(database), records, settings.retention_days)
    links = LinkService(SqlLinkRepository(database), records, settings.retention_days)
    too_old = (sessions.purge, links.purge)
    retention = Retention(records, blobs, storage, repository, settings.retention_days, too_old)
    board, messages, others = _shared(settings)
    watching = Watching(board, links)
    channels = Channels(streams, sessions, links, watching)

    answers.install(app, uploads.too_many_bytes)
    intake.install(app)
    language.install(app)
    security.install(app, storage.origin)
    app.jinja_env.globals["storage_is_ephemeral"] = settings.disk_is_ephemeral
    rates = limits.RateLimits(app, settings)
    limits.install_secret_links(app, rates)
    gatekeeper = door.Door(settings, rates)
    door.install(app, gatekeeper)
    limits.install_uploads(app, rates, settings.uploads_per_minute)
    checks = {
        "database": lambda: records(repository.check),
        "storage": lambda: blobs(storage.check),
        **others,
    }
    app.register_blueprint(views.blueprint(uploads, settings))
    app.register_blueprint(api.blueprint(uploads, settings))
    app.register_blueprint(session_api.blueprint(sessions))
    app.register_blueprint(session_pages.blueprint(sessions, links, gatekeeper.admit))
    app.register_blueprint(api_page.blueprint(api.PREFIX))
    app.register_blueprint(installable.blueprint())
    app.register_blueprint(health.blueprint(checks, lambda: streams.draining, metrics))
    app.cli.add_command(detect.detect_command(settings))
    app.cli.add_command(cli.purge_command(retention))
    app.cli.add_command(cli.database_commands(database))
    app.cli.add_command(cli.config_command(settings, config or {}))

    socketio = _socketio(app, settings, messages)
    sockets.install(socketio, streams, channels, settings, gatekeeper)
    watch.install(socketio, watching, links, gatekeeper)
    app.extensions["streamapp"] = Services(
        streams,
        metrics,
        retention,
        settings.behind_proxy,
        sessions,
        channels,
        watching,
        bool(others),
    )
    app.wsgi_app = SocketGate(app.wsgi_app, rates, settings)  # type: ignore[method-assign]
    app.wsgi_app = DrainGate(app.wsgi_app, lambda: streams.draining)  # type: ignore[method-assign]
    if settings.behind_proxy:
        app.wsgi_app = HttpsGate(app.wsgi_app)  # type: ignore[method-assign]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _shared(settings: Settings) -> tuple[Board, ViewerMessages | None, dict[str, health.Check]]:
    """What several processes have between them: a board, messages, and how to ask for its health.

    One process alone has a board.
    """
    if not settings.redis_url:
        return MemoryBoard(), None, {}
    state = SharedState(settings.redis_url)
    board = RedisBoard(state)
    messages = ViewerMessages(state, watch.NAMESPACE, board.process, board.others_in)
    return board, messages, {"redis": state.check}


def _storage(settings: Settings) -> Storage:
    """The bucket where one is set, else the folder."""
    if settings.s3_bucket:
        # 25 MB that a server with a folder does without.
        from streamapp.storage_s3 import S3Storage

        return S3Storage(settings)
    if settings.disk_is_ephemeral:
        log.warning(
            "Photos are kept on this dyno's disk, which is emptied at every restart. "
            "Set S3_BUCKET, or add Bucketeer, to keep them."
        )
    return LocalStorage(settings.storage_dir)


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

        wire.install(socketio.server.eio)
    else:
        wire_threads.install(socketio.server.eio)
    return socketio
