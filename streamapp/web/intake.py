"""Request bodies: large ones in turns with everybody else's work, others bounded."""

from __future__ import annotations

import time
from typing import BinaryIO

from flask import Flask, request

# Names, passwords and JSON; routes that take files allow themselves more. Without a bound a form or
# a file fills the memory or the disk, at the door even for those who do not know the password.
BODY_BYTES = 65_536


class PatientInput:
    """``wsgi.input`` that lets others run before each piece.

    A body that arrives faster than it is parsed never makes eventlet's hub wait, so nobody else
    would have a turn until all of it is parsed: 60 ms for 20 MB. With threads it changes nothing.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; see io.RawIOBase."""
        time.sleep(0)
        return self._source.read(size)

    def readline(self, size: int = -1) -> bytes:
        """One line; see io.RawIOBase."""
        return self._source.readline(size)


def install(app: Flask) -> None:
    """Have every request with a body read that way, and none that is larger than its route's."""
    app.config["MAX_CONTENT_LENGTH"] = BODY_BYTES

    @app.before_request
    def _wrap() -> None:
        if request.content_length or request.headers.get("Transfer-Encoding"):
            request.environ["wsgi.input"] = PatientInput(request.environ["wsgi.input"])
