"""Viewers that do not read, beside others that do."""

from __future__ import annotations

import queue
import socket
from types import SimpleNamespace

from streamapp.outbox import _AT_ONCE, _MOST_UNSENT, _PATIENCE_SECONDS, Outbox


class Line:
    """Of an Engine.IO socket what the outbox looks at."""

    def __init__(self) -> None:
        self.queue: queue.Queue[object] = queue.Queue()
        self.closed = False

    def close(self, wait: bool, abort: bool) -> None:
        assert (wait, abort) == (False, True)
        self.closed = True


class Server:
    """Of a socketio.Server what the outbox stands before."""

    def __init__(self) -> None:
        self.lines = {"fast": Line(), "slow": Line(), "webcam": Line()}
        self.eio = SimpleNamespace(sockets=self.lines)

    def _send_eio_packet(self, client: str, packet: object) -> None:
        self.lines[client].queue.put(packet)


def test_who_does_not_read_misses_what_comes_and_is_cut_off_at_last() -> None:
    server, now, yields = Server(), [0.0], list[float]()
    outbox = Outbox(server, yields.append, lambda: now[0])
    near, far = socket.socketpair()
    outbox.bound("fast", None)
    outbox.bound("slow", near)
    outbox.bound("gone", None)
    for step in range(200):
        now[0] = step * 0.25
        for client in ("fast", "slow", "gone", "webcam"):
            server._send_eio_packet(client, step)
        assert server.lines["fast"].queue.get() == step
        assert server.lines["slow"].closed == (now[0] > _MOST_UNSENT * 0.25 + _PATIENCE_SECONDS)
        if server.lines["slow"].closed:
            break
    assert server.lines["slow"].queue.qsize() == _MOST_UNSENT
    assert server.lines["webcam"].queue.qsize() == step + 1, "only viewers are bounded"
    assert not server.lines["fast"].closed
    assert far.recv(1) == b"", "its socket is shut"
    sent = step + 1 + _MOST_UNSENT
    assert len(yields) == sent // _AT_ONCE
    near.close()
    far.close()


def test_who_reads_again_is_sent_to_again() -> None:
    server = Server()
    outbox = Outbox(server, lambda _seconds: None, lambda: 0.0)
    outbox.bound("slow", None)
    for step in range(_MOST_UNSENT + 5):
        server._send_eio_packet("slow", step)
    line = server.lines["slow"]
    assert line.queue.qsize() == _MOST_UNSENT
    while not line.queue.empty():
        line.queue.get()
    server._send_eio_packet("slow", "new")
    assert line.queue.get() == "new"
    outbox.release("slow")
    outbox.release("slow")
