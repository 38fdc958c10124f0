"""Starting and stopping real processes, and what the kernel says of them."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bench import accounting
from bench.servers import (
    Server,
    ServerFailed,
    answers,
    free_port,
    procfile_line,
    running,
    toy,
    wait_until,
)

SERVE = "python -m http.server --bind 127.0.0.1 $PORT"


def start(line: str, tmp_path: Path, **options: object) -> AbstractContextManager[Server]:
    return running("example", line, "/", tmp_path / "log", {}, cwd=tmp_path, **options)


@pytest.fixture
def example(tmp_path: Path) -> Iterator[Server]:
    with start(SERVE, tmp_path) as server:
        yield server


def test_a_server_is_entered_once_it_answers(example: Server) -> None:
    assert example.is_running()
    assert answers(example.port, "/")
    assert example.url == f"http://127.0.0.1:{example.port}"


def test_a_server_is_gone_after_the_block_and_its_log_stays(tmp_path: Path) -> None:
    with start(SERVE, tmp_path) as server:
        assert server.pids() == [server.pid]
    assert not server.is_running()
    assert server.pids() == []
    assert not answers(server.port, "/")
    assert "GET / HTTP/1.1" in server.log()


def test_a_server_is_stopped_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), start(SERVE, tmp_path) as server:
        _ = 1 / 0
    assert server.pids() == []


def test_a_server_that_ends_early_shows_its_log(tmp_path: Path) -> None:
    line = "python -c 'print(\"no such database\"); raise SystemExit(3)'"
    with pytest.raises(ServerFailed, match="ended before it answered") as failure:
        start(line, tmp_path).__enter__()
    assert "no such database" in str(failure.value)


def test_a_server_that_never_answers_is_stopped_and_shows_its_log(tmp_path: Path) -> None:
    line = "python -c 'import time; print(\"thinking\", flush=True); time.sleep(600)'"
    with pytest.raises(ServerFailed, match="did not answer GET /") as failure:
        start(line, tmp_path, timeout=0.5).__enter__()
    assert "thinking" in str(failure.value)


def test_a_server_deaf_to_sigterm_is_killed_with_its_children(tmp_path: Path) -> None:
    code = (
        "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "subprocess.run(sys.argv[1:])"
    )
    (tmp_path / "deaf.py").write_text(code)
    with start(f"python deaf.py {SERVE}", tmp_path) as server:
        assert len(server.pids()) == 2
        server.stop(grace=0.3)
        assert server.pids() == []


def test_a_signal_reaches_everyone_or_the_first_only(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(
        "import signal, subprocess, sys\n"
        "signal.signal(signal.SIGUSR1, lambda *_: print('parent heard', flush=True))\n"
        "subprocess.run(sys.argv[1:])\n"
    )
    with start(f"python parent.py {SERVE}", tmp_path) as server:
        server.signal(signal.SIGUSR1, everyone=False)
        assert wait_until(lambda: "parent heard" in server.log(), 5)
        assert len(server.pids()) == 2
        server.signal(signal.SIGUSR1)  # ends the child, which has no handler
        assert wait_until(lambda: len(server.pids()) < 2, 5)


def test_the_callers_settings_do_not_reach_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///the-callers-own")
    (tmp_path / "show.py").write_text("import os; print(dict(os.environ), flush=True); exit(1)")
    with pytest.raises(ServerFailed) as failure:
        running(
            "example", "A=1 python show.py", "/", tmp_path / "log", {"B": "2"}, cwd=tmp_path
        ).__enter__()
    shown = str(failure.value)
    assert "the-callers-own" not in shown
    assert "'A': '1'" in shown
    assert "'B': '2'" in shown
    assert "'PORT'" in shown


def test_the_toy_answers_from_a_worker_of_its_own() -> None:
    with toy() as server:
        arbiter, *workers = server.pids()
        assert arbiter == server.pid
        assert len(workers) == 1
        assert answers(server.port, "/healthz")


def test_a_procfile_is_read_by_process_type(tmp_path: Path) -> None:
    path = tmp_path / "Procfile"
    path.write_text('web: serve --app "a:b()"\nrelease: migrate\n')
    assert procfile_line("web", path) == 'serve --app "a:b()"'
    assert procfile_line("release", path) == "migrate"
    with pytest.raises(KeyError, match="worker"):
        procfile_line("worker", path)


def test_free_ports_can_be_bound() -> None:
    assert 1024 <= free_port() < 65536


def test_the_kernel_counts_a_processs_cpu_and_memory(tmp_path: Path) -> None:
    (tmp_path / "eat.py").write_text(
        "import http.server, os, time\n"
        "kept = bytearray(os.urandom(60_000_000))\n"
        "while time.process_time() < 0.5: pass\n"
        "address = '127.0.0.1', int(os.environ['PORT'])\n"
        "http.server.HTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()\n"
    )
    with start("python eat.py", tmp_path) as server:
        used = accounting.usage(server.pids())
        assert 0.45 < used.cpu_seconds < 5
        assert 60e6 < used.rss_bytes < 200e6
        ended = server.pids()
    assert accounting.usage(ended) == accounting.Usage(0.0, 0)


def test_memory_that_processes_share_counts_once(tmp_path: Path) -> None:
    (tmp_path / "share.py").write_text(
        "import http.server, os, time\n"
        "kept = bytearray(os.urandom(60_000_000))\n"
        "if os.fork() == 0: time.sleep(60)\n"
        "address = '127.0.0.1', int(os.environ['PORT'])\n"
        "http.server.HTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()\n"
    )
    with start("python share.py", tmp_path) as server:
        assert len(server.pids()) == 2
        assert 60e6 < accounting.usage(server.pids()).rss_bytes < 110e6


def test_our_own_session_has_us_in_it() -> None:
    assert os.getpid() in accounting.session_pids(os.getsid(0))
    assert accounting.usage([os.getpid()]).rss_bytes > 1_000_000
    assert sys.executable
