"""Pictures as HTTP answers: their own type, conditional requests, ranges, downloads."""

from __future__ import annotations

import io
from typing import BinaryIO

from flask import Response, redirect, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as BaseResponse
from werkzeug.wsgi import wrap_file

from streamapp.models import ImageRecord
from streamapp.uploads import UploadService
from streamapp.web.parameters import DOWNLOAD

MIME = {"jpg": "image/jpeg", "png": "image/png"}
_CHUNK_BYTES = 65536


def send_picture(record: ImageRecord, kind: str, key: str, uploads: UploadService) -> BaseResponse:
    """The blob under ``key``, or where the storage serves it; ``?download`` wants it under a name.

    A picture never changes under its id, so its ETag is made of that. Raises NotFound.
    """
    extension = key.rpartition(".")[2]
    # A name of ours: what the client called the file stays out of the headers.
    name = f"streamapp-{record.id[:8]}-{kind}.{extension}" if DOWNLOAD.value() else None
    if elsewhere := uploads.url(key, name, head=request.method == "HEAD"):
        moved = redirect(elsewhere, 302)
        # The address is good for a short time, and for who has it.
        moved.cache_control.private = True
        moved.cache_control.no_store = True
        return moved
    return _file(record, kind, uploads.open(key), MIME[extension], name)


def _file(record: ImageRecord, kind: str, file: BinaryIO, mime: str, name: str | None) -> Response:
    length = _length(file)
    response = Response(
        wrap_file(request.environ, file, _CHUNK_BYTES),
        mimetype=mime,
        direct_passthrough=True,
    )
    if length is not None:
        response.content_length = length
    response.last_modified = record.created_at
    response.set_etag(f"{record.id}-{kind}")
    # Only for who asked, and asked again each time: a deleted picture is gone at once.
    response.cache_control.private = True
    response.cache_control.no_cache = True
    if name is not None:
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
