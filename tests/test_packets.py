"""What clients may send: refused by one exception, or decoded as python-socketio does."""

from __future__ import annotations

import contextlib
import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest
import socketio
from hypothesis import given
from hypothesis import strategies as st

from streamapp import packets
from streamapp.packets import (
    BoundedPacket,
    BoundedPayload,
    MalformedPacket,
    MalformedPayload,
    OversizedMessage,
    PlainJson,
)

DEEP = "[" * 200_000


@pytest.fixture(autouse=True)
def _our_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedPacket, "json", PlainJson)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x", id="no type"),
        pytest.param("9", id="unknown type"),
        pytest.param("7[]", id="type after the last"),
        pytest.param('4{"message":"no"}', id="an error only servers send"),
        pytest.param("2", id="event without data"),
        pytest.param("2[]", id="event without a name"),
        pytest.param("2{}", id="event that is an object"),
        pytest.param('2"frame"', id="event that is a text"),
        pytest.param("2[1]", id="name that is a number"),
        pytest.param('2[["frame"]]', id="name that is a list"),
        pytest.param('2["frame"', id="cut off"),
        pytest.param("2/", id="namespace only"),
        pytest.param("3x", id="acknowledgement of nothing"),
        pytest.param("5[]", id="binary event without a count"),
        pytest.param(f'5{packets.MAX_ATTACHMENTS + 1}-["frame"]', id="one attachment too many"),
        pytest.param('4519999999-["frame"]', id="attachments for ever"),
        pytest.param(f"5{'9' * 10_000}-[]", id="a count of ten thousand digits"),
        pytest.param(f'2{"9" * 10_000}["frame"]', id="an id of ten thousand digits"),
        pytest.param(f'2["frame",{DEEP}', id="deep JSON"),
        pytest.param(f'2["frame",{DEEP}{"]" * 200_000}]', id="deep JSON, well formed"),
        pytest.param("2[" + "9" * 10_000 + "]", id="a number of ten thousand digits"),
    ],
)
def test_a_malformed_packet_is_refused_by_one_exception(text: str) -> None:
    with pytest.raises(MalformedPacket):
        BoundedPacket(encoded_packet=text)


@given(st.text() | st.text('0123456789-/,?[]{}":ab\\ tnN.', max_size=40).map("25".__add__))
def test_no_text_raises_anything_else(text: str) -> None:
    with contextlib.suppress(MalformedPacket):
        BoundedPacket(encoded_packet=text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    name=st.text(),
    values=st.lists(json_values, max_size=3),
    attachments=st.lists(st.binary(max_size=20), max_size=packets.MAX_ATTACHMENTS),
    number=st.none() | st.integers(0, 10**9),
    namespace=st.sampled_from([None, "/", "/other"]),
)
def test_a_good_event_is_decoded_as_by_python_socketio(
    name: str,
    values: list[Any],
    attachments: list[bytes],
    number: int | None,
    namespace: str | None,
) -> None:
    sent = socketio.packet.Packet(
        socketio.packet.EVENT, [name, *values, *attachments], namespace, number
    ).encode()
    text, *binary = sent if isinstance(sent, list) else [sent]
    ours, stock = BoundedPacket(encoded_packet=text), socketio.packet.Packet(encoded_packet=text)
    for attachment in binary:
        assert ours.add_attachment(attachment) == stock.add_attachment(attachment)
    shape = ("packet_type", "data", "namespace", "id", "attachment_count")
    assert [getattr(ours, what) for what in shape] == [getattr(stock, what) for what in shape]
    assert ours.data == [name, *values, *attachments]


@pytest.mark.parametrize("empty", ["", b"", OversizedMessage.of(5_000_000)])
def test_a_message_of_nothing_is_no_event(empty: str | bytes) -> None:
    with pytest.raises(MalformedPacket):
        BoundedPacket(encoded_packet=empty)


