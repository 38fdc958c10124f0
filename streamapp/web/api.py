"""HTTP API v1 of images: ``/api/v1/images``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from streamapp.config import Settings
from streamapp.errors import (
    CrossSiteRequest,
    ImageTooLarge,
    InputError,
    InvalidParameter,
    NotFound,
    StorageFull,
    TooManyRequests,
    UnreadableImage,
    UnsupportedMedia,
)
from streamapp.models import ImageRecord
from streamapp.uploads import Upload, UploadService
from streamapp.web.answers import image_json
from streamapp.web.exports import csv_chunks, started, zip_chunks
from streamapp.web.openapi import Answer, Operation, describe, document, json_of
from streamapp.web.owner import current_owner
from streamapp.web.parameters import BEFORE, DOWNLOAD, IDS, LIMIT, SINCE, UNTIL
from streamapp.web.pictures import send_picture
from streamapp.web.schemas import NO, YES, Schema, reference

PREFIX = "/api/v1"
# Room for the multipart headers and the other fields around the file itself.
_FORM_BYTES = 65536
_MAX_FILENAME = 255
_PICTURE_HEADERS = {"ETag": "Never changes for a picture.", "Last-Modified": "When it was made."}
_CREATED = Answer("It is searched and saved.", json_of("Image"), {"Location": "Where it is."})


def _picture_operation(summary: str, *media_types: str) -> Operation:
    content: dict[str, Schema] = {media_type: {} for media_type in media_types}
    return Operation(
        summary,
        {
            200: Answer("The picture.", content, _PICTURE_HEADERS),
            206: Answer("The part that `Range` asked for.", content, _PICTURE_HEADERS),
            302: Answer("The storage serves it, at `Location`, for a short time."),
            304: Answer("It is what `If-None-Match` or `If-Modified-Since` named."),
        },
        query=(DOWNLOAD,),
        errors=(NotFound,),
    )


def blueprint(uploads: UploadService, settings: Settings) -> Blueprint:
    """The routes, over ``uploads``."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    _add_images(api, uploads, settings)
    _add_pictures(api, uploads)
    _add_exports(api, uploads)

    @api.get("/openapi.json")
    @describe(
        Operation("This description.", {200: Answer("OpenAPI 3.1.", {"application/json": {}})})
    )
    def openapi() -> Response:
        return jsonify(document(current_app, PREFIX))

    return api


def _add_images(api: Blueprint, uploads: UploadService, settings: Settings) -> None:
    def shape(record: ImageRecord) -> dict[str, Any]:
        return image_json(record, uploads.expires_at(record))

    @api.post("/images")
    @describe(
        Operation(
            "Count the faces of one image and keep it.",
            {201: _CREATED},
            body={"multipart/form-data": reference("Upload")},
            errors=(
                InputError,
                UnreadableImage,
                ImageTooLarge,
                UnsupportedMedia,
                InvalidParameter,
                CrossSiteRequest,
                TooManyRequests,
                StorageFull,
            ),
        )
    )
    def create() -> tuple[Response, int, dict[str, str]]:
        request.max_content_length = settings.max_upload_bytes + _FORM_BYTES
        files = request.files.getlist("image")
        if len(files) != 1:
            raise InputError(
                f"Send one file as multipart/form-data in the field 'image'; {len(files)} came."
            )
        record = uploads.create(upload_of(files[0], settings))
        location = url_for("api.show", image_id=record.id)
        return jsonify(shape(record)), 201, {"Location": location}

    @api.get("/images")
    @describe(
        Operation(
            "Your images, newest first.",
            {200: Answer("A page of them.", json_of("ImageList"))},
            query=(LIMIT, BEFORE, SINCE, UNTIL),
            errors=(InvalidParameter,),
        )
    )
    def index() -> Response:
        limit, since, until = LIMIT.value(), SINCE.value(), UNTIL.value()
        owner = current_owner()
        records = uploads.of_owner(owner.id, limit + 1, BEFORE.value(), since, until)
        shown = records[:limit]
        following = None
        if len(records) > limit:
            following = url_for(
                "api.index",
                limit=limit,
                before=shown[-1].id,
                since=_rfc3339(since),
                until=_rfc3339(until),
            )
        return jsonify(images=[shape(record) for record in shown], next=following)

    @api.get("/images/<image_id>")
    @describe(Operation("One image.", {200: Answer("It.", json_of("Image"))}, errors=(NotFound,)))
    def show(image_id: str) -> Response:
        return jsonify(shape(uploads.get(image_id)))

    @api.delete("/images/<image_id>")
    @describe(
        Operation(
            "Delete an image of yours, its record and its pictures.",
            {204: Answer("It is gone.")},
            errors=(NotFound, CrossSiteRequest),
        )
    )
    def delete(image_id: str) -> tuple[str, int]:
        uploads.delete(image_id, current_owner().id)
        return "", 204


