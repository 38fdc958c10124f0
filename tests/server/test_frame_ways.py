"""Frames that come as all webcams send them, and frames that come in any other way.

Each is sent byte by byte as wanted: what a client library would never do is what matters.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import websocket

from bench.servers import Server
from tests.server.conftest import open_line

ANNOUNCED = '451-{number}["frame",{{"seq":{seq}}},{{"_placeholder":true,"num":0}}]'


@pytest.fixture
def line(server: Server) -> Iterator[websocket.WebSocket]:
    """A websocket in the namespace ``/``, told that it may send."""
    with closing(open_line(server)) as line:
        line.send("40")
        while not line.recv().startswith('42["status"'):
            """Until it is ready."""
        yield line


def answers(line: websocket.WebSocket, count: int) -> list[tuple[int, dict[str, Any]]]:
    """The next ``count`` acknowledgements, in order, with their numbers."""
    found = []
    while len(found) < count:
        text = line.recv()
        if text[:2] == "43":
            start = text.index("[")
            found.append((int(text[2:start]), json.loads(text[start:])[0]))
    return found


def announce(line: websocket.WebSocket, number: int, seq: int | None = None) -> None:
    line.send(ANNOUNCED.format(number=number, seq=number if seq is None else seq))


@pytest.mark.server
def test_every_frame_is_answered_once_under_its_own_number(
    line: websocket.WebSocket, webcam: list[bytes]
) -> None:
    for number in range(5):
        announce(line, number, seq=100 + number)
        line.send_binary(webcam[number])
        ((answered, answer),) = answers(line, 1)
        assert (answered, answer["seq"], answer["width"]) == (number, 100 + number, 640)


def _spaced(line: websocket.WebSocket, jpeg: bytes) -> None:
    line.send('451-7["frame", {"seq": 7}, {"_placeholder": true, "num": 0}]')
    line.send_binary(jpeg)


def _with_more(line: websocket.WebSocket, jpeg: bytes) -> None:
    line.send('451-7["frame",{"seq":7,"from":"me"},{"_placeholder":true,"num":0},1]')
    line.send_binary(jpeg)


def _namespace_said(line: websocket.WebSocket, jpeg: bytes) -> None:
    line.send('451-/,7["frame",{"seq":7},{"_placeholder":true,"num":0}]')
    line.send_binary(jpeg)


def _in_fragments(line: websocket.WebSocket, jpeg: bytes) -> None:
    announce(line, 7)
    pieces = [jpeg[:100], jpeg[100:9_000], jpeg[9_000:]]
    for index, piece in enumerate(pieces):
        opcode = websocket.ABNF.OPCODE_CONT if index else websocket.ABNF.OPCODE_BINARY
        line.send_frame(websocket.ABNF(int(index == 2), 0, 0, 0, opcode, 1, piece))


def _ping_between(line: websocket.WebSocket, jpeg: bytes) -> None:
    announce(line, 7)
    line.ping("are you there?")
    line.send_binary(jpeg)


@pytest.mark.server
@pytest.mark.parametrize(
    "send",
    [_spaced, _with_more, _namespace_said, _in_fragments, _ping_between],
    ids=lambda send: send.__name__,
)
def test_a_frame_that_comes_in_another_way_is_counted_all_the_same(
    line: websocket.WebSocket, webcam: list[bytes], send: Any
) -> None:
    send(line, webcam[0])
    ((number, answer),) = answers(line, 1)
    assert (number, answer["seq"], answer["width"]) == (7, 7, 640)
    announce(line, 8)
    line.send_binary(webcam[1])
    ((number, answer),) = answers(line, 1)
    assert (number, answer["seq"], answer["width"]) == (8, 8, 640)


@pytest.mark.server
def test_a_text_where_the_picture_should_be_is_named(
    line: websocket.WebSocket, webcam: list[bytes]
) -> None:
    announce(line, 1)
    line.send("4a text")
    ((number, answer),) = answers(line, 1)
    assert (number, answer["error"]["code"]) == (1, "invalid_frame")
    announce(line, 2)
    line.send_binary(webcam[0])
    assert answers(line, 1)[0][1]["width"] == 640


@pytest.mark.server
def test_another_event_that_waits_for_its_attachment_gets_it_first(
    line: websocket.WebSocket, webcam: list[bytes]
) -> None:
    line.send('451-1["configure",{"_placeholder":true,"num":0}]')
    line.send_binary(b"no settings")
    ((number, answer),) = answers(line, 1)
    assert (number, answer["error"]["code"]) == (1, "invalid_parameter")
    announce(line, 2)
    line.send_binary(webcam[0])
    assert answers(line, 1)[0][1]["width"] == 640


@pytest.mark.server
def test_a_burst_of_frames_is_answered_whole(
    line: websocket.WebSocket, webcam: list[bytes]
) -> None:
    for number in range(60):
        announce(line, number)
        line.send_binary(webcam[number % len(webcam)])
    found = dict(answers(line, 60))
    assert set(found) == set(range(60))
    assert all(answer["seq"] == number for number, answer in found.items())
    codes = {answer["error"]["code"] for answer in found.values() if "error" in answer}
    assert codes <= {"superseded", "rate_limited"}
    assert "error" not in found[59] or found[59]["error"]["code"] == "rate_limited"


@pytest.mark.server
def test_who_has_left_the_namespace_and_sends_frames_is_hung_up_on(
    line: websocket.WebSocket, webcam: list[bytes]
) -> None:
    line.send("41")
    announce(line, 1)
    line.send_binary(webcam[0])
    with pytest.raises((websocket.WebSocketConnectionClosedException, ConnectionError)):
        answers(line, 1)
