"""The load's own websocket and Socket.IO bytes, against three independent implementations."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socketio.packet import ACK, EVENT, Packet
from websocket import ABNF
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, TextMessage
from wsproto.events import Ping as WsPing

from bench import wire

KEYS = st.binary(min_size=4, max_size=4)
SIZES = [0, 1, 3, 125, 126, 127, 65_535, 65_536, 100_001]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


def by_websocket_client(opcode: wire.Opcode, payload: bytes, key: bytes) -> bytes:
    reference = ABNF(1, 0, 0, 0, opcode, 1, payload)
    reference.get_mask_key = lambda _size: key
    return reference.format()


@given(payload=st.binary(max_size=300), key=KEYS)
def test_a_frame_is_what_websocket_client_makes(payload: bytes, key: bytes) -> None:
    for opcode in (wire.Opcode.TEXT, wire.Opcode.BINARY):
        assert wire.frame(opcode, payload, key) == by_websocket_client(opcode, payload, key)


@pytest.mark.parametrize("size", SIZES)
def test_every_form_of_the_length_is_what_websocket_client_makes(size: int) -> None:
    payload = bytes(number % 251 for number in range(size))
    expected = by_websocket_client(wire.Opcode.BINARY, payload, wire.MASK_KEY)
    assert wire.frame(wire.Opcode.BINARY, payload) == expected


@given(data=st.binary(max_size=1000), key=KEYS)
def test_masking_twice_gives_the_data_back(data: bytes, key: bytes) -> None:
    once = wire.masked(data, key)
    assert all(a == b ^ key[i % 4] for i, (a, b) in enumerate(zip(once, data, strict=True)))
    assert wire.masked(once, key) == data


@given(seq=st.integers(0, 10**9), jpeg=st.binary(min_size=1, max_size=500))
def test_a_server_reads_the_frame_event_of_the_contract(seq: int, jpeg: bytes) -> None:
    server = Connection(ConnectionType.SERVER)
    server.receive_data(wire.frame_event(seq, wire.frame(wire.Opcode.BINARY, jpeg)))
    text, attachment = server.events()
    assert isinstance(text, TextMessage)
    assert isinstance(attachment, BytesMessage)
    assert text.data[0] == "4", "an Engine.IO message"
    packet = Packet(encoded_packet=text.data[1:])
    assert packet.add_attachment(bytes(attachment.data)) is True
    assert packet.id == seq
    assert packet.data == ["frame", {"seq": seq}, jpeg]


@given(
    messages=st.lists(st.text(max_size=300) | st.binary(max_size=300), max_size=6),
    cuts=st.lists(st.integers(1, 200), min_size=1, max_size=50),
)
def test_messages_are_read_however_the_stream_is_cut(
    messages: list[str | bytes], cuts: list[int]
) -> None:
    server = Connection(ConnectionType.SERVER)
    stream = bytearray()
    for message in messages:
        if isinstance(message, str):
            stream += server.send(TextMessage(data=message))
        else:
            stream += server.send(BytesMessage(data=message))
        stream += server.send(WsPing(payload=b"in between"))

    reader = wire.FrameReader()
    read = []
    for number in range(len(stream)):
        piece = bytes(stream[: cuts[number % len(cuts)]])
        del stream[: len(piece)]
        read += reader.feed(piece)

    expected: list[tuple[wire.Opcode, bytes]] = []
    for message in messages:
        if isinstance(message, str):
            expected.append((wire.Opcode.TEXT, message.encode()))
        else:
            expected.append((wire.Opcode.BINARY, message))
        expected.append((wire.Opcode.PING, b"in between"))
    assert read == expected


def test_a_message_in_fragments_is_put_together_around_a_ping() -> None:
    server = Connection(ConnectionType.SERVER)
    stream = server.send(TextMessage(data="43", message_finished=False))
    stream += server.send(WsPing(payload=b""))
    stream += server.send(TextMessage(data="7[]", message_finished=True))
    assert wire.FrameReader().feed(stream) == [
        (wire.Opcode.PING, b""),
        (wire.Opcode.TEXT, b"437[]"),
    ]


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(b"\xc1\x00", id="compressed, which was not offered"),
        pytest.param(b"\x81\x80abcd", id="masked by the server"),
        pytest.param(b"\x80\x00", id="a continuation of nothing"),
        pytest.param(b"\x01\x00\x81\x00", id="a second beginning"),
        pytest.param(b"\x83\x00", id="an opcode nobody knows"),
    ],
)
def test_what_a_server_must_not_send_is_an_error(stream: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.FrameReader().feed(stream)


@given(number=st.integers(0, 10**9), answer=JSON)
def test_acknowledgements_of_python_socketio_are_read(number: int, answer: object) -> None:
    text = "4" + Packet(ACK, data=[answer], id=number).encode()
    assert wire.parse(text.encode()) == wire.Packet(wire.Kind.ACK, number, [answer])


@given(argument=JSON)
def test_events_of_python_socketio_are_read_and_written(argument: object) -> None:
    text = "4" + Packet(EVENT, data=["status", argument]).encode()
    assert wire.parse(text.encode()) == wire.Packet(wire.Kind.EVENT, None, ["status", argument])
    server = Connection(ConnectionType.SERVER)
    server.receive_data(wire.event("status", argument))
    (message,) = server.events()
    assert isinstance(message, TextMessage)
    assert json.loads(message.data[2:]) == ["status", argument]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b'0{"sid":"x","pingInterval":25000}', wire.Kind.OPEN),
        (b"1", wire.Kind.CLOSE),
        (b"2", wire.Kind.PING),
        (b"6", wire.Kind.NOOP),
        (b'40{"sid":"y"}', wire.Kind.CONNECTED),
        (b"41", wire.Kind.DISCONNECTED),
        (b'44{"message":"no"}', wire.Kind.REFUSED),
    ],
    ids=lambda value: value.name if isinstance(value, wire.Kind) else "",
)
def test_each_packet_of_the_protocol_is_known(text: bytes, kind: wire.Kind) -> None:
    assert wire.parse(text).kind is kind


@pytest.mark.parametrize("text", [b"", b"9", b"4", b"49", b"43{", b"\xff"])
def test_anything_else_is_an_error(text: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.parse(text)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.1 503 Service Unavailable", id="refused"),
        pytest.param(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket", id="no accept"),
        pytest.param(
            b"HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: AAAA", id="wrong accept"
        ),
    ],
)
def test_a_handshake_that_is_not_ours_is_an_error(head: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.check_handshake(head)
