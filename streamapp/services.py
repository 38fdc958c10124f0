"""Everything the app does, built from its settings and wired together, without a web in front."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from streamapp.board import Board, MemoryBoard
from streamapp.board_redis import RedisBoard
from streamapp.channels import Channels
from streamapp.concurrency import BlockingCalls, Execute, NativeLane, directly, native_execute
from streamapp.config import Settings
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
from streamapp.vision.engines import Engines
from streamapp.watching import LOOK_SECONDS, TICK_SECONDS, Watching

log = logging.getLogger(__name__)

# Uploads that may wait for the one thread that serves them; the next is asked to come again.
_WAITING_UPLOADS = 32


@dataclass(frozen=True)
class Services:
    """One app's services; ``gunicorn.conf.py`` finds them as ``app.extensions["streamapp"]``."""

    settings: Settings
    metrics: Metrics
    database: Database
    storage: Storage
    uploads: UploadService
    retention: Retention
    streams: StreamService
    sessions: SessionService
    links: LinkService
    watching: Watching
    channels: Channels
    checks: dict[str, Callable[[], None]]  # raise what is wrong with what readiness asks for
    messages: ViewerMessages | None  # to viewers of other processes, where there may be any

    @property
    def chores(self) -> list[tuple[float, Callable[[], object]]]:
        """What a worker does every so many seconds."""
        return [
            (TICK_SECONDS, self.channels.tick),
            (FLUSH_SECONDS, self.sessions.flush),
            (FLUSH_SECONDS, self.watching.check_links),
            *([(LOOK_SECONDS, self.watching.look_again)] if self.messages else []),
        ]


def build(settings: Settings, viewers: str) -> Services:
    """The services; ``viewers`` is the Socket.IO namespace of those who watch.

    Raises ConfigError where a setting turns out to lead nowhere.
    """
    metrics = Metrics()
    database = Database(settings.database_url)
    if database.blocks:
        database.upgrade()  # our own file; a shared database waits for the release phase
    # Two threads beside detection's: one for uploads, one for the database and files.
    execute = native_execute(settings.async_mode, settings.vision_threads + 2)
    blocking = BlockingCalls(execute)
    records: Execute = blocking if database.blocks else directly
    blobs: Execute = directly if settings.s3_bucket else blocking

    storage = _storage(settings)
    images = SqlImageRepository(database)
    # One photo is looked at while another one is saved; those that wait lie on the disk.
    entrance = NativeLane([None, None], directly, max_waiting=_WAITING_UPLOADS)
    stills = NativeLane([Engines()], execute)
    uploads = UploadService(entrance, stills, records, blobs, storage, images, settings, metrics)

    frames = NativeLane([Engines() for _ in range(settings.vision_threads)], execute)
    streams = StreamService(frames, settings, metrics)
    days = settings.retention_days
    sessions = SessionService(SqlSessionRepository(database), records, days)
    links = LinkService(SqlLinkRepository(database), records, days)
    too_old = (sessions.purge, links.purge)
    between = _between_processes(settings, viewers)
    watching = Watching(between.board, links)
    return Services(
        settings=settings,
        metrics=metrics,
        database=database,
        storage=storage,
        uploads=uploads,
        retention=Retention(records, blobs, storage, images, days, too_old),
        streams=streams,
        sessions=sessions,
        links=links,
        watching=watching,
        channels=Channels(streams, sessions, links, watching),
        checks={
            "database": lambda: records(images.check),
            "storage": lambda: blobs(storage.check),
            **between.checks,
        },
        messages=between.messages,
    )


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


@dataclass(frozen=True)
class _BetweenProcesses:
    """What several processes share: one alone has a board."""

    board: Board
    messages: ViewerMessages | None = None
    checks: dict[str, Callable[[], None]] = field(default_factory=dict)


def _between_processes(settings: Settings, viewers: str) -> _BetweenProcesses:
    if not settings.redis_url:
        return _BetweenProcesses(MemoryBoard())
    state = SharedState(settings.redis_url)
    board = RedisBoard(state)
    messages = ViewerMessages(state, viewers, board.process, board.others_in)
    return _BetweenProcesses(board, messages, {"redis": state.check})
