"""Recording, watching and revoking against real servers, through reconnects and restarts."""

from __future__ import annotations

import itertools
import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import socketio

from bench.media import frames
from bench.servers import Server, free_port, product, wait_until
from bench.services import Postgres
from streamapp.database import Database
from tests.server.conftest import ANSWER_SECONDS, Camera, camera

pytestmark = pytest.mark.server


@pytest.fixture(scope="session")
def empty_room() -> list[bytes]:
    return frames("no_face.mp4", count=12)


def new_owner(server: Server) -> str:
    """The cookie that the live page sets."""
    with urllib.request.urlopen(server.url) as answer:
        cookie: str = answer.headers["Set-Cookie"]
    return cookie.partition(";")[0]


def fetched(server: Server, path: str, cookie: str = "") -> Any:
    request = urllib.request.Request(server.url + path, headers={"Cookie": cookie})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Viewer:
    """One who looks on, with all that ever came over its line."""

    def __init__(self) -> None:
        self.client = socketio.Client(reconnection=False)
        self.raw: list[object] = []
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.gone = threading.Event()
        handle = self.client.eio.handlers["message"]
        self.client.eio.on("message", lambda data: (self.raw.append(data), handle(data)))
        for event in ("state", "count", "gone", "revoked", "refused"):
            self.client.on(event, self._noting(event), namespace="/watch")
        self.client.on("disconnect", lambda *_: self.gone.set(), namespace="/watch")

    def _noting(self, event: str) -> Any:
        return lambda content: self.events.append((event, content))

    def of(self, event: str) -> list[dict[str, Any]]:
        """What came with this event."""
        return [content for name, content in list(self.events) if name == event]

    def saw(self, count: int) -> bool:
        """Whether the last count was this."""
        counts = self.of("count")
        return bool(counts) and counts[-1]["count"] == count


@contextmanager
def viewer(server: Server, auth: dict[str, Any], cookie: str = "") -> Iterator[Viewer]:
    subject = Viewer()
    headers = {"Cookie": cookie} if cookie else {}
    subject.client.connect(
        server.url,
        headers=headers,
        auth=auth,
        namespaces=["/watch"],
        transports=["websocket"],
        wait_timeout=ANSWER_SECONDS,
    )
    try:
        yield subject
    finally:
        subject.client.disconnect()
        if subject.client.eio.http:
            subject.client.eio.http.close()


