"""The way of a webcam's frame past Engine.IO and Socket.IO.

A ``frame`` event comes thousands of times and always looks the same: a text that announces it and
one binary message. Told by that text it goes straight to the event's handler, and whoever has the
answer sends it. All else, also a frame that looks different in any way or comes by long polling,
goes the stock way, which ends at the same handler; nothing is lost but time.

Written for python-socketio 5.18, python-engineio 4.15 and the packets of Socket.IO's protocol 5
(https://github.com/socketio/socket.io-protocol).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eventlet import getcurrent, hubs, spawn_n

from streamapp.packets import MESSAGES_A_TURN, PlainJson, turns

log = logging.getLogger(__name__)

# Engine.IO: a message. Socket.IO: an event with one attachment, and the acknowledgement's number.
_ANNOUNCED = re.compile(
    r'451-([0-9]{1,15})\["frame",\{"seq":([0-9]{1,15})\},\{"_placeholder":true,"num":0\}\]'
).fullmatch
_MESSAGE, _ACKNOWLEDGEMENT = "4", "3"
_NAMESPACE, _EVENT = "/", "frame"
_FRAMES_A_TURN = MESSAGES_A_TURN // 2  # each is two messages
_MOST_IDLE = 32


@dataclass(frozen=True, slots=True)
class Announced:
    """A frame whose picture has yet to come."""

    session: str  # Socket.IO's id of the client
    number: str  # of the acknowledgement
    seq: int


class GreenHands:
    """Green threads that are used again: for a new one the kernel maps memory, and unmaps it."""

    def __init__(self) -> None:
        self._idle: list[Any] = []

    def run(self, function: Callable[..., object], *args: object) -> None:
        """``function(*args)`` in a green thread, soon, and after those asked for before."""
        if self._idle:
            hubs.get_hub().schedule_call_global(0, self._idle.pop().switch, function, args)
        else:
            spawn_n(self._work, [function, args])

    def _work(self, first: list[Any]) -> None:
        function, args = first
        first.clear()  # what a green thread was started with is kept while it lives
        while True:
            try:
                function(*args)
            except Exception:
                log.exception("%s failed", getattr(function, "__qualname__", function))
            function = args = None  # not kept while idle: it may be a frame
            if len(self._idle) >= _MOST_IDLE:
                return
            self._idle.append(getcurrent())
            function, args = hubs.get_hub().switch()


class FramePath:
    """Frames of all websockets of ``server``, a socketio.Server in eventlet mode."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._hands = GreenHands()
        self._took = turns(server, _FRAMES_A_TURN)

    def announced(self, line: str, text: str) -> Announced | None:
        """What ``text`` announces on an Engine.IO ``line``; None for the stock way."""
        found = _ANNOUNCED(text)
        if found is None or line in self._server._binary_packet:
            return None
        session = self._server.manager.sid_from_eio_sid(line, _NAMESPACE)
        if session is None or not self._server.manager.is_connected(session, _NAMESPACE):
            return None
        return Announced(session, found[1], int(found[2]))

    def take(self, line: str, websocket: Any, frame: Announced, data: bytes) -> None:
        """``frame`` has come whole; its answer goes out by ``websocket``."""
        self._took()
        self._hands.run(self._answer, line, websocket, frame, data)

    def _answer(self, line: str, websocket: Any, frame: Announced, data: bytes) -> None:
        handle = self._server.handlers[_NAMESPACE][_EVENT]
        answer = handle(frame.session, {"seq": frame.seq}, data)
        text = f"{_ACKNOWLEDGEMENT}{frame.number}{PlainJson.dumps([answer])}"
        socket = self._server.eio.sockets.get(line)
        if socket is None or socket.closed:
            return  # it has gone meanwhile
        if not socket.queue.empty() or not websocket.is_free:
            self._server.eio.send(line, text)  # behind what is on its way
            return
        try:
            websocket.send_text(_MESSAGE + text)
        except OSError:
            websocket.close()
