"""Bytes read at once and handed out as wanted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streamapp.read_ahead import ReadAhead


class Pieces:
    """A socket to which ``pieces`` come one at a time."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = list(pieces)
        self.sent = b""

    def recv(self, _size: int) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""

    def sendall(self, data: bytes) -> None:
        self.sent += data


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=8), st.data())
def test_however_it_is_asked_nothing_is_lost_doubled_or_out_of_order(
    pieces: list[bytes], data: st.DataObject
) -> None:
    ahead, got = ReadAhead(Pieces(pieces)), b""
    while len(got) < len(b"".join(pieces)):
        size = data.draw(st.integers(1, 60))
        if data.draw(st.booleans()):
            part = ahead.recv(size)
            assert len(part) <= size
            got += part
        else:
            arrived = bytes(ahead.arrived()[:size])
            ahead.skip(len(arrived))
            got += arrived
    assert got == b"".join(pieces)
    assert ahead.recv(1) == b""
    assert not ahead.arrived()


def test_what_has_been_handed_out_is_not_kept() -> None:
    ahead = ReadAhead(Pieces([bytes(40_000)]))
    ahead.skip(len(ahead.arrived()))
    assert ahead._ahead.nbytes == 0
    assert ahead._ahead.obj == b""
