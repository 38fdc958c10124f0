"""Clients that take for ever to say what they want: streamapp/deadlines.py, on either worker."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from bench.servers import Server, product
from tests.server.conftest import connect, is_well, open_line

HEAD_SECONDS = 1.0  # tests/server/impatient.py, which only the server can import
pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def impatient() -> Iterator[Server]:
    """A server that hangs up on the slow after a second; its log may hold no traceback."""
    with product(application="tests.server.impatient:app()") as running:
        yield running
    assert "Traceback" not in running.log(), running.log()


def last_words(line: socket.socket, seconds: float = 10) -> bytes:
    """All that comes until the server hangs up."""
    line.settimeout(seconds)
    words = b""
    try:
        while data := line.recv(4096):
            words += data
    except ConnectionResetError:
        pass
    return words


HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
FORM = b"Host: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
UPLOAD = b"POST /upload HTTP/1.1\r\n" + FORM + b"Content-Length: 1000000\r\n\r\n"
CHUNKS = b"POST /api/v1/images HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "beginning",
    [b"G", HEAD, HEAD + b"Cookie: a", UPLOAD, UPLOAD + b"--x", CHUNKS, CHUNKS + b"5\r\nab"],
    ids=["a letter", "half a head", "half a header", "no body", "half a body", "no chunk", "half"],
)
def test_a_request_that_never_ends_is_hung_up_on(impatient: Server, beginning: bytes) -> None:
    lines = [connect(impatient) for _ in range(20)]
    began = time.monotonic()
    for line in lines:
        line.sendall(beginning)
    assert is_well(impatient)
    for line in lines:
        assert b"408" in last_words(line)
        line.close()
    assert time.monotonic() - began >= HEAD_SECONDS * 0.9


@pytest.mark.parametrize("beginning", [HEAD + b"X: ", UPLOAD], ids=["a head", "a body"])
def test_bytes_that_trickle_in_buy_no_time(impatient: Server, beginning: bytes) -> None:
    with closing(connect(impatient)) as line:
        line.sendall(beginning)
        ended = threading.Event()

        def trickle() -> None:
            try:
                while not ended.wait(0.1):
                    line.sendall(b"a")
            except OSError:
                pass  # it has hung up

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            assert b"408" in last_words(line)
        finally:
            ended.set()
            thread.join()


def test_a_connection_without_a_word_is_hung_up_on(impatient: Server) -> None:
    with closing(connect(impatient)) as line:
        assert b"408" in last_words(line)


def test_who_idles_between_two_requests_is_not(impatient: Server) -> None:
    with closing(connect(impatient)) as line:
        for _ in range(2):
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while b'"ok"' not in answer:
                answer += line.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200")
            line.settimeout(2 * HEAD_SECONDS)
            with pytest.raises(TimeoutError):
                line.recv(1)
            line.settimeout(10)


@pytest.mark.parametrize(
    "beginning", [b"", b"\x82", b"\x82\xfe\xff", b"\x82\xfe\x10\x00abcdxxxx"], ids=repr
)
def test_a_websocket_that_falls_silent_in_a_frame_is_closed(
    impatient: Server, beginning: bytes
) -> None:
    line = open_line(impatient)
    with closing(line.sock) as raw:
        raw.sendall(beginning)
        last_words(raw)  # which ends: the pings are not answered
    assert is_well(impatient)
