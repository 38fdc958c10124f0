"""Every error this project raises on purpose.

    StreamappError
    ├── ConfigError              a setting is wrong; the process does not start
    ├── InputError               the client sent something we refuse      400 invalid_request
    │   ├── UnreadableImage      empty, truncated or corrupt              400 unreadable_image
    │   ├── UnsupportedMedia     neither JPEG nor PNG                     415 unsupported_media_type
    │   ├── ImageTooLarge        over the byte or pixel limit             413 image_too_large
    │   ├── InvalidParameter     a field has a value we do not offer      422 invalid_parameter
    │   ├── Unauthorized         the password of this server is wanted        401 unauthorized
    │   ├── CrossSiteRequest     another site's page sent the request     403 cross_site_request
    │   ├── TooManyRequests      more often than allowed                  429 rate_limited
    │   └── NotFound             no such thing, or not yours              404 not_found
    ├── FrameRefused             a webcam frame that gets no counts; code is the contract's
    │   ├── FrameTooLarge        over the byte or pixel limit of a frame
    │   ├── RateLimited          more in flight than the credit allows
    │   ├── Superseded           a newer frame of the same client took its place
    │   └── Busy                 the server sheds load or is going away
    └── Unavailable              something we depend on is away           503 unavailable
        └── StorageFull          no room to save                          507 storage_full

Adapters translate foreign exceptions into these once (``raise … from``); the web layer turns
them into HTTP or acknowledgements once. ``message`` is written for the person who sent the
request: it names the limit, the given value and what to do.
"""

from __future__ import annotations

from typing import ClassVar


class StreamappError(Exception):
    """Base of the tree. ``code`` is for programs, ``message`` for people."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ConfigError(StreamappError):
    """A setting is wrong. The message names every bad key and what is allowed."""

    code = "invalid_configuration"


class InputError(StreamappError):
    """The client sent something we refuse."""

    code = "invalid_request"
    status = 400


class UnreadableImage(InputError):
    """The bytes are empty, truncated or corrupt."""

    code = "unreadable_image"


class UnsupportedMedia(InputError):
    """The bytes are neither JPEG nor PNG, whatever the file is called."""

    code = "unsupported_media_type"
    status = 415


class ImageTooLarge(InputError):
    """The image is over the byte or pixel limit; found out before decoding."""

    code = "image_too_large"
    status = 413


class InvalidParameter(InputError):
    """A field has a value that is not offered."""

    code = "invalid_parameter"
    status = 422


class Unauthorized(InputError):
    """Only who knows this server's password may come in."""

    code = "unauthorized"
    status = 401


class CrossSiteRequest(InputError):
    """A page of another site sent the request, with the visitor's browser."""

    code = "cross_site_request"
    status = 403


class TooManyRequests(InputError):
    """The client asks more often than allowed. It may again after ``retry_after`` seconds."""

    code = "rate_limited"
    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotFound(InputError):
    """There is no such thing, or it is not yours; the answer does not tell which."""

    code = "not_found"
    status = 404


class FrameRefused(StreamappError):
    """A webcam frame that gets no counts. ``code`` is one of the acknowledgement's codes."""

    code = "invalid_frame"
    status = 400


class FrameTooLarge(FrameRefused):
    """The frame is over the byte or pixel limit of the live path."""

    code = "frame_too_large"


class RateLimited(FrameRefused):
    """More frames in flight than the client's credit."""

    code = "rate_limited"


class Superseded(FrameRefused):
    """A newer frame of the same client took this one's place in the queue."""

    code = "superseded"


class Busy(FrameRefused):
    """The server sheds load or is going away."""

    code = "busy"


class Unavailable(StreamappError):
    """Something we depend on is away for now."""

    code = "unavailable"
    status = 503


class StorageFull(Unavailable):
    """There is no room to save the images."""

    code = "storage_full"
    status = 507
