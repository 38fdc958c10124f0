"""What holds for a websocket on either worker: its bounds, and what ends it."""

from __future__ import annotations

# What one message may make us read and throw away before we hang up.
DISCARD_BYTES = 64_000_000
# One webcam frame and its header, most of the time.
READ_BYTES = 65_536

PROTOCOL_ERROR = 1002  # RFC 6455 section 7.4.1
MESSAGE_TOO_BIG = 1009

_PACKET_TYPES = frozenset("123456")
NO_PACKET = "This is no Engine.IO packet."


def is_packet(text: str) -> bool:
    """Whether a text message can be an Engine.IO packet of a client.

    What cannot ends the connection: engineio would raise where nothing cleans up after it.
    """
    return text[:1] in _PACKET_TYPES


def too_big(limit: int) -> str:
    """Why a message of more than ``limit`` bytes ends the connection."""
    return f"A message may have {limit} bytes."
