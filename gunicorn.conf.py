"""gunicorn: settings, each with its reason. The Procfile has what must not be overridden."""

import contextlib
import ctypes
import gc
import os
import sys
import warnings

from gunicorn.errors import AppImportError

# glibc keeps what was freed, for the next who asks: after one large photo a worker would hold a
# hundred megabytes for good. Blocks over a megabyte are the kernel's at once (mallopt(3)).
with contextlib.suppress(OSError, AttributeError):  # another C library
    ctypes.CDLL(None).mallopt(-3, 1_000_000)  # M_MMAP_THRESHOLD

# eventlet says at every start that it is in bugfix mode. We know, it is pinned, and the sentence
# is not for whoever reads this server's log.
warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")

# eventlet's own resolver (dnspython, 8 MB in the master and again in the worker) is for those who
# ask for names while they serve: a database, a bucket or a Redis on another machine.
_ELSEWHERE = ("S3_BUCKET", "BUCKETEER_BUCKET_NAME", "REDIS_URL")
if not os.environ.get("DATABASE_URL", "").startswith("postgres") and not any(
    map(os.environ.get, _ELSEWHERE)
):
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")

# Heroku and `make run` say where to listen.
bind = f"0.0.0.0:{os.environ.get('PORT', '5000')}"

# Heroku's router keeps connections to a dyno for 90 s; closing first would race with a request.
keepalive = 95

# Connections a worker holds: a webcam is one, a page a few more, an upload one.
worker_connections = 2000

# Only the gthread worker asks for them: each websocket holds one while it lasts, started when it
# is first needed. docs/runtime.md has what a thread costs.
threads = 400

# The hub beats once a second; a worker silent for so long is stuck and is replaced.
timeout = 30

# Less than the 30 s after which Heroku kills; a drain (streamapp/drain.py) takes a few.
graceful_timeout = 25

# One line an error, none a request: the router logs those, and a frame is not a request.
accesslog = None
loglevel = os.environ.get("LOG_LEVEL", "info").lower()


def post_fork(_server, worker):
    """A bad setting is told by its own sentences alone, and gunicorn ends: not by a traceback."""
    load = worker.app.load

    def load_or_refuse():
        try:
            return load()
        except Exception as error:
            # Only now: the app may not be imported before eventlet's worker has patched.
            from streamapp.errors import ConfigError

            if isinstance(error, ConfigError):
                raise AppImportError(error.message) from None
            raise

    worker.app.load = load_or_refuse


def post_worker_init(worker):
    """The app is loaded and signals are set: have SIGTERM drain, watch the hub, and purge."""
    from streamapp import drain, heartbeat  # only in the worker, once it is patched

    services, socketio = (worker.wsgi.extensions[name] for name in ("streamapp", "socketio"))
    if socketio.async_mode == "eventlet":
        from streamapp import patience

        patience.install(worker, services.settings.behind_proxy)
    elif hasattr(worker, "enqueue_req"):
        from streamapp import patience_threads

        patience_threads.install(worker)
    # A native thread that works on a photo lets go of the GIL when asked; ask five times sooner
    # than usual, for frames and answers wait meanwhile.
    sys.setswitchinterval(0.001)
    drain.install(worker, services.streams, socketio.server, services.sessions.flush)
    socketio.start_background_task(heartbeat.beat, services.metrics.hub_lag)
    for seconds, work in services.chores:
        socketio.start_background_task(heartbeat.every, seconds, work)
    socketio.start_background_task(services.retention.keep_purging)
    # What has been loaded stays: a full collection need not look through it on the hub.
    gc.collect()
    gc.freeze()


def worker_exit(_server, worker):
    """Runs only where the worker ended by itself: its absence in the log tells of a kill."""
    # The master calls this too, for workers it has lost.
    if os.getpid() == worker.pid and worker.booted:
        worker.log.info("Worker %s has let everybody go", worker.pid)
