"""Start a real server process, wait until it answers, show its log if it dies, stop it.

    with product(env={"VISION_THREADS": "1"}) as server:
        requests.get(server.url + "/healthz")

The product is started by the Procfile's own ``web`` line, so what is measured and tested is what
is deployed. The environment is scrubbed: nothing of the caller's configuration reaches the server.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.accounting import session_pids

ROOT = Path(__file__).resolve().parent.parent
PRODUCT_APPLICATION = "streamapp:create_app()"
TOY_APPLICATION = "bench.toy_server:app"
# The control socket is a file in the home directory: two servers at once would fight for it.
TOY_LINE = 'gunicorn -k eventlet -w 1 --no-control-socket -b 127.0.0.1:$PORT "{application}"'

# Another gunicorn worker for the product, by `make test-threading` and for comparing the two; the
# newest gunicorn, which has no eventlet worker, then lies in this folder (`make` puts it there).
WORKER_VARIABLE = "STREAMAPP_WORKER"
NEWEST_GUNICORN = ROOT / ".gunicorn-newest"

_KEPT_VARIABLES = ("HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "LD_LIBRARY_PATH")
_POLL_SECONDS = 0.02


class ServerFailed(RuntimeError):
    """The server ended, or did not answer in time; the message holds the end of its log."""


class Server:
    """A running server: its address, processes and log. Made by `start`."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.name = name
        self.port = port
        self.log_path = log
        self._process = process
        self._kept_log: str | None = None

    @property
    def url(self) -> str:
        """``http://127.0.0.1:<port>``, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The first process (gunicorn's arbiter); leader of the session of all others."""
        return self._process.pid

    def pids(self) -> list[int]:
        """All living processes of the server, the arbiter first."""
        return session_pids(self.pid)

    def worker(self) -> int:
        """The process that serves, 0 where there is none; process numbers may have wrapped."""
        return next((pid for pid in self.pids() if pid != self.pid), 0)

    def log(self) -> str:
        """Everything written to stdout and stderr so far; still there after `stop`."""
        if self._kept_log is not None:
            return self._kept_log
        return self.log_path.read_text(errors="replace")

    def is_running(self) -> bool:
        """Whether the first process lives."""
        return self._process.poll() is None

    def signal(self, number: int, *, everyone: bool = True) -> None:
        """Send a signal to every process, as Heroku does, or to the first one only."""
        try:
            if everyone:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)
        except ProcessLookupError:
            pass  # it ended by itself

    def wait(self, timeout: float) -> bool:
        """Wait until no process is left; False when some still live after ``timeout`` seconds."""
        return wait_until(lambda: not self.is_running() and not self.pids(), timeout)

    def stop(self, grace: float = 10.0) -> float:
        """SIGTERM, then after ``grace`` seconds SIGKILL, to all. Returns the seconds it took."""
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        if not self.wait(grace):
            self.signal(signal.SIGKILL)
            self.wait(grace)
        self._process.wait()
        self._kept_log = self.log()
        return time.monotonic() - began


@contextmanager
def product(
    *,
    port: int | None = None,
    data_dir: Path | None = None,
    env: Mapping[str, str] | None = None,
    application: str = PRODUCT_APPLICATION,
    worker: str | None = None,
    timeout: float = 60.0,
) -> Iterator[Server]:
    """streamapp by the Procfile, with a database and images of its own.

    ``data_dir`` is kept when given (a second start finds the first one's data), temporary
    otherwise. ``env`` goes on top of the settings made here. Another ``application`` takes the
    place of the Procfile's in its line, and so does another gunicorn ``worker``. Raises
    ServerFailed.
    """
    with tempfile.TemporaryDirectory(prefix="streamapp-") as scratch:
        data = data_dir or Path(scratch) / "data"
        data.mkdir(parents=True, exist_ok=True)
        settings = {
            "DATA_DIR": str(data),
            "DATABASE_URL": f"sqlite:///{data / 'streamapp.sqlite3'}",
            "STORAGE_DIR": str(data / "images"),
            "SECRET_KEY": "known to every reader of this file",
            # whoever tests or measures has one address
            "UPLOADS_PER_MINUTE": "100000",
            "REQUESTS_PER_MINUTE": "1000000",
            **(env or {}),
        }
        if worker := worker or os.environ.get(WORKER_VARIABLE):
            settings = {"PYTHONPATH": str(NEWEST_GUNICORN), **settings}
        line = web_line(worker).replace(PRODUCT_APPLICATION, application)
        log = Path(scratch) / "server.log"
        with running(
            "product", line, "/healthz", log, settings, port=port, timeout=timeout
        ) as server:
            yield server


