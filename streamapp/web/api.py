"""HTTP API v1 of images: ``/api/v1/images``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from flask import Blueprint, Response, jsonify, request, send_file, url_for
from werkzeug.datastructures import FileStorage

from streamapp.config import Settings
from streamapp.errors import InputError, InvalidParameter
from streamapp.models import ImageRecord
from streamapp.uploads import Upload, UploadService
from streamapp.web.answers import image_json
from streamapp.web.owner import current_owner

_YES, _NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
_MAX_PAGE, _PAGE = 100, 20
# Room for the multipart headers and the other fields around the file itself.
_FORM_BYTES = 65536
_MIME = {"jpg": "image/jpeg", "png": "image/png"}
_MAX_FILENAME = 255


def blueprint(uploads: UploadService, settings: Settings) -> Blueprint:
    """The routes, over ``uploads``."""
    api = Blueprint("api", __name__, url_prefix="/api/v1")

    @api.post("/images")
    def create() -> tuple[Response, int, dict[str, str]]:
        request.max_content_length = settings.max_upload_bytes + _FORM_BYTES
        files = request.files.getlist("image")
        if len(files) != 1:
            raise InputError(
                f"Send one file as multipart/form-data in the field 'image'; {len(files)} came."
            )
        record = uploads.create(upload_of(files[0], settings))
        location = url_for("api.show", image_id=record.id)
        return jsonify(image_json(record)), 201, {"Location": location}

    @api.get("/images")
    def index() -> Response:
        limit = _page_size(request.args.get("limit", str(_PAGE)))
        owner = current_owner()
        records = uploads.of_owner(owner.id, limit + 1, request.args.get("before"))
        shown = records[:limit]
        more = len(records) > limit
        following = url_for("api.index", limit=limit, before=shown[-1].id) if more else None
        return jsonify(images=[image_json(record) for record in shown], next=following)

    @api.get("/images/<image_id>")
    def show(image_id: str) -> Response:
        return jsonify(image_json(uploads.get(image_id)))

    @api.delete("/images/<image_id>")
    def delete(image_id: str) -> tuple[str, int]:
        uploads.delete(image_id, current_owner().id)
        return "", 204

    @api.get("/images/<image_id>/original")
    def original(image_id: str) -> Response:
        record = uploads.get(image_id)
        extension = record.original_key.rpartition(".")[2]
        return _picture(record, "original", extension, uploads.open_original)

    @api.get("/images/<image_id>/annotated")
    def annotated(image_id: str) -> Response:
        return _picture(uploads.get(image_id), "annotated", "jpg", uploads.open_annotated)

    return api


def upload_of(file: FileStorage, settings: Settings) -> Upload:
    """One file of a form, with the form's wishes. Raises InvalidParameter."""
    owner = current_owner()
    return Upload(
        data=file.stream.read(),
        filename=(file.filename or "")[:_MAX_FILENAME],
        owner=owner.id,
        owner_known=owner.known,
        detector=request.form.get("detector") or settings.detector,
        blur=_flag("blur", request.form.get("blur", "")),
    )


def _flag(name: str, text: str) -> bool:
    if text.lower() not in _YES + _NO:
        raise InvalidParameter(f"{name} is {text!r:.40}; allowed: true or false.")
    return text.lower() in _YES


def _page_size(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= _MAX_PAGE:
        raise InvalidParameter(
            f"limit is {text!r:.40}; allowed: a whole number from 1 to {_MAX_PAGE}."
        )
    return int(text)


def _picture(
    record: ImageRecord, kind: str, extension: str, opener: Callable[[ImageRecord], BinaryIO]
) -> Response:
    """The blob as a file of its own type; ``?download`` asks for it under a name."""
    options: dict[str, Any] = {}
    if "download" in request.args:
        # A name of ours: what the client called the file stays out of the headers.
        options = {
            "as_attachment": True,
            "download_name": f"streamapp-{record.id[:8]}-{kind}.{extension}",
        }
    response = send_file(
        opener(record),
        mimetype=_MIME[extension],
        etag=f"{record.id}-{kind}",
        last_modified=record.created_at,
        max_age=0,
        conditional=True,
        **options,
    )
    response.cache_control.private = True
    return response