def _add_pictures(api: Blueprint, uploads: UploadService) -> None:
    @api.get("/images/<image_id>/original")
    @describe(_picture_operation("The image as it was uploaded.", "image/jpeg", "image/png"))
    def original(image_id: str) -> BaseResponse:
        record = uploads.get(image_id)
        return send_picture(record, "original", record.original_key, uploads)

    @api.get("/images/<image_id>/annotated")
    @describe(_picture_operation("The image with a box around every face.", "image/jpeg"))
    def annotated(image_id: str) -> BaseResponse:
        record = uploads.get(image_id)
        return send_picture(record, "annotated", record.annotated_key, uploads)

    @api.get("/images/<image_id>/thumbnail")
    @describe(_picture_operation("The image made small, if it has that.", "image/jpeg"))
    def thumbnail(image_id: str) -> BaseResponse:
        record = uploads.get(image_id)
        if record.thumbnail_key is None:
            raise NotFound("This image has no thumbnail: it was uploaded before there were any.")
        return send_picture(record, "thumbnail", record.thumbnail_key, uploads)


def _add_exports(api: Blueprint, uploads: UploadService) -> None:
    def chosen() -> Iterable[ImageRecord]:
        ids, since, until = IDS.value(), SINCE.value(), UNTIL.value()
        if ids:
            return [uploads.get(image_id) for image_id in ids]
        return uploads.every_of_owner(current_owner().id, since, until)

    @api.get("/images.csv")
    @describe(
        Operation(
            "Counts of your images as a table.",
            {200: Answer("UTF-8 with a header line.", {"text/csv": {}})},
            query=(IDS, SINCE, UNTIL),
            errors=(NotFound, InvalidParameter),
        )
    )
    def export_csv() -> Response:
        chunks = started(csv_chunks(chosen()))
        return _attachment(Response(chunks, mimetype="text/csv"), "streamapp-counts.csv")

    @api.get("/images.zip")
    @describe(
        Operation(
            "Originals and annotated pictures in one archive, made while it is sent.",
            {200: Answer("The archive.", {"application/zip": {}})},
            query=(IDS, SINCE, UNTIL),
            errors=(NotFound, InvalidParameter),
        )
    )
    def export_zip() -> Response:
        chunks = started(zip_chunks(chosen(), uploads))
        return _attachment(Response(chunks, mimetype="application/zip"), "streamapp-images.zip")


def _attachment(response: Response, name: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.cache_control.private = True
    response.cache_control.no_store = True
    return response


def _rfc3339(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def upload_of(file: FileStorage, settings: Settings) -> Upload:
    """One file of a form, with the form's wishes. Raises InvalidParameter."""
    g.files_received = g.get("files_received", 0) + 1
    owner = current_owner()
    return Upload(
        file=file.stream,
        filename=(file.filename or "")[:_MAX_FILENAME],
        owner=owner.id,
        owner_known=owner.known,
        detector=request.form.get("detector") or settings.detector,
        blur=_flag("blur", request.form.get("blur", "")),
    )


def _flag(name: str, text: str) -> bool:
    if text.lower() not in YES + NO:
        raise InvalidParameter(f"{name} is {text!r:.40}; allowed: true or false.")
    return text.lower() in YES