@pytest.mark.parametrize(
    ("text", "attachments"),
    [
        pytest.param('2["frame"]', [b"jpeg"], id="none was announced"),
        pytest.param('51-["frame",{"_placeholder":true,"num":0}]', [b"a", b"b"], id="one more"),
        pytest.param('51-["frame",{"_placeholder":true,"num":7}]', [b"a"], id="no such number"),
        pytest.param('51-["frame",{"_placeholder":true,"num":"0"}]', [b"a"], id="no number"),
    ],
)
def test_an_attachment_out_of_place_is_refused(text: str, attachments: list[bytes]) -> None:
    packet = BoundedPacket(encoded_packet=text)
    for attachment in attachments[:-1]:
        packet.add_attachment(attachment)
    with pytest.raises(MalformedPacket):
        packet.add_attachment(attachments[-1])


def test_an_oversized_attachment_keeps_its_length() -> None:
    packet = BoundedPacket(encoded_packet='51-["frame",{"_placeholder":true,"num":0}]')
    assert packet.add_attachment(OversizedMessage.of(5_000_000))
    assert (packet.data[1], packet.data[1].length) == (b"", 5_000_000)


def test_an_answer_without_binary_is_encoded_as_by_python_socketio() -> None:
    arguments = (socketio.packet.ACK, [{"seq": 1, "faces": []}], "/", 7)
    assert BoundedPacket(*arguments).encode() == socketio.packet.Packet(*arguments).encode()


def test_a_payload_of_as_many_packets_as_allowed_is_decoded() -> None:
    payload = BoundedPayload(encoded_payload="\x1e".join(["4hello"] * packets.MAX_PACKETS))
    assert [packet.data for packet in payload.packets] == ["hello"] * packets.MAX_PACKETS


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\x1e".join(["4a"] * (packets.MAX_PACKETS + 1)), id="one packet too many"),
        pytest.param("x", id="no type"),
        pytest.param("4a\x1e\x1e4b", id="an empty packet"),
        pytest.param("bA", id="broken base64"),
    ],
)
def test_a_malformed_payload_is_refused_by_one_exception(text: str) -> None:
    with pytest.raises(MalformedPayload):
        BoundedPayload(encoded_payload=text)


@given(st.text())
def test_no_payload_raises_anything_else(text: str) -> None:
    with contextlib.suppress(MalformedPayload):
        BoundedPayload(encoded_payload=text)


class Closable:
    """Stands for engineio's socket of one client."""

    def __init__(self) -> None:
        self.closed: list[dict[str, bool]] = []

    def close(self, **how: bool) -> None:
        self.closed.append(how)


@pytest.fixture
def server() -> Any:
    server = socketio.Server(async_mode="threading", serializer=BoundedPacket)
    packets.install(server)
    return server


def test_a_client_that_breaks_the_protocol_is_let_go_with_one_line(
    server: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = Closable()
    server.eio.sockets = {"bad": client, "good": SimpleNamespace()}
    with caplog.at_level(logging.INFO):
        server.eio.handlers["message"]("bad", "2nonsense")
    assert client.closed == [{"wait": False, "abort": True}]
    assert [record.exc_info for record in caplog.records] == [None]
    assert "client bad is disconnected" in caplog.text


def test_a_client_that_has_gone_already_is_no_reason_to_fail(server: Any) -> None:
    server.eio.handlers["message"]("gone", "2nonsense")


@pytest.mark.parametrize(("messages", "turns"), [(15, 0), (16, 1), (2000, 125)])
def test_others_get_their_turn_between_the_messages_of_a_burst(
    server: Any, monkeypatch: pytest.MonkeyPatch, messages: int, turns: int
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(server, "sleep", slept.append)
    for _ in range(messages):
        server.eio.handlers["message"]("gone", "2nonsense")
    assert slept == [0] * turns


@pytest.mark.parametrize(
    "value",
    [{"seq": 2**70}, ["\ud800"], {"name": "Zoë"}, {1: 2}, [1.5, None, True, (1, 2)]],
    ids=["a large number", "half a character", "letters", "a number for a key", "a mixture"],
)
def test_whatever_is_sent_back_reads_as_it_was(value: object) -> None:
    assert json.loads(PlainJson.dumps(value)) == json.loads(json.dumps(value))