def call(client: Camera, event: str, content: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = client.client.call(event, content, timeout=ANSWER_SECONDS)
    assert "error" not in answer, answer
    return answer


def stream(client: Camera, jpegs: list[bytes], seconds: float) -> list[int]:
    """Send frames for so long; returns the counts that were acknowledged."""
    counts = []
    ends = time.monotonic() + seconds
    for seq, jpeg in enumerate(itertools.cycle(jpegs)):
        counts.append(client.send({"seq": seq}, jpeg)["count"])
        if time.monotonic() > ends:
            return counts
        time.sleep(1 / 30)  # as cameras do; faster is refused
    raise AssertionError("unreachable: the frames never end")


def changes(counts: list[int]) -> list[int]:
    """The counts without repetitions."""
    return [count for count, _ in itertools.groupby(counts)]


def test_a_session_goes_on_through_a_reconnect_and_a_restart_and_keeps_every_sample(
    webcam: list[bytes], empty_room: list[bytes], tmp_path: Path
) -> None:
    port = free_port()
    acknowledged = []
    with product(port=port, data_dir=tmp_path) as server:
        cookie = new_owner(server)
        with camera(server, cookie=cookie) as client:
            first = call(client, "configure", {"recording": True, "name": "Hall"})["session"]
            acknowledged += stream(client, webcam, 2.2)
        with camera(server, cookie=cookie) as client:
            assert call(client, "configure", {"session": first["id"]})["session"] == first
            acknowledged += stream(client, empty_room, 1.2)
            server.stop()  # its flush at the end is the only one: no ten seconds have passed
        assert "Traceback" not in server.log(), server.log()
    with product(port=port, data_dir=tmp_path) as server:
        with camera(server, cookie=cookie) as client:
            assert call(client, "configure", {"session": first["id"]})["session"] == first
            acknowledged += stream(client, webcam, 1.2)
            call(client, "configure", {"recording": False})
        (session,) = fetched(server, "/api/v1/sessions", cookie)["sessions"]
        samples = fetched(server, session["counts_json_url"], cookie)["samples"]
        assert fetched(server, "/api/v1/sessions")["sessions"] == []
    assert (session["id"], session["name"], session["running"]) == (first["id"], "Hall", False)
    assert session["peak"] == max(acknowledged) == 1
    assert changes([count for _at, count in samples]) == changes(acknowledged)
    moments = [at for at, _count in samples]
    assert moments == sorted(set(moments))
    gaps = [after - before for before, after in itertools.pairwise(moments)]
    assert len([gap for gap in gaps if gap > 1500]) <= 2, "one for the reconnect, one the restart"


def test_a_viewer_follows_the_count_gets_no_picture_and_goes_when_the_link_is_revoked(
    server: Server, webcam: list[bytes], empty_room: list[bytes]
) -> None:
    cookie = new_owner(server)
    with camera(server, cookie=cookie) as client:
        token = call(client, "share", {"on": True})["token"]
        with (
            viewer(server, {"token": token}) as guest,
            viewer(server, {"wall": True}, cookie) as wall,
            viewer(server, {"wall": True}, new_owner(server)) as stranger,
        ):
            for jpegs, count in ((empty_room, 0), (webcam, 1), (empty_room, 0)):
                client.watch(jpegs, until=lambda answer, n=count: answer["count"] == n)
                # The time it takes is the tick's, a quarter of a second; one is allowed.
                assert wait_until(lambda n=count: guest.saw(n) and wall.saw(n), 1.0), guest.events
            assert call(client, "share", {"on": False}) == {"token": None}
            assert guest.gone.wait(5)
            assert guest.of("revoked") == [{}]
            heard = len(guest.events)
            client.watch(webcam, until=lambda answer: answer["count"] == 1)
            assert wait_until(lambda: wall.saw(1), 2.0), "the wall goes on"
        assert len(guest.events) == heard
        assert [name for name, _ in stranger.events] == ["state"]
        assert stranger.of("state") == [{"streams": []}]
    for one in (guest, wall, stranger):
        assert all(isinstance(message, str) and len(message) < 20_000 for message in one.raw)
        for count in one.of("count"):
            assert set(count) == {
                *("stream", "name", "at", "count", "peak", "tracks_seen"),
                *("width", "height", "faces"),
            }
    with viewer(server, {"token": token}) as late:
        assert late.gone.wait(5)
    assert late.of("state") == []
    assert late.of("refused")[0]["code"] == "not_found"


def test_a_link_outlives_a_restart_and_a_revoked_one_does_not(
    webcam: list[bytes], tmp_path: Path
) -> None:
    with product(data_dir=tmp_path) as server:
        cookie = new_owner(server)
        with camera(server, cookie=cookie) as client:
            revoked = call(client, "share", {"on": True})["token"]
            call(client, "share", {"on": False})
            token = call(client, "share", {"on": True})["token"]
    with product(data_dir=tmp_path) as server, camera(server, cookie=cookie) as client:
        again = client.client.call("share", {"on": True, "token": revoked})
        assert again["error"]["code"] == "not_found"
        with viewer(server, {"token": token}) as guest:
            assert wait_until(lambda: guest.of("state") == [{"streams": []}], 5)
            assert call(client, "share", {"on": True, "token": token})["token"] == token
            client.watch(webcam, until=lambda answer: answer["count"] == 1)
            assert wait_until(lambda: guest.saw(1), 2)
        with viewer(server, {"token": revoked}) as late:
            assert late.gone.wait(5)


def test_counting_goes_on_and_no_sample_is_lost_while_the_database_is_away(
    postgres: Postgres, webcam: list[bytes], empty_room: list[bytes]
) -> None:
    database = Database(postgres.url)
    database.upgrade()
    database.engine.dispose()
    with product(env=postgres.env) as server:
        cookie = new_owner(server)
        with camera(server, cookie=cookie) as client:
            session = call(client, "configure", {"recording": True})["session"]["id"]
            counts = stream(client, webcam, 1.2)
            postgres.stop()
            try:
                counts += stream(client, empty_room, 1.2)
                refused = client.client.call("configure", {"name": "Hall"})
                assert refused["error"]["code"] == "unavailable"
                counts += stream(client, webcam, 1.2)
            finally:
                postgres.start()
            path = f"/api/v1/sessions/{session}/counts.json"
            counts += stream(client, empty_room, 1.2)
            samples = fetched(server, path, cookie)["samples"]
        assert changes([count for _at, count in samples]) == changes(counts)
    assert "Traceback" not in server.log(), server.log()
