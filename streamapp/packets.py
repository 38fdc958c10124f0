"""What may arrive in a Socket.IO packet: bounds that python-socketio 5.18.1 does not have."""

from __future__ import annotations

from typing import Any

import socketio

# The contract's `frame` carries one attachment; the rest is room for other events.
MAX_ATTACHMENTS = 4


class OversizedMessage(bytes):
    """Stands for a binary message of ``length`` bytes that was over the limit; itself empty.

    Made by `streamapp.wire`, so that a frame too large can be answered by name.
    """

    length: int

    @classmethod
    def of(cls, length: int) -> OversizedMessage:
        """The stand-in for a message of ``length`` bytes."""
        message = cls()
        message.length = length
        return message


class BoundedPacket(socketio.packet.Packet):  # type: ignore[misc]
    """A packet with a bound on its attachments.

    A header such as ``4519999999-`` would otherwise have the server collect them for ever.
    """

    def decode(self, encoded_packet: Any) -> int:
        """As the base; raises ValueError over the bound."""
        count: int = super().decode(encoded_packet)
        if count > MAX_ATTACHMENTS:
            raise ValueError(f"{count} attachments; at most {MAX_ATTACHMENTS} are allowed")
        return count
