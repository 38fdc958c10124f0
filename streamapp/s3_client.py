"""The connection to an S3 server: bounded waits, and nothing that holds the hub up."""

from __future__ import annotations

import os
import socket
from typing import Any

import boto3
from botocore.config import Config
from botocore.httpsession import URLLib3Session, get_cert_path
from botocore.utils import get_environ_proxies

from streamapp.config import Settings

# An upload that meets a silent bucket asks four times (save, clean up, each once again) and must
# be answered before Heroku's router gives up after 30 s.
_CONNECT_SECONDS, _READ_SECONDS = 3, 5


def connect(settings: Settings) -> Any:
    """boto3's client for the bucket of ``settings``; asks nobody yet.

    Raises ValueError or botocore's errors where they are no region and no address.
    """
    client = boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint_url or None,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key_id,
        aws_secret_access_key=settings.s3_secret_access_key,
        config=Config(
            signature_version="s3v4",
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 2},
            # https protects what comes and goes; a checksum would be 20 ms on the hub
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={
                "payload_signing_enabled": False,
                # Left to itself it signs for Amazon's first region, wherever the bucket lies.
                "addressing_style": "path" if settings.s3_endpoint_url else "virtual",
            },
        ),
    )
    options: Any = {
        "verify": os.environ.get("AWS_CA_BUNDLE") or True,
        "proxies": get_environ_proxies(client.meta.endpoint_url),
        "timeout": (_CONNECT_SECONDS, _READ_SECONDS),
        "socket_options": [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
    }
    session = _Session(**options)
    events: Any = client.meta.events
    events.register("before-send.s3", lambda request, **_: session.send(request))
    return client


class _Session(URLLib3Session):
    """The library's own, but with the authorities of https read once.

    It would read them for every connection: 15 ms that hold everybody up, and eight times that
    when eight are opened at once.
    """

    def _get_ssl_context(self) -> Any:
        context = super()._get_ssl_context()  # type: ignore[misc]
        context.load_verify_locations(get_cert_path(self._verify))  # type: ignore[attr-defined]
        return context

    def _setup_ssl_cert(self, conn: Any, url: str, verify: Any) -> None:
        super()._setup_ssl_cert(conn, url, verify)  # type: ignore[misc]
        conn.ca_certs = None  # the context has them
