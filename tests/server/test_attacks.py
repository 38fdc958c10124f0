"""Attacks on the Procfile's own line; docs/security.md lists them with what happens."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from typing import Any

import pytest
import requests
import websocket
from PIL import Image

from bench.media import media
from bench.servers import Server, product, wait_until
from tests.server.conftest import camera, connect, is_well, open_line


def _picture() -> bytes:
    """A PNG that costs next to nothing to look through."""
    file = io.BytesIO()
    Image.new("L", (64, 64), 128).save(file, "PNG")
    return file.getvalue()


PASSWORD = "open sesame"
PHOTO = media("single_face.jpg").read_bytes()
TINY = _picture()
ADDRESSES = [f"127.0.0.{number}" for number in range(2, 52)]
pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def guarded() -> Iterator[Server]:
    """A server behind a proxy, with a door, and limits as tight as they go."""
    env = {
        "ACCESS_PASSWORD": PASSWORD,
        "BEHIND_PROXY": "true",
        "UPLOADS_PER_MINUTE": "2",
        "REQUESTS_PER_MINUTE": "60",
        "MAX_CLIENTS": "2",
    }
    with product(env=env) as running:
        yield running
    assert "Traceback" not in running.log(), running.log()


HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"Cookie: session=" + b"x" * 20_000 + b"\r\n\r\n",
        HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(500)) + b"\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        HEAD + b"Cookie: " + b"a=b;" * 2_000 + b"\r\n\r\n",
        HEAD + b"Cookie: session=" + b"." * 8_000 + b"\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
    ],
    ids=["cookie", "500 headers", "address", "2000 cookies", "8 kB of dots", "two lengths", "-1"],
)
def test_a_head_that_is_too_large_or_contradicts_itself_is_refused(
    server: Server, head: bytes
) -> None:
    with closing(connect(server)) as line:
        line.sendall(head)
        line.settimeout(10)
        status = int(line.recv(65_536).split()[1])
    assert status in (400, 414, 431) or b"Cookie: a=b" in head or b"...." in head
    assert is_well(server)


@pytest.mark.parametrize(
    ("origin", "headers", "let_in"),
    [
        ("https://evil.example", {}, False),
        ("null", {}, False),
        ("https://count.example", {"X-Forwarded-Proto": "https", "Host": "count.example"}, True),
        ("https://evil.example", {"X-Forwarded-Proto": "https", "Host": "count.example"}, False),
    ],
    ids=["another site", "a sandboxed frame", "ours by https", "another site by https"],
)
def test_a_cross_site_websocket_is_refused(
    guarded: Server, origin: str, headers: dict[str, str], let_in: bool
) -> None:
    host = headers.get("Host")
    more = [f"{name}: {value}" for name, value in headers.items() if name != "Host"]
    options = {"origin": origin, "header": more, **({"host": host} if host else {})}
    if let_in:
        open_line(guarded, **options).close()
    else:
        with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
            open_line(guarded, **options)


def test_frames_before_the_door_is_open_are_not_counted(
    guarded: Server, webcam: list[bytes]
) -> None:
    with closing(open_line(guarded)) as line:
        line.send("40")
        for seq in range(3):  # at once, without waiting for the refusal
            event = json.dumps(["frame", {"seq": seq}, {"_placeholder": True, "num": 0}])
            line.send(f"451-{seq}{event}")
            line.send_binary(webcam[0])
        heard = []
        while not heard or not heard[-1].startswith("41"):
            heard.append(str(line.recv()))
    assert any('"unauthorized"' in message for message in heard)
    assert not any('"count"' in message for message in heard)


def test_one_address_cannot_take_every_line(guarded: Server) -> None:
    mine = {"header": ["X-Forwarded-For: 203.0.113.50"]}
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(closing(open_line(guarded, **mine)))
        with pytest.raises(websocket.WebSocketBadStatusException, match="429"):
            open_line(guarded, **mine)
        others = open_line(guarded, header=["X-Forwarded-For: 203.0.113.51"])
        others.close()
    assert wait_until(lambda: _may_open(guarded, mine), 10)


def _may_open(server: Server, options: dict[str, Any]) -> bool:
    try:
        open_line(server, **options).close()
    except websocket.WebSocketBadStatusException:
        return False
    return True


def test_a_visitor_cannot_choose_the_address_its_limits_count_for(guarded: Server) -> None:
    statuses = []
    for number in range(15):
        claimed = {
            "Authorization": f"Bearer guess {number}",
            # Ours is the last: the proxy appends it to whatever the visitor claims.
            "X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7",
        }
        answer = requests.get(f"{guarded.url}/api/v1/images", headers=claimed, timeout=10)
        statuses.append(answer.status_code)
    assert statuses == [401] * 10 + [429] * 5
    assert int(answer.headers["Retry-After"]) >= 1


def _pushes_frames(server: Server, source: str, frame: bytes, stop: threading.Event) -> None:
    """A client that sends as fast as it can and reads nothing."""
    # Not let in, hung up on, or nobody reads any more: that is what should happen.
    with (
        suppress(OSError, websocket.WebSocketException),
        closing(open_line(server, socket=connect(server, source))) as line,
    ):
        line.send("40")
        event = json.dumps(["frame", {"seq": 1}, {"_placeholder": True, "num": 0}])
        line.settimeout(0.5)
        while not stop.is_set():
            line.send(f"451-{event}")
            line.send_binary(frame)


def test_a_flood_of_frames_from_50_addresses_leaves_others_served(
    webcam: list[bytes],
) -> None:
    with product(env={"MAX_CLIENTS": "16"}) as server, camera(server) as honest:
        honest.wait_ready()
        assert "count" in honest.send({"seq": 0}, webcam[0])  # who is counted keeps the place
        stop = threading.Event()
        attackers = [
            threading.Thread(target=_pushes_frames, args=(server, source, webcam[0], stop))
            for source in ADDRESSES
        ]
        for attacker in attackers:
            attacker.start()
        try:
            answers = [honest.send({"seq": seq}, webcam[seq]) for seq in range(10)]
        finally:
            stop.set()
            for attacker in attackers:
                attacker.join()
        assert [answer["seq"] for answer in answers] == list(range(10))
        assert any("count" in answer for answer in answers)
        assert is_well(server)
    assert "Traceback" not in server.log()


def test_a_flood_of_uploads_from_50_addresses_is_let_in_as_far_as_the_limit(
    webcam: list[bytes],
) -> None:
    with product(env={"UPLOADS_PER_MINUTE": "1"}) as server, camera(server) as honest:
        statuses: list[int] = []

        def attack(source: str) -> None:
            with requests.Session() as session:
                session.mount("http://", _From(source))
                for _ in range(4):
                    files = {"image": ("a.png", TINY)}
                    url = f"{server.url}/api/v1/images"
                    statuses.append(session.post(url, files=files, timeout=60).status_code)
                    session.cookies.clear()  # a new owner each time

        attackers = [threading.Thread(target=attack, args=(source,)) for source in ADDRESSES]
        for attacker in attackers:
            attacker.start()
        answers = [honest.send({"seq": seq}, webcam[seq]) for seq in range(10)]
        for attacker in attackers:
            attacker.join()
        assert any("count" in answer for answer in answers)
        # One each and no more; of 50 at once those beyond the queue are asked to come again.
        assert set(statuses) <= {201, 429, 503}
        assert statuses.count(429) >= 50 * 2
        assert 1 <= statuses.count(201) <= 50
    assert "Traceback" not in server.log()


class _From(requests.adapters.HTTPAdapter):
    """Requests from one address."""

    def __init__(self, source: str) -> None:
        self._source = source
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, source_address=(self._source, 0), **kwargs)


def test_a_stolen_id_lets_see_but_not_delete(server: Server) -> None:
    api = f"{server.url}/api/v1/images"
    with requests.Session() as owner, requests.Session() as thief:
        owner.get(f"{server.url}/upload", timeout=10)
        thief.get(f"{server.url}/upload", timeout=10)
        image = owner.post(api, files={"image": ("a.jpg", PHOTO)}, timeout=60).json()["id"]
        assert thief.delete(f"{api}/{image}", timeout=10).status_code == 404
        assert thief.post(f"{server.url}/images/{image}/delete", timeout=10).status_code == 404
        assert thief.get(api, timeout=10).json()["images"] == []
        assert owner.get(f"{api}/{image}", timeout=10).status_code == 200


def test_a_post_to_a_session_that_was_closed_is_refused_without_a_traceback(
    server: Server,
) -> None:
    polling = f"{server.url}/socket.io/?EIO=4&transport=polling"
    sid = json.loads(requests.get(polling, timeout=10).text[1:])["sid"]
    address = f"{polling}&sid={sid}"
    for body in (b"40", b'42["configure",' + b"[" * 60_000):  # the second one closes it
        assert requests.post(address, data=body, timeout=10).status_code == 200
    assert requests.post(address, data=b"40", timeout=10).status_code == 400
