"""haproxy, where a test or a benchmark needs a load balancer, or TLS before what has none.

with balancer([5001, 5002]) as port: ...               # a request each in turn
with balancer([5001, 5002], affinity=True) as port: ...   # a client's all to the same, by a cookie
with tls(6379, Path("certificate.pem")) as port: ...   # what speaks plainly on 6379, over TLS
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.servers import answers, free_port, wait_until

HOW_TO_INSTALL = (
    "The tests of several processes need haproxy. Install it, e.g.: sudo apt-get install haproxy"
)
_READY_SECONDS = 20
# A request that met a process which goes away is given to the other one.
_BALANCED = """
defaults
  mode http
  option redispatch
  retries 3
  retry-on conn-failure empty-response 503
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
frontend everybody
  bind 127.0.0.1:{port}
  default_backend processes
backend processes
  balance roundrobin
  option forwardfor
  http-request set-header X-Forwarded-Proto http
  option httpchk GET /healthz
  default-server check inter 100ms fall 1 rise 1
{servers}
"""
# As Heroku's session affinity does it.
_AFFINITY = "  cookie process insert indirect nocache httponly\n"
_TLS = """
defaults
  mode tcp
  timeout connect 1s
  timeout client 1h
  timeout server 1h
frontend secure
  bind 127.0.0.1:{port} ssl crt {certificate}
  default_backend plain
backend plain
  server plain 127.0.0.1:{behind}
"""


class BalancerMissing(RuntimeError):
    """haproxy is not installed; the message says how."""


@contextmanager
def balancer(ports: Sequence[int], affinity: bool = False) -> Iterator[int]:
    """haproxy before servers on ``ports``; gives its own port. Raises BalancerMissing."""
    port = free_port()
    cookies = [f" cookie p{n}" if affinity else "" for n in range(len(ports))]
    servers = "\n".join(f"  server p{n} 127.0.0.1:{p}{cookies[n]}" for n, p in enumerate(ports))
    text = _BALANCED.format(port=port, servers=(_AFFINITY if affinity else "") + servers)
    with _haproxy(text, lambda: answers(port, "/healthz")):
        yield port


@contextmanager
def tls(behind: int, certificate: Path) -> Iterator[int]:
    """TLS by ``certificate`` (with its key) before port ``behind``. Raises BalancerMissing."""
    port = free_port()
    text = _TLS.format(port=port, behind=behind, certificate=certificate)
    with _haproxy(text, lambda: _accepts(port)):
        yield port


@contextmanager
def _haproxy(configuration: str, ready: Callable[[], bool]) -> Iterator[None]:
    program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if program is None:
        raise BalancerMissing(HOW_TO_INSTALL)
    with tempfile.TemporaryDirectory(prefix="haproxy-") as folder:
        path = Path(folder) / "haproxy.cfg"
        path.write_text(configuration)
        with subprocess.Popen(
            [program, "-db", "-f", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                if not wait_until(ready, _READY_SECONDS):
                    raise BalancerMissing("haproxy did not begin to serve.")
                yield
            finally:
                process.terminate()


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
