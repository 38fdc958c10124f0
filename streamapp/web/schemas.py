"""JSON schemas (draft 2020-12, as OpenAPI 3.1 has them) of what the API takes and answers."""

from __future__ import annotations

from typing import Any

from streamapp.sessions import LONGEST_NAME
from streamapp.vision.engines import DETECTORS
from streamapp.web.parameters import ID_PATTERN

Schema = dict[str, Any]

YES, NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
_URL: Schema = {"type": "string", "format": "uri-reference"}
_COUNT: Schema = {"type": "integer", "minimum": 0}


def _object(properties: dict[str, Schema], description: str) -> Schema:
    """An object with all of ``properties``; others may join them in later versions."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
    }


def reference(name: str) -> Schema:
    """A reference to one of ``COMPONENTS``."""
    return {"$ref": f"#/components/schemas/{name}"}


FACE = _object(
    {
        "box": {
            "type": "array",
            "description": "x, y, width, height in pixels of the upright picture.",
            "items": {"type": "integer"},
            "minItems": 4,
            "maxItems": 4,
        },
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    },
    "One face.",
)
IMAGE = _object(
    {
        "id": {"type": "string", "pattern": f"^{ID_PATTERN}$"},
        "filename": {"type": "string", "description": "As the client named it: text, not a path."},
        "created_at": {"type": "string", "format": "date-time"},
        "expires_at": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "When it is deleted by itself; null for never.",
        },
        "width": {**_COUNT, "description": "Pixels of the upright picture."},
        "height": {**_COUNT, "description": "Pixels of the upright picture."},
        "detector": {"type": "string", "enum": list(DETECTORS)},
        "count": {**_COUNT, "description": "How many faces were found."},
        "faces": {"type": "array", "items": reference("Face")},
        "original_url": _URL,
        "annotated_url": _URL,
        "thumbnail_url": {**_URL, "type": ["string", "null"]},
    },
    "One image and the faces found in it.",
)
IMAGE_LIST = _object(
    {
        "images": {"type": "array", "items": reference("Image")},
        "next": {**_URL, "type": ["string", "null"], "description": "The next page, or null."},
    },
    "A page of images, newest first.",
)
SESSION = _object(
    {
        "id": {"type": "string", "pattern": f"^{ID_PATTERN}$"},
        "name": {"type": "string", "description": "As its owner calls it; may be empty."},
        "started_at": {"type": "string", "format": "date-time"},
        "ended_at": {"type": ["string", "null"], "format": "date-time"},
        "running": {"type": "boolean", "description": "It has not ended."},
        "peak": {**_COUNT, "description": "The highest count."},
        "tracks_seen": {**_COUNT, "description": "How many faces were followed."},
        "average": {"type": "number", "minimum": 0, "description": "The mean of all samples."},
        "counts_csv_url": _URL,
        "counts_json_url": _URL,
    },
    "One recording of a webcam's counts.",
)
SESSION_LIST = _object(
    {
        "sessions": {"type": "array", "items": reference("Session")},
        "next": {
            "type": ["string", "null"],
            "description": "The `before` of the next page, or null.",
        },
    },
    "A page of sessions, newest first.",
)
SESSION_CHANGE: Schema = {
    "type": "object",
    "description": "What to change of a session.",
    "properties": {
        "name": {"type": "string", "maxLength": LONGEST_NAME, "description": "Its new name."}
    },
    "required": ["name"],
}
_MOMENT_MS: Schema = {"type": "integer", "description": "Milliseconds since 1970, UTC."}
COUNTS: Schema = {
    "type": "object",
    "description": "The counts of a session: `samples`, or with `per=minute` `minutes`.",
    "properties": {
        "id": {"type": "string", "pattern": f"^{ID_PATTERN}$"},
        "samples": {
            "type": "array",
            "description": "Moment (milliseconds since 1970) and count, oldest first.",
            "items": {
                "type": "array",
                "items": {"type": "integer"},
                "minItems": 2,
                "maxItems": 2,
            },
        },
        "minutes": {"type": "array", "items": reference("Minute")},
    },
    "required": ["id"],
}
MINUTE = _object(
    {
        "start": _MOMENT_MS,
        "min": _COUNT,
        "mean": {"type": "number", "minimum": 0},
        "max": _COUNT,
        "samples": {**_COUNT, "minimum": 1},
    },
    "One minute's samples.",
)
ERROR = _object(
    {
        "error": _object(
            {
                "code": {"type": "string", "description": "For programs; never changes."},
                "message": {"type": "string", "description": "For people; says what to do."},
                "request_id": {"type": "string"},
            },
            "What went wrong.",
        )
    },
    "A refusal.",
)
UPLOAD: Schema = {
    "type": "object",
    "properties": {
        "image": {
            "type": "string",
            "contentMediaType": "application/octet-stream",
            "description": "The file: a JPEG or PNG; its content decides, not its name.",
        },
        "detector": {
            "type": "string",
            "enum": [*DETECTORS, ""],
            "description": "The engine; the server's default where empty or not given.",
        },
        "blur": {
            "type": "string",
            "enum": [*YES, *NO],
            "default": "false",
            "description": "Pixelate the faces before anything is saved, the original included.",
        },
    },
    "required": ["image"],
}

COMPONENTS = {
    "Minute": MINUTE,
    "Counts": COUNTS,
    "Error": ERROR,
    "Face": FACE,
    "Image": IMAGE,
    "ImageList": IMAGE_LIST,
    "Session": SESSION,
    "SessionChange": SESSION_CHANGE,
    "SessionList": SESSION_LIST,
    "Upload": UPLOAD,
}
