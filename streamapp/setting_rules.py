"""Settings that are right one by one and wrong together. Standard library only.

A rule gets all settings by name in lower case and returns what is wrong, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rule = Callable[[dict[str, Any]], str | None]


def _images_have_a_folder_of_their_own(known: dict[str, Any]) -> str | None:
    # `purge` removes from STORAGE_DIR what no record points to.
    data, images = known["data_dir"], known["storage_dir"]
    if images == data or images in data.parents:
        return f"STORAGE_DIR is {str(images)!r}, which holds DATA_DIR; allowed: a folder of its own"
    return None


def _the_page_is_asked_for_frames_that_are_taken(known: dict[str, Any]) -> str | None:
    width, most = known["capture_width"], known["max_frame_pixels"]
    if width * width * 9 // 16 > most:
        return (
            f"CAPTURE_WIDTH is {width}, and a frame so wide has more pixels than MAX_FRAME_PIXELS "
            f"({most}); allowed: a smaller width, or more pixels"
        )
    return None


def _the_password_signs_nothing(known: dict[str, Any]) -> str | None:
    if known["access_password"] and known["access_password"] == known["secret_key"]:
        return (
            "ACCESS_PASSWORD is the same as SECRET_KEY, which would be told to everybody who may "
            "come in; allowed: two different ones"
        )
    return None


def _a_bucket_has_its_key(known: dict[str, Any]) -> str | None:
    missing = [
        key
        for key in ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
        if known["s3_bucket"] and not known[key.lower()]
    ]
    return f"S3_BUCKET is set without {' and '.join(missing)}" if missing else None


def _a_bucket_server_has_a_bucket(known: dict[str, Any]) -> str | None:
    if known["s3_endpoint_url"] and not known["s3_bucket"]:
        return "S3_ENDPOINT_URL is set without S3_BUCKET"
    return None


RULES: tuple[Rule, ...] = (
    _images_have_a_folder_of_their_own,
    _the_page_is_asked_for_frames_that_are_taken,
    _the_password_signs_nothing,
    _a_bucket_has_its_key,
    _a_bucket_server_has_a_bucket,
)
