"""The websocket for threads beside the one for eventlet: the same messages, the same bounds."""

from __future__ import annotations

import itertools
import socket
import struct
import threading
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from wsproto import ConnectionType, WSConnection

from streamapp import wire_threads
from tests.test_wire import (
    BINARY,
    CLOSE,
    CONTINUATION,
    LIMIT,
    PING,
    TEXT,
    Frames,
    Stream,
    close_code,
    conversations,
    cut,
    frame,
    messages,
    ours,
    sizes,
)

HANDSHAKE = {
    "HTTP_HOST": "localhost",
    "HTTP_UPGRADE": "websocket",
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
    "HTTP_SEC_WEBSOCKET_EXTENSIONS": "permessage-deflate; client_max_window_bits",
}


def threaded(stream: object, limit: int = LIMIT) -> wire_threads.ThreadWebSocket:
    """A websocket past its handshake."""
    protocol = WSConnection(ConnectionType.SERVER)
    assert wire_threads._accept(protocol, dict(HANDSHAKE)) is not None
    return wire_threads.ThreadWebSocket(stream, protocol, limit)  # type: ignore[arg-type]


class Engine:
    """As much of engineio's server as the handshake asks for."""

    max_http_buffer_size = LIMIT


def test_the_handshake_is_accepted_without_compression() -> None:
    answer = wire_threads._accept(WSConnection(ConnectionType.SERVER), dict(HANDSHAKE))
    assert answer is not None
    head = answer.decode().lower()
    assert head.startswith("http/1.1 101")
    assert "s3pplmbitxaq9kygzzhzrbk+xoo=" in head  # RFC 6455 section 1.3's own example
    assert "extensions" not in head


@pytest.mark.parametrize("missing", ["HTTP_SEC_WEBSOCKET_KEY", "HTTP_UPGRADE"])
def test_what_is_no_handshake_is_refused_with_a_sentence(missing: str) -> None:
    environ: dict[str, Any] = {k: v for k, v in HANDSHAKE.items() if k != missing}
    statuses: list[str] = []
    application = wire_threads.ThreadWSGI(lambda _websocket: None, Engine())
    body = application(
        {**environ, "gunicorn.socket": Stream([])},
        lambda status, _headers: statuses.append(status),  # type: ignore[arg-type]
    )
    assert statuses == ["400 Bad Request"]
    assert b"no websocket handshake" in b"".join(body)


@pytest.mark.parametrize(
    ("server", "word"), [("gunicorn", StopIteration), ("werkzeug", ConnectionError)]
)
def test_the_end_is_told_to_each_server_in_its_own_word(server: str, word: type) -> None:
    stream = Stream([frame(TEXT, b"2")])
    heard: list[Any] = []
    application = wire_threads.ThreadWSGI(lambda ws: heard.append(ws.wait()), Engine())
    with pytest.raises(word):
        application({**HANDSHAKE, f"{server}.socket": stream}, lambda *_: None)  # type: ignore
    assert heard == ["2"]
    assert stream.shut


@settings(deadline=None)
@given(frames=conversations(), sizes=sizes)
def test_messages_in_any_fragments_and_chunks_arrive_as_with_the_other(
    frames: Frames, sizes: list[int]
) -> None:
    sent = b"".join(frames)
    theirs = list(messages(ours(Stream(cut(sent, sizes)))))
    assert list(messages(threaded(Stream(cut(sent, sizes))))) == theirs  # type: ignore[arg-type]


def test_a_ping_is_answered_and_a_message_sent_whole() -> None:
    stream = Stream([frame(PING, b"hello") + frame(TEXT, b"2")])
    websocket = threaded(stream)
    assert websocket.wait() == "2"
    websocket.send("3")
    websocket.send(b"\x01\x02")
    assert stream.sent == b"\x8a\x05hello" + b"\x81\x013" + b"\x82\x02\x01\x02"


def test_nobody_makes_us_throw_away_more_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_threads, "DISCARD_BYTES", 5000)
    first = frame(BINARY, b"x" * 1000, final=False)
    more = itertools.repeat(frame(CONTINUATION, b"x" * 1000, final=False))
    stream = Stream(itertools.chain([first], more))
    assert threaded(stream, limit=2000).wait() is None
    assert close_code(stream) == 1009


@pytest.mark.parametrize("payload", [b"", b"x", b"x" * 1000], ids=["empty", "a byte", "a thousand"])
def test_continuation_frames_without_end_take_bounded_memory(payload: bytes) -> None:
    more = frame(CONTINUATION, payload, final=False)
    stream = Stream(itertools.chain([frame(BINARY, b"", final=False)], [more * 40] * 500))
    websocket = threaded(stream, limit=2000)
    tracemalloc.start()
    try:
        assert websocket.wait() is None  # the stream ends after 20 000 of them
        assert tracemalloc.get_traced_memory()[1] < 400_000  # wsproto holds what came in one read
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(frame(TEXT, b"hello"), 1002, id="no Engine.IO packet"),
        pytest.param(frame(TEXT, b""), 1002, id="an empty text"),
        pytest.param(frame(TEXT, b"4\xff\xfe"), 1007, id="no UTF-8"),
        pytest.param(frame(CONTINUATION, b"x"), 1002, id="continuation of nothing"),
        pytest.param(frame(3, b"x"), 1002, id="unknown opcode"),
        pytest.param(b"\x82\x01x", 1002, id="not masked"),
        pytest.param(frame(PING, b"x", final=False), 1002, id="ping in fragments"),
        pytest.param(frame(CLOSE, struct.pack("!H", 1001)), 1001, id="a goodbye"),
    ],
)
def test_what_ends_the_connection_is_answered_by_its_code(data: bytes, code: int) -> None:
    stream = Stream([data])
    assert threaded(stream).wait() is None
    assert close_code(stream) == code
    assert stream.shut


def test_closing_wakes_the_one_who_reads_and_then_nothing_can_be_sent() -> None:
    browser, server = socket.socketpair()
    with browser, server:
        websocket = threaded(server)
        read: list[Any] = ["nothing yet"]
        reader = threading.Thread(target=lambda: read.append(websocket.wait()))
        reader.start()
        websocket.close()
        reader.join(10)
        assert read[1:] == [None]
        assert server.fileno() >= 0
        with pytest.raises(OSError, match="closed"):
            websocket.send("late")
        websocket.close()  # again, as a client that has gone already
