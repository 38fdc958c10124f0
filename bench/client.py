"""One simulated webcam: a websocket client on asyncio that sends frames and times the answers.

A closed loop client does what the page does: it keeps at most ``in_flight`` frames unanswered, and
a frame that has to wait is replaced by the newer one. An open loop client sends on schedule,
whatever comes back.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bench import wire

_MOST_UNSENT_BYTES = 4_000_000  # what an open loop client queues before it throws frames away


@dataclass(frozen=True)
class Plan:
    """How one client behaves."""

    fps: float
    """Frames a second of its camera."""
    in_flight: int | None = 2
    """Frames it leaves unanswered at most; None: an open loop."""
    obeys: bool = False
    """Whether it sends no more frames a second than the answers wish for, as the page does."""
    cookie: str = ""
    """Sent with the handshake: whose webcam this is."""
    token: str = ""
    """A link of its own under which it lets others look on."""


class Answer(NamedTuple):
    """One acknowledged frame. Times in seconds of the event loop's clock."""

    sent: float
    answered: float
    code: str | None
    """The contract's error code, None for a result."""
    faces: int
    """What the server counted, 0 with an error."""

    @property
    def latency(self) -> float:
        """Seconds from sending to acknowledgement."""
        return self.answered - self.sent


class Webcam(asyncio.Protocol):
    """Sends ``frames`` (JPEGs already wrapped by `wire.frame`) in a circle, from ``first`` on."""

    def __init__(self, plan: Plan, frames: Sequence[bytes], first: int = 0) -> None:
        self.plan = plan
        self.answers: list[Answer] = []
        self.waiting: dict[int, float] = {}
        """Sending time of each frame not yet answered, by seq."""
        self.sent = 0
        self.thrown_away = 0
        """Frames of the schedule that were never sent: credit used up, or the socket full."""
        self.lateness: list[float] = []
        """Seconds each scheduled frame came late: how far the generator itself falls behind."""
        self.statuses: Counter[str] = Counter()
        self.lost: str | None = None
        """Why the connection ended, None while it lives."""
        self._loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = self._loop.create_future()
        self.closed: asyncio.Future[float] = self._loop.create_future()
        self._fps = plan.fps
        self._frames = frames
        self._first = first
        self._reader = wire.FrameReader()
        self._head: bytearray | None = bytearray()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._owes_frame = False
        self._socket_full = False
        self._leaving = False

    async def open(self, host: str, port: int) -> None:
        """Connect and wait for the namespace. Raises wire.WireError or OSError."""
        transport, _ = await self._loop.create_connection(lambda: self, host, port)
        transport.set_write_buffer_limits(high=_MOST_UNSENT_BYTES)
        transport.write(wire.handshake(host, port, self.plan.cookie))
        await self.ready

    def start(self, at: float) -> None:
        """Send the first frame at ``at`` of the loop's clock, the others on schedule."""
        if self.plan.token:
            self.emit("share", {"on": True, "token": self.plan.token})
        self._timer = self._loop.call_at(at, self._tick, at)

    def stop(self) -> None:
        """Send no more; answers still come in."""
        if self._timer:
            self._timer.cancel()
        self._owes_frame = False

    def emit(self, name: str, *arguments: Any) -> None:
        """Send an event that wants no answer."""
        assert self._transport, "not connected"
        self._transport.write(wire.event(name, *arguments))

    def close(self) -> None:
        """Leave as a closed browser does, without waiting for the server's word."""
        self.stop()
        self._leaving = True
        if self._transport and not self._transport.is_closing():
            self._transport.write(wire.CLOSE)
            self._transport.abort()

    # -- the schedule

    def _tick(self, due: float) -> None:
        self.lateness.append(self._loop.time() - due)
        upcoming = due + 1 / self._fps
        self._timer = self._loop.call_at(upcoming, self._tick, upcoming)
        limit = self.plan.in_flight
        if limit is None and self._socket_full:
            self.thrown_away += 1
        elif limit is None or len(self.waiting) < limit:
            self._send()
        else:
            self.thrown_away += self._owes_frame
            self._owes_frame = True

    def _send(self) -> None:
        assert self._transport
        seq = self.sent
        self.sent += 1
        self.waiting[seq] = self._loop.time()
        jpeg = self._frames[(self._first + seq) % len(self._frames)]
        self._transport.write(wire.frame_event(seq, jpeg))

    # -- what the server says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        if self._head is not None:
            self._head += data
            head, blank, data = bytes(self._head).partition(b"\r\n\r\n")
            if not blank:
                return
            self._head = None
            try:
                wire.check_handshake(head)
            except wire.WireError as error:
                self._end(str(error))
                return
        for opcode, payload in self._reader.feed(data):
            if opcode is wire.Opcode.TEXT:
                self._on_packet(wire.parse(payload))
            elif opcode is wire.Opcode.CLOSE:
                self._end("the server closed the websocket")
            elif opcode is wire.Opcode.PING:
                self._write(wire.frame(wire.Opcode.PONG, payload))

    def _on_packet(self, packet: wire.Packet) -> None:
        match packet.kind:
            case wire.Kind.ACK:
                self._on_answer(packet)
            case wire.Kind.PING:
                self._write(wire.PONG)
            case wire.Kind.OPEN:
                self._write(wire.CONNECT)
            case wire.Kind.CONNECTED:
                self.ready.set_result(None)
            case wire.Kind.EVENT if packet.data[0] == "status":
                self.statuses[packet.data[1]["state"]] += 1
            case wire.Kind.REFUSED | wire.Kind.DISCONNECTED | wire.Kind.CLOSE:
                self._end(f"the server said {packet.kind.name.lower()}: {packet.data}")
            case _:
                pass  # other events and noops do not concern a load

    def _on_answer(self, packet: wire.Packet) -> None:
        sent = self.waiting.pop(packet.number or 0)
        body = packet.data[0]
        code = body["error"]["code"] if "error" in body else None
        self.answers.append(Answer(sent, self._loop.time(), code, body.get("count", 0)))
        if self.plan.obeys and "capture" in body:
            self._fps = min(self.plan.fps, body["capture"]["fps"])
        if self._owes_frame:
            self._owes_frame = False
            self._send()

    def _write(self, data: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(data)

    def pause_writing(self) -> None:
        """Called by asyncio."""
        self._socket_full = True

    def resume_writing(self) -> None:
        """Called by asyncio."""
        self._socket_full = False

    def connection_lost(self, error: Exception | None) -> None:
        """Called by asyncio."""
        self._end(f"the connection was lost: {error or 'end of stream'}")

    def _end(self, reason: str) -> None:
        self.stop()
        if not self._leaving:
            self.lost = self.lost or reason
        if not self.closed.done():
            self.closed.set_result(self._loop.time())
        if not self.ready.done():
            self.ready.set_exception(wire.WireError(reason))
        if self._transport:
            self._transport.abort()
