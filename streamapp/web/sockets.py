"""Socket.IO events of the live page, namespace ``/``.

For the author of a client: connect, wait for ``status`` with state ``ready``, then emit ``frame``
with ``{"seq": n}`` and a JPEG as binary, asking for an acknowledgement, with at most two frames
unanswered. Every frame is acknowledged, refused ones with ``{"seq", "error": {"code",
"message"}}``. docs/protocol.md has the whole of it.
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask_socketio import SocketIO

from streamapp.config import Settings
from streamapp.errors import FrameRefused, InputError
from streamapp.streaming import StreamService
from streamapp.vision.engines import DETECTORS
from streamapp.web.door import Door


def install(socketio: SocketIO, streams: StreamService, settings: Settings, door: Door) -> None:
    """Bind the events of ``socketio`` to ``streams``."""

    @socketio.on("connect")
    def on_connect(auth: object = None) -> None:
        """Answered with ``status``: what the server would like to be sent, and its limits."""
        door.refuse_handshake(auth)
        client = _client()
        streams.open(client)
        status = {
            "state": "ready",
            "message": "",
            "capture": streams.capture,
            "max_frame_bytes": settings.max_frame_bytes,
            "detectors": list(DETECTORS),
        }
        socketio.emit("status", status, to=client)

    @socketio.on("disconnect")
    def on_disconnect(_reason: object = None) -> None:
        """The session ends; nothing of its frames is left."""
        streams.close(_client())

    @socketio.on("configure")
    def on_configure(options: object = None, *_more: object) -> dict[str, Any]:
        """``{"detector": "cascade" | "yunet", "min_face": pixels}``, both optional.

        Acknowledged with what is in force, or with an error, and then nothing has changed.
        """
        try:
            return streams.session(_client()).configure(options)
        except (InputError, FrameRefused) as error:
            return {"error": {"code": error.code, "message": error.message}}

    @socketio.on("reset")
    def on_reset(*_ignored: object) -> dict[str, Any]:
        """Forget tracks, peak and tracks seen. Acknowledged with ``{}``."""
        try:
            streams.session(_client()).reset()
        except FrameRefused as error:
            return {"error": {"code": error.code, "message": error.message}}
        return {}

    def on_frame(
        client: str, metadata: object = None, data: object = None, *_more: object
    ) -> dict[str, Any]:
        """One webcam frame; acknowledged with its counts or a named error."""
        return streams.frame(client, metadata, data)

    def notify(client: str, status: dict[str, Any]) -> None:
        socketio.server.emit("status", status, to=client)

    streams.notify = notify
    # Past Flask-SocketIO: its request context costs more than the rest of the hub's part of a
    # frame, and nothing on this way asks for a request.
    socketio.server.on("frame", on_frame)


def _client() -> str:
    client: str = request.sid  # type: ignore[attr-defined]  # put there by Flask-SocketIO
    return client
