"""Redis over TLS, as Heroku's only is: haproxy puts it before the tests' Redis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import trustme

from bench.balancer import tls
from bench.fleet import Fleet
from bench.services import Postgres, Process
from streamapp.errors import Unavailable
from streamapp.limit_storage import SharedOrOwn
from streamapp.shared import SharedState
from tests.server.fleets import SECONDS, fleet_or_skip, streaming, viewer

pytestmark = pytest.mark.server

UPLOADS = 4
AUTHORITY = "?ssl_ca_certs={authority}"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of who signed ``certificate.pem`` beside it, for localhost; nobody's else."""
    folder = tmp_path_factory.mktemp("tls")
    issuer = trustme.CA()
    issuer.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(
        folder / "certificate.pem"
    )
    issuer.cert_pem.write_to_path(folder / "authority.pem")
    return folder / "authority.pem"


@pytest.fixture(scope="module")
def port(redis: Process, authority: Path) -> Iterator[int]:
    """Where Redis speaks TLS."""
    with tls(redis.port, authority.with_name("certificate.pem")) as secure:
        yield secure


@pytest.fixture(
    scope="module",
    params=[("web.1", ""), ("", AUTHORITY)],
    ids=["a dyno, signed by nobody known", "a known authority"],
)
def both(
    request: pytest.FixtureRequest,
    postgres: Postgres,
    s3: Process,
    port: int,
    authority: Path,
) -> Iterator[Fleet]:
    """Two processes that share a Redis over TLS."""
    dyno, options = request.param
    url = f"rediss://localhost:{port}/0{options.format(authority=authority)}"
    env = {"UPLOADS_PER_MINUTE": str(UPLOADS), **({"DYNO": dyno} if dyno else {})}
    with fleet_or_skip(env, {**postgres.env, **s3.env, "REDIS_URL": url}) as running:
        yield running
        logs = running.logs()
        assert "Traceback" not in logs, logs
        assert "Redis is lost" not in logs, logs


def test_a_camera_is_watched_on_the_other_process(both: Fleet, webcam: list[bytes]) -> None:
    with (
        streaming(both[0].url, webcam) as camera,
        viewer(both[1].url, {"wall": True}, camera.owner) as wall,
    ):
        first = wall.wait("count")  # the board says where the viewer is, a message brings it
        assert wall.wait("count")["stream"] == first["stream"]


def test_uploads_to_both_count_together(both: Fleet) -> None:
    answer = requests.get(f"{both[0].url}/upload", timeout=SECONDS)
    owner = {"Cookie": "; ".join(f"{k}={v}" for k, v in answer.cookies.items())}
    statuses = [
        requests.post(
            f"{both[number % 2].url}/api/v1/images",
            files={"image": ("a.jpg", b"no picture")},
            headers=owner,
            timeout=SECONDS,
        ).status_code
        for number in range(UPLOADS + 2)
    ]
    assert statuses[-2:] == [429, 429]
    assert 429 not in statuses[:-2]


def test_both_are_ready(both: Fleet) -> None:
    for server in (both[0], both[1]):
        checks = requests.get(f"{server.url}/readyz", timeout=SECONDS).json()["checks"]
        assert checks["redis"] == "ok"


@pytest.mark.parametrize(
    ("host", "options", "dyno", "taken"),
    [
        ("localhost", "", False, False),
        ("localhost", "", True, True),
        ("localhost", "?ssl_cert_reqs=none", False, True),
        ("localhost", "?ssl_cert_reqs=required", True, False),
        ("localhost", AUTHORITY, False, True),
        ("127.0.0.1", AUTHORITY, False, False),
    ],
    ids=[
        "signed by nobody known",
        "signed by nobody known, on a dyno",
        "signed by nobody known, and not asked",
        "signed by nobody known, on a dyno that asks",
        "signed by a known authority",
        "of another host",
    ],
)
def test_a_certificate_is_checked_except_on_heroku_or_where_the_address_says_no(
    host: str,
    options: str,
    dyno: bool,
    taken: bool,
    port: int,
    authority: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if dyno:
        monkeypatch.setenv("DYNO", "web.1")
    url = f"rediss://{host}:{port}/0{options.format(authority=authority)}"
    assert _is_taken(SharedState(url)) == taken
    assert SharedOrOwn(redis_url=url).check() == taken


def _is_taken(state: SharedState) -> bool:
    try:
        state.check()
    except Unavailable:
        return False
    finally:
        state.client.close()
    return True
