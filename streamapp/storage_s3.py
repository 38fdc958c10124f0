"""Images in a bucket, by AWS's own library. Loaded only where a bucket is set.

Under gunicorn's eventlet worker boto3 speaks over cooperative sockets, so it is called where it
is and not in a native thread. What would hold the others up meanwhile is left out: the body is
not hashed where https protects it, and goes out in pieces with a turn for everybody in between.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from streamapp import s3_client
from streamapp.config import Settings
from streamapp.errors import ConfigError, NotFound, StorageFull, Unavailable

_PIECE_BYTES = 65_536
# Long enough to follow a redirect on a slow line, short enough that a link soon leads nowhere.
_SIGNED_SECONDS = 300
# An answer that lists 1,000 keys takes 50 ms to read, which hold everybody up.
_KEYS_AT_ONCE = 50
_KEY = re.compile(r"[a-z0-9._-]+(/[a-z0-9._-]+)*")
# What `uploads` makes of it. Whatever else lies in the bucket is not ours to remove.
_OURS = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}/[a-z]+\.(jpg|png)")
_TYPES = {"jpg": "image/jpeg", "png": "image/png"}
# Of Amazon, MinIO and others; there is no word that all of them use.
_FULL = {"QuotaExceeded", "ServiceQuotaExceededException", "XMinioStorageFull", "507"}
_MISSING = {"NoSuchKey", "404"}


class S3Storage:
    """Storage in the bucket of ``settings``. Raises ConfigError where they cannot name one."""

    def __init__(self, settings: Settings) -> None:
        self._bucket = settings.s3_bucket
        try:
            self._client: Any = s3_client.connect(settings)
            self.url("a")  # the library checks the names when it first uses them
        except (BotoCoreError, ValueError) as error:
            cause = str(error).rpartition("\n")[2]
            raise ConfigError(
                f"S3_BUCKET, S3_REGION or S3_ENDPOINT_URL is wrong: {cause}"
            ) from error

    @property
    def origin(self) -> str:
        """Scheme and host that `url` leads to, as a browser's policy names them."""
        address = urlsplit(self.url("a") or "")
        return f"{address.scheme}://{address.netloc}"

    def put(self, key: str, data: bytes) -> None:
        """See Storage. A bucket shows a blob only once it is whole."""
        kind = _TYPES.get(key.rpartition(".")[2], "application/octet-stream")
        with _translated():
            self._client.put_object(
                Bucket=self._bucket,
                Key=_checked(key),
                Body=_Pieces(data),
                ContentType=kind,
                CacheControl="private, no-cache",
            )

    def open(self, key: str) -> BinaryIO:
        """See Storage. Read once through; it cannot seek."""
        with _translated():
            answer = self._client.get_object(Bucket=self._bucket, Key=_checked(key))
        return cast(BinaryIO, io.BufferedReader(_Blob(answer["Body"]), _PIECE_BYTES))

    def url(self, key: str, download_name: str | None = None, *, head: bool = False) -> str | None:
        """See Storage."""
        wanted = {"Bucket": self._bucket, "Key": _checked(key)}
        if download_name is not None:
            wanted["ResponseContentDisposition"] = f'attachment; filename="{download_name}"'
        signed: str = self._client.generate_presigned_url(
            "head_object" if head else "get_object", Params=wanted, ExpiresIn=_SIGNED_SECONDS
        )
        return signed

    def delete(self, key: str) -> None:
        """See Storage."""
        with _translated():
            self._client.delete_object(Bucket=self._bucket, Key=_checked(key))

    def stale_keys(self, seconds: float) -> Iterator[str]:
        """See Storage. A bucket may hold other people's things: only pictures' keys are told."""
        newest = datetime.now(UTC) - timedelta(seconds=seconds)
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, PaginationConfig={"PageSize": _KEYS_AT_ONCE}
        )
        with _translated():
            for page in pages:
                for item in page.get("Contents", ()):
                    if item["LastModified"] <= newest and _OURS.fullmatch(item["Key"]):
                        yield item["Key"]

    def check(self) -> None:
        """See Storage."""
        try:
            with _translated():
                self._client.head_bucket(Bucket=self._bucket)
        except NotFound as error:
            raise Unavailable("The bucket of the image storage does not exist.") from error


class _Pieces(io.BytesIO):
    """A body that is sent piece by piece, each followed by a turn for the others."""

    def read(self, size: int | None = -1, /) -> bytes:
        time.sleep(0)  # a switch under eventlet, nothing elsewhere
        return super().read(_PIECE_BYTES if size in (None, -1) else size)


class _Blob(io.RawIOBase):
    """A download as a raw file, with the network's errors as ours."""

    def __init__(self, body: Any) -> None:
        super().__init__()
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        with _translated():
            data: bytes = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._body.close()
        super().close()


def _checked(key: str) -> str:
    """Keys are ours; anything else is no key, as a path outside the folder is none."""
    if not _KEY.fullmatch(key) or ".." in key.split("/"):
        raise NotFound("There is no such image.")
    return key


@contextmanager
def _translated() -> Iterator[None]:
    """The library's errors as ours; neither bucket nor address reaches the text."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _MISSING:
            raise NotFound("There is no such image.") from error
        if code in _FULL:
            raise StorageFull("There is no room left to save the image. Try later.") from error
        raise Unavailable("The image storage refuses. Try later.") from error
    except (BotoCoreError, HTTPError, OSError) as error:
        raise Unavailable("The image storage is away. Try again in a moment.") from error
