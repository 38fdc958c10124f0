"""The pages: live, upload, result, gallery. All but the first work without JavaScript."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from streamapp.config import Settings
from streamapp.errors import InputError, NotFound, StreamappError
from streamapp.models import ImageRecord
from streamapp.stream_session import CREDIT
from streamapp.uploads import UploadService, may_delete
from streamapp.vision.engines import DETECTORS
from streamapp.web.answers import image_json
from streamapp.web.api import upload_of
from streamapp.web.language import in_page_language
from streamapp.web.owner import current_owner
from streamapp.web.parameters import BEFORE

_GALLERY_PAGE = 24


def blueprint(uploads: UploadService, settings: Settings) -> Blueprint:
    """The routes, over ``uploads``."""
    views = Blueprint("views", __name__)

    def upload_page(error: StreamappError | None = None) -> str:
        return render_template(
            "upload.html",
            max_upload_bytes=settings.max_upload_bytes,
            max_image_pixels=settings.max_image_pixels,
            max_files=settings.max_upload_files,
            detectors=DETECTORS,
            error={"code": error.code, "message": error.message} if error else None,
        )

    @views.get("/")
    def live() -> str:
        current_owner()  # the cookie comes before the page connects: it keeps sessions by it
        return render_template("live.html", config=live_config(settings))

    @views.get("/upload")
    def upload() -> str:
        current_owner()  # the cookie comes before the first upload, so that it can be deleted
        return upload_page()

    @views.post("/upload")
    def receive() -> Response | tuple[str, int]:
        request.max_content_length = settings.max_upload_bytes * settings.max_upload_files + 65536
        try:
            files = _chosen_files(settings.max_upload_files)
        except InputError as error:
            return upload_page(error), error.status
        records, errors = _create_all(uploads, files, settings)
        if not records:
            return upload_page(errors[0]), errors[0].status
        for refused in errors:
            flash(refused.message)
        others = ",".join(record.id for record in records[1:]) or None
        return redirect(url_for("views.image", image_id=records[0].id, others=others), 303)

    @views.get("/images/<image_id>")
    def image(image_id: str) -> str:
        batch = [image_id, *request.args.get("others", "").split(",")]
        records = [uploads.get(i) for i in batch[: settings.max_upload_files] if i]
        shown = [image_json(record, uploads.expires_at(record)) for record in records]
        return render_template(
            "image.html",
            image=shown[0],
            batch=shown if shown[1:] else [],
            may_delete=may_delete(records[0], current_owner().id),
        )

    _add_gallery(views, uploads)
    return views


def _add_gallery(views: Blueprint, uploads: UploadService) -> None:
    @views.get("/images")
    def gallery() -> str:
        records = uploads.of_owner(current_owner().id, _GALLERY_PAGE + 1, BEFORE.value())
        shown = records[:_GALLERY_PAGE]
        more = len(records) > len(shown)
        return render_template(
            "gallery.html",
            images=[image_json(record, uploads.expires_at(record)) for record in shown],
            following=url_for("views.gallery", before=shown[-1].id) if more else None,
        )

    @views.get("/images/<image_id>/delete")
    def confirm_delete(image_id: str) -> str:
        record = uploads.get(image_id)
        if not may_delete(record, current_owner().id):
            raise NotFound("There is no such image among yours, so it cannot be deleted.")
        shown = image_json(record, uploads.expires_at(record))
        return render_template("delete.html", image=shown)

    @views.post("/images/<image_id>/delete")
    def delete(image_id: str) -> Response:
        uploads.delete(image_id, current_owner().id)
        flash(in_page_language("The image and its annotated copy are deleted."))
        return redirect(url_for("views.gallery"), 303)


def live_config(settings: Settings) -> dict[str, Any]:
    """What the live page has to know before it connects."""
    return {
        "capture": {
            "width": settings.capture_width,
            "quality": settings.capture_quality,
            "fps": settings.capture_fps,
        },
        "max_frame_bytes": settings.max_frame_bytes,
        "credit": CREDIT,
        "detectors": list(DETECTORS),
        "detector": settings.detector,
    }


def _chosen_files(most: int) -> list[FileStorage]:
    # A form sent without a choice has one part with no name and no bytes.
    files = [file for file in request.files.getlist("image") if file.filename]
    if not files:
        raise InputError("No file was chosen. Choose at least one JPEG or PNG image.")
    if len(files) > most:
        raise InputError(f"{len(files)} files came; at most {most} at a time. Send fewer at once.")
    return files


def _create_all(
    uploads: UploadService, files: list[FileStorage], settings: Settings
) -> tuple[list[ImageRecord], list[StreamappError]]:
    """One bad file does not spoil the others; with several, each message names its file."""
    records: list[ImageRecord] = []
    errors: list[StreamappError] = []
    for file in files:
        try:
            records.append(uploads.create(upload_of(file, settings)))
        except StreamappError as error:
            if len(files) > 1:
                error.message = f"{(file.filename or '')[:80]}: {error.message}"
            errors.append(error)
    return records, errors