@contextmanager
def toy(
    *,
    env: Mapping[str, str] | None = None,
    application: str = TOY_APPLICATION,
    timeout: float = 60.0,
) -> Iterator[Server]:
    """The tutorials' server of `bench.toy_server`. Raises ServerFailed."""
    with tempfile.TemporaryDirectory(prefix="toy-") as scratch:
        log = Path(scratch) / "server.log"
        line = TOY_LINE.format(application=application)
        # Not from our root: gunicorn would take the product's gunicorn.conf.py by itself.
        settings = {"PYTHONPATH": str(ROOT), **(env or {})}
        with running("toy", line, "/", log, settings, cwd=log.parent, timeout=timeout) as server:
            yield server


SERVERS: dict[str, Callable[..., AbstractContextManager[Server]]] = {"product": product, "toy": toy}


@contextmanager
def running(
    name: str,
    line: str,
    ready_path: str,
    log: Path,
    env: Mapping[str, str],
    *,
    cwd: Path = ROOT,
    port: int | None = None,
    timeout: float = 60.0,
) -> Iterator[Server]:
    """Run the shell line with ``PORT`` set until the block ends; enter once it answers 200."""
    port = port or free_port()
    with log.open("wb") as sink:
        process = subprocess.Popen(
            # env(1) takes assignments before the command; exec leaves no shell in between
            ["/bin/sh", "-c", f"exec env {line}"],
            cwd=cwd,
            env=_environment({"PORT": str(port), **env}),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(name, process, port, log)
    try:
        _wait_ready(server, ready_path, timeout)
        yield server
    finally:
        server.stop()


def web_line(worker: str | None = None) -> str:
    """The Procfile's web line, with another gunicorn worker when one is given."""
    line = procfile_line("web")
    return line.replace("--worker-class eventlet", f"--worker-class {worker}") if worker else line


def procfile_line(kind: str, path: Path = ROOT / "Procfile") -> str:
    """The command of one process type. Raises KeyError when the Procfile has none."""
    for line in path.read_text().splitlines():
        name, colon, command = line.partition(":")
        if colon and name.strip() == kind:
            return command.strip()
    raise KeyError(f"{path.name} has no process type {kind!r}")


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on at this moment.

    Below those that the kernel gives to outgoing connections (from 32768 on), one of which might
    take the port before the server does.
    """
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def wait_until(condition: Callable[[], bool], timeout: float) -> bool:
    """Poll until ``condition()`` holds; False when it did not within ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def answers(port: int, path: str) -> bool:
    """Whether ``GET path`` on the loopback interface gives 200 within two seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _wait_ready(server: Server, path: str, timeout: float) -> None:
    answered = wait_until(
        lambda: not server.is_running() or answers(server.port, path),
        timeout,
    )
    if not server.is_running():
        raise ServerFailed(f"The {server.name} ended before it answered.\n{_tail(server.log())}")
    if not answered:
        raise ServerFailed(
            f"The {server.name} did not answer GET {path} within {timeout:g} s.\n"
            + _tail(server.log())
        )


def _tail(log: str, lines: int = 60) -> str:
    return "\n".join(log.splitlines()[-lines:])


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    kept = {key: os.environ[key] for key in _KEPT_VARIABLES if key in os.environ}
    # gunicorn lies beside the interpreter that runs us, whether or not its venv is activated
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "PYTHONUNBUFFERED": "1", **settings}
