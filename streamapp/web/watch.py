"""Socket.IO namespace ``/watch``: who looks on gets numbers and outlines, never a picture.

For the author of a client: connect with ``auth: {"token": …}`` of a watch link, or ``{"wall":
true}`` with the owner's cookie; wait for ``state``; then come ``count``, ``gone``, ``revoked``.
docs/protocol.md has the whole of it.
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask_socketio import ConnectionRefusedError as SocketRefused
from flask_socketio import SocketIO

from streamapp.channel import link_room, owner_room
from streamapp.errors import InvalidParameter, NotFound, StreamappError
from streamapp.links import LinkService
from streamapp.outbox import Outbox
from streamapp.watching import Watching
from streamapp.web.door import Door
from streamapp.web.owner import current_owner

NAMESPACE = "/watch"


def install(socketio: SocketIO, watching: Watching, links: LinkService, door: Door) -> None:
    """Bind the namespace's events to ``watching``."""
    server = socketio.server
    outbox = Outbox(server)
    clients: dict[str, str] = {}  # Engine.IO's ids of viewers

    @socketio.on("connect", namespace=NAMESPACE)
    def on_connect(auth: object = None) -> None:
        """Answered with ``state``, or with ``refused`` and the end of the connection."""
        viewer = _viewer()
        try:
            room = _room(auth, links, door)
            watching.enter(viewer, room)
        except StreamappError as error:
            # By now the client believes to be connected: an event is all it would notice.
            content = {"code": error.code, "message": error.message}
            server.emit("refused", content, to=viewer, namespace=NAMESPACE)
            raise SocketRefused(error.message, {"code": error.code}) from error
        client = server.manager.eio_sid_from_sid(viewer, NAMESPACE)
        if client is None:
            watching.leave(viewer)  # it has gone meanwhile
            return
        clients[viewer] = client
        outbox.bound(client, request.environ.get("gunicorn.socket"))
        server.enter_room(viewer, room, namespace=NAMESPACE)
        server.emit("state", watching.state(room), to=viewer, namespace=NAMESPACE)

    @socketio.on("disconnect", namespace=NAMESPACE)
    def on_disconnect(_reason: object = None) -> None:
        """One viewer less."""
        viewer = _viewer()
        outbox.release(clients.pop(viewer, ""))
        watching.leave(viewer)

    def emit(event: str, content: dict[str, Any], rooms: list[str]) -> None:
        # One call, one encoding, however many there are.
        server.emit(event, content, to=rooms, namespace=NAMESPACE)

    def disconnect(viewer: str) -> None:
        server.disconnect(viewer, namespace=NAMESPACE)

    watching.emit = emit
    watching.emit_here = lambda event, content, room: server.emit(
        event, content, to=room, namespace=NAMESPACE, ignore_queue=True
    )
    watching.disconnect = disconnect


def _room(auth: object, links: LinkService, door: Door) -> str:
    """Where a handshake leads. Raises StreamappError."""
    if isinstance(auth, dict) and "token" in auth:
        return link_room(links.watched(auth["token"]).token_hash)
    if isinstance(auth, dict) and auth.get("wall") is True:
        door.refuse_handshake(auth)
        owner = current_owner()
        if not owner.known:
            raise NotFound("The wall shows your own cameras. Open the page /wall first.")
        return owner_room(owner.id)
    raise InvalidParameter('Connect with {"token": …} of a watch link, or {"wall": true}.')


def _viewer() -> str:
    viewer: str = request.sid  # type: ignore[attr-defined]  # put there by Flask-SocketIO
    return viewer
