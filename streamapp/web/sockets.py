"""Socket.IO events of the live page, namespace ``/``.

For the author of a client: connect, wait for ``status`` with state ``ready``, then emit ``frame``
with ``{"seq": n}`` and a JPEG as binary, asking for an acknowledgement, with at most two frames
unanswered. Every frame is acknowledged, refused ones with ``{"seq", "error": {"code",
"message"}}``. docs/protocol.md has the whole of it.
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask_socketio import ConnectionRefusedError as SocketRefused
from flask_socketio import SocketIO

from streamapp.channels import Channels
from streamapp.config import Settings
from streamapp.errors import FrameRefused, StreamappError
from streamapp.streaming import StreamService
from streamapp.vision.engines import DETECTORS
from streamapp.web.door import Door
from streamapp.web.owner import current_owner


def install(
    socketio: SocketIO,
    streams: StreamService,
    channels: Channels,
    settings: Settings,
    door: Door,
) -> None:
    """Bind the events of ``socketio`` to ``streams`` and ``channels``."""

    @socketio.on("connect")
    def on_connect(auth: object = None) -> None:
        """Answered with ``status``: what the server would like to be sent, and its limits."""
        client = _client()
        try:
            door.refuse_handshake(auth)
        except StreamappError as error:
            # By now the client believes to be connected: an event is all it would notice.
            refused = {"state": error.code, "message": error.message}
            socketio.server.emit("status", refused, to=client)
            raise SocketRefused(error.message, {"code": error.code}) from error
        streams.open(client)
        owner = current_owner()
        channels.open(client, owner.id if owner.known else None)
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
        # What came just before runs in tasks of its own: who says goodbye with its last breath
        # ("record no more") is heard.
        socketio.sleep(0)
        channels.close(_client())
        streams.close(_client())

    @socketio.on("reset")
    def on_reset(*_ignored: object) -> dict[str, Any]:
        """Forget tracks, peak and tracks seen. Acknowledged with ``{}``."""
        try:
            streams.session(_client()).reset()
        except FrameRefused as error:
            return _refusal(error)
        return {}

    def on_frame(
        client: str, metadata: object = None, data: object = None, *_more: object
    ) -> dict[str, Any]:
        """One webcam frame; acknowledged with its counts or a named error."""
        return streams.frame(client, metadata, data)

    def notify(client: str, status: dict[str, Any]) -> None:
        socketio.server.emit("status", status, to=client)

    _install_wishes(socketio, channels)
    streams.notify = notify
    # Past Flask-SocketIO: its request context costs more than the rest of the hub's part of a
    # frame, and nothing on this way asks for a request.
    socketio.server.on("frame", on_frame)


def _install_wishes(socketio: SocketIO, channels: Channels) -> None:
    """Bind what clients wish beside being counted to ``channels``."""

    @socketio.on("configure")
    def on_configure(options: object = None, *_more: object) -> dict[str, Any]:
        """``{"detector", "min_face", "blur", "recording", "name", "session"}``, all optional.

        Acknowledged with what is in force, or with an error, and then nothing has changed.
        """
        try:
            return channels.configure(_client(), options)
        except StreamappError as error:
            return _refusal(error)

    @socketio.on("share")
    def on_share(options: object = None, *_more: object) -> dict[str, Any]:
        """``{"on": true, "token"?}`` or ``{"on": false}``: may others watch the counts?

        Acknowledged with ``{"token", "url"}`` or ``{"token": null}``, or with an error.
        """
        try:
            token = channels.share(_client(), options)
        except StreamappError as error:
            return _refusal(error)
        return {"token": token, "url": f"/watch/{token}"} if token else {"token": None}

    def tell_recording(client: str, content: dict[str, Any]) -> None:
        socketio.server.emit("recording", content, to=client)

    channels.notify = tell_recording


def _refusal(error: StreamappError) -> dict[str, Any]:
    """An error as events are acknowledged with it."""
    return {"error": {"code": error.code, "message": error.message}}


def _client() -> str:
    client: str = request.sid  # type: ignore[attr-defined]  # put there by Flask-SocketIO
    return client
