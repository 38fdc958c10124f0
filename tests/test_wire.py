"""The fast websocket beside eventlet's own, byte for byte, and its bounds."""

from __future__ import annotations

import itertools
import logging
import random
import socket
import struct
import tracemalloc
import warnings
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    # eventlet asks its users to move on whenever it is imported.
    warnings.simplefilter("ignore")
    from eventlet.greenio import GreenSocket
    from eventlet.websocket import RFC6455WebSocket

    from streamapp import wire

LIMIT = 100_000
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def frame(
    opcode: int, payload: bytes, final: bool = True, mask: bytes = b"\x11\x22\x33\x44"
) -> bytes:
    """A client's frame (RFC 6455 section 5.2)."""
    length = len(payload)
    if length < 126:
        size = struct.pack("!B", 128 | length)
    elif length < 65_536:
        size = struct.pack("!BH", 128 | 126, length)
    else:
        size = struct.pack("!BQ", 128 | 127, length)
    masked = bytes(byte ^ key for byte, key in zip(payload, itertools.cycle(mask), strict=False))
    return bytes([final << 7 | opcode]) + size + mask + masked


class Stream:
    """A socket that receives ``chunks``, cut as they are, and keeps what is sent."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""
        self.sent = b""
        self.shut = False

    def recv(self, size: int) -> bytes:
        self._rest = self._rest or next(self._chunks, b"")
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def sendall(self, data: bytes) -> None:
        self.sent += data

    def shutdown(self, _how: int) -> None:
        self.shut = True

    def close(self) -> None:
        """Only eventlet's own close asks for it."""


def ours(stream: object, limit: int = LIMIT) -> wire.WireWebSocket:
    return wire.WireWebSocket(stream, {}, message_limit=limit)


def messages(websocket: RFC6455WebSocket) -> Iterator[str | bytes]:
    while (message := websocket.wait()) is not None:
        yield message


def close_code(stream: Stream) -> int:
    """The code of the close frame that was sent last, and only that."""
    assert stream.sent[0] == 128 | CLOSE
    code: int = struct.unpack_from("!H", stream.sent, 2)[0]
    return code


def test_every_override_fits_the_eventlet_that_is_installed() -> None:
    assert set(wire._WRITTEN_FOR) == wire.APPLIED


@given(data=st.binary(max_size=300), mask=st.binary(min_size=4, max_size=4), given=st.data())
def test_unmask_equals_eventlets_own(data: bytes, mask: bytes, given: st.DataObject) -> None:
    length = given.draw(st.none() | st.integers(0, len(data)))
    offset = given.draw(st.integers(0, 2**40))
    expected = RFC6455WebSocket._apply_mask(data, mask, length, offset)
    assert wire.unmask(data, tuple(mask), length, offset) == expected


class Frames(list[bytes]):
    """Frames one after another; hypothesis asks for the repr, and theirs would be long."""

    def __repr__(self) -> str:
        return f"<frames of {[len(frame) for frame in self]} bytes>"


@st.composite
def conversations(draw: st.DrawFn) -> Frames:
    """Frames of texts and binaries, split into fragments, pings between them."""
    frames = Frames()
    texts = st.text(max_size=40).map(lambda text: (TEXT, f"4{text}".encode()))
    binaries = st.binary(max_size=400).map(lambda data: (BINARY, data))
    big = st.sampled_from([125, 126, 65_535, 65_536]).map(
        lambda size: (BINARY, random.Random(size).randbytes(size))
    )
    masks = st.binary(min_size=4, max_size=4)
    for opcode, payload in draw(st.lists(texts | binaries | big, max_size=4)):
        cuts = sorted(draw(st.lists(st.integers(0, len(payload)), max_size=4)))
        edges = list(itertools.pairwise([0, *cuts, len(payload)]))
        for index, (start, end) in enumerate(edges):
            final = index == len(edges) - 1
            kind = opcode if index == 0 else CONTINUATION
            frames.append(frame(kind, payload[start:end], final, draw(masks)))
            if draw(st.booleans()):
                frames.append(frame(PING, b"ping", mask=draw(masks)))
    if draw(st.booleans()):
        frames.append(frame(CLOSE, struct.pack("!H", 1000)))
    return frames


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """``data`` in chunks of ``sizes``, again and again."""
    start = 0
    for size in itertools.cycle(sizes):
        if start >= len(data):
            return
        yield data[start : start + size]
        start += size


sizes = st.lists(st.integers(1, 20) | st.integers(500, 100_000), min_size=1, max_size=5)


