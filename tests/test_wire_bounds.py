"""The bounds that both websockets keep: eventlet's and the one for threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from streamapp.packets import OversizedMessage
from tests.test_wire import BINARY, TEXT, Stream, close_code, frame, ours
from tests.test_wire_threads import threaded

Opener = Callable[..., Any]


@pytest.fixture(params=[ours, threaded], ids=["eventlet", "threads"])
def either(request: pytest.FixtureRequest) -> Opener:
    """Opens a websocket of the one or the other on a stream."""
    opener: Opener = request.param
    return opener


@pytest.mark.parametrize("pieces", [1, 7], ids=["one frame", "seven frames"])
def test_a_binary_message_over_the_limit_is_named_and_the_next_one_is_fine(
    either: Opener, pieces: int
) -> None:
    parts = [frame(BINARY if n == 0 else 0, b"x" * 300, n == pieces - 1) for n in range(pieces)]
    stream = Stream([b"".join(parts) + frame(BINARY, b"next")])
    websocket = either(stream, limit=299)
    oversized = websocket.wait()
    assert isinstance(oversized, OversizedMessage)
    assert (oversized, oversized.length) == (b"", 300 * pieces)
    assert websocket.wait() == b"next"
    assert not stream.sent


def test_a_message_of_exactly_the_limit_is_whole(either: Opener) -> None:
    assert either(Stream([frame(BINARY, b"x" * 300)]), limit=300).wait() == b"x" * 300


def test_a_text_over_the_limit_ends_the_connection_by_its_name(either: Opener) -> None:
    stream = Stream([frame(TEXT, b"4" * 301)])
    assert either(stream, limit=300).wait() is None
    assert close_code(stream) == 1009
    assert stream.shut
