"""Several server processes behind a real load balancer, on real services: the Procfile's line each.

with fleet() as many:
    requests.get(many.url)             # by the balancer
    requests.get(many[0].url)          # one process
    many.restart(0)                    # as a deployment does, the other goes on
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import services
from bench.balancer import balancer
from bench.servers import ROOT, Server, free_port, procfile_line, product

_SECRET = "known to every reader of this file, too"


class Fleet:
    """Processes on ports that they keep when they restart, and the balancer before them."""

    def __init__(self, members: list[_Member], port: int) -> None:
        self._members = members
        self.port = port

    @property
    def url(self) -> str:
        """The balancer's address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def __getitem__(self, number: int) -> Server:
        return self._members[number].server

    def __len__(self) -> int:
        return len(self._members)

    def pids(self) -> list[int]:
        """All processes of all servers."""
        return [pid for member in self._members for pid in member.server.pids()]

    def restart(self, number: int) -> None:
        """SIGTERM, and the Procfile's line again on the same port; back when it answers."""
        self._members[number].stop()
        self._members[number].start()
        # until the balancer has seen it, too
        time.sleep(0.5)

    def logs(self) -> str:
        """Everything that all of them said, before restarts too."""
        return "\n".join(member.log() for member in self._members)


class _Member:
    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._port = free_port()
        self._stack = ExitStack()
        self._past: list[str] = []
        self.server: Server

    def start(self) -> None:
        self.server = self._stack.enter_context(product(port=self._port, env=self._env))

    def stop(self) -> None:
        # SIGTERM to the first process only would do; Heroku tells all of them.
        self._stack.close()
        if hasattr(self, "server"):
            self._past.append(self.server.log())

    def log(self) -> str:
        return "\n".join([*self._past, self.server.log()])


@contextmanager
def fleet(
    processes: int = 2,
    env: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    affinity: bool = False,
) -> Iterator[Fleet]:
    """``processes`` servers and their balancer; ``given`` are services' settings, else fresh ones.

    With ``affinity`` the balancer leads a client always to the same of them.

    Raises BalancerMissing, ServerFailed or ServiceFailed.
    """
    with ExitStack() as stack:
        if given is None:
            found = (services.postgres(), services.s3(), services.redis())
            given = {}
            for service in found:
                given = {**given, **stack.enter_context(service).env}
        settings = {**given, "SECRET_KEY": _SECRET, "BEHIND_PROXY": "true", **(env or {})}
        release(settings)
        members = [_Member(settings) for _ in range(processes)]
        for member in members:
            stack.callback(member.stop)
        starting = [threading.Thread(target=member.start) for member in members]
        for thread in starting:
            thread.start()
        for thread in starting:
            thread.join()
        port = stack.enter_context(balancer([member.server.port for member in members], affinity))
        yield Fleet(members, port)


def release(env: Mapping[str, str]) -> None:
    """The Procfile's release line: the database is brought up to date."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    subprocess.run(
        ["/bin/sh", "-c", procfile_line("release")],
        cwd=ROOT,
        env={"PATH": search, **env},
        check=True,
        capture_output=True,
    )
