"""Pictures as HTTP answers: their own type, conditional requests, ranges, downloads."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from streamapp.models import ImageRecord
from streamapp.web.parameters import DOWNLOAD

MIME = {"jpg": "image/jpeg", "png": "image/png"}
_CHUNK_BYTES = 65536


def send_picture(
    record: ImageRecord, kind: str, key: str, opener: Callable[[ImageRecord], BinaryIO]
) -> Response:
    """The blob under ``key`` as a file of its own type; ``?download`` asks for it under a name.

    A picture never changes under its id, so its ETag is made of that. Raises NotFound.
    """
    extension = key.rpartition(".")[2]
    file = opener(record)
    length = _length(file)
    response = Response(
        wrap_file(request.environ, file, _CHUNK_BYTES),
        mimetype=MIME[extension],
        direct_passthrough=True,
    )
    if length is not None:
        response.content_length = length
    response.last_modified = record.created_at
    response.set_etag(f"{record.id}-{kind}")
    # Only for who asked, and asked again each time: a deleted picture is gone at once.
    response.cache_control.private = True
    response.cache_control.no_cache = True
    if DOWNLOAD.value():
        # A name of ours: what the client called the file stays out of the headers.
        name = f"streamapp-{record.id[:8]}-{kind}.{extension}"
        response.headers.set("Content-Disposition", "attachment", filename=name)
    try:
        response.make_conditional(
            request.environ, accept_ranges=length is not None, complete_length=length
        )
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    if request.method == "HEAD" or response.status_code in (304, 412):
        file.close()  # nobody is going to read it
    return response


def _length(file: BinaryIO) -> int | None:
    """Bytes in ``file``; None where it can only be read once through."""
    if not file.seekable():
        return None
    length = file.seek(0, io.SEEK_END)
    file.seek(0)
    return length