@settings(deadline=None, max_examples=40)  # eventlet's own takes long over large frames
@given(frames=conversations(), sizes=sizes)
def test_messages_in_any_fragments_and_chunks_arrive_as_with_eventlets_own(
    frames: Frames, sizes: list[int]
) -> None:
    sent = b"".join(frames)
    stock_stream, our_stream = Stream(cut(sent, sizes)), Stream(cut(sent, sizes))
    stock = list(messages(RFC6455WebSocket(stock_stream, {}, max_frame_length=LIMIT)))
    assert list(messages(ours(our_stream))) == stock
    assert our_stream.sent == stock_stream.sent


def test_a_message_comes_through_a_real_green_socket() -> None:
    browser, server = socket.socketpair()
    with browser, server:
        browser.sendall(frame(BINARY, b"jpeg" * 1000) + frame(TEXT, b"2"))
        websocket = ours(GreenSocket(server))
        assert [websocket.wait(), websocket.wait()] == [b"jpeg" * 1000, "2"]


def test_closing_shuts_both_ways_and_leaves_the_descriptor_to_the_reader() -> None:
    browser, server = socket.socketpair()
    with browser, server:
        websocket = ours(GreenSocket(server))
        websocket.close()
        assert server.fileno() >= 0
        assert browser.recv(100) == bytes([128 | CLOSE, 0])
        assert browser.recv(100) == b""
        websocket.close()  # again, as a client that has gone already


@pytest.mark.parametrize("in_one_frame", [True, False])
def test_nobody_makes_us_throw_away_more_than_the_bound(
    in_one_frame: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "DISCARD_BYTES", 5000)
    first = frame(BINARY, b"x" * 1000, final=False)
    more = itertools.repeat(frame(CONTINUATION, b"x" * 1000, final=False))
    chunks = iter([frame(BINARY, b"x" * 5001)]) if in_one_frame else itertools.chain([first], more)
    stream = Stream(chunks)
    assert ours(stream, limit=2000).wait() is None
    assert close_code(stream) == 1009


@pytest.mark.parametrize("payload", [b"", b"x", b"x" * 1000], ids=["empty", "a byte", "a thousand"])
def test_continuation_frames_without_end_take_bounded_memory(payload: bytes) -> None:
    more = frame(CONTINUATION, payload, final=False)
    stream = Stream(itertools.chain([frame(BINARY, b"", final=False)], [more * 40] * 500))
    websocket = ours(stream, limit=2000)
    tracemalloc.start()
    try:
        assert websocket.wait() is None  # the stream ends after 20 000 of them
        assert tracemalloc.get_traced_memory()[1] < 120_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("text", ["", "0", "7", "hello", "é"])
def test_a_text_that_is_no_engineio_packet_ends_the_connection(text: str) -> None:
    stream = Stream([frame(TEXT, text.encode()) + frame(TEXT, b"4never read")])
    websocket = ours(stream)
    assert websocket.wait() is None
    assert close_code(stream) == 1002
    assert stream.shut


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(frame(TEXT, b"4\xff\xfe"), 1007, id="no UTF-8"),
        pytest.param(frame(CONTINUATION, b"x"), 1002, id="continuation of nothing"),
        pytest.param(frame(3, b"x"), 1002, id="unknown opcode"),
        pytest.param(b"\x82\x01x", 1002, id="not masked"),
        pytest.param(frame(PING, b"x", final=False), 1002, id="ping in fragments"),
    ],
)
def test_what_breaks_the_protocol_ends_the_connection_by_its_code(data: bytes, code: int) -> None:
    stream = Stream([data])
    try:
        assert ours(stream).wait() is None
    except UnicodeDecodeError:
        assert code == 1007
        code = 1011
    assert close_code(stream) == code


@pytest.mark.parametrize("name", sorted(wire._WRITTEN_FOR))
def test_where_eventlets_source_has_changed_its_own_serves_with_a_warning(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(wire._WRITTEN_FOR, name, "0" * 16)
    with caplog.at_level(logging.WARNING):
        applied = wire._apply_overrides()
    assert applied == wire.APPLIED - {name}
    assert f"websocket.{name} has changed" in caplog.text


def test_without_our_message_class_the_stock_limit_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "APPLIED", wire.APPLIED - {"Message"})
    stream = Stream([frame(BINARY, b"x" * 301)])
    assert ours(stream, limit=300).wait() is None
    assert close_code(stream) == 1009
