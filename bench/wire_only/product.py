"""streamapp without detection, otherwise whole: queue, native thread, header check, metrics.

gunicorn … "bench.wire_only.product:create_app()"
"""

from __future__ import annotations

from flask import Flask

import streamapp
from streamapp import stream_session
from streamapp.vision.live import LivePipeline, LiveResult


class NoDetection(LivePipeline):
    """A pipeline that never looks at the frame."""

    def process(self, *_unused: object) -> LiveResult:
        """No faces in 640x480."""
        return LiveResult(width=640, height=480, faces=(), count=0, peak=0, tracks_seen=0)


def create_app() -> Flask:
    """The product, its sessions made with `NoDetection`."""
    stream_session.LivePipeline = NoDetection  # type: ignore[attr-defined]
    return streamapp.create_app()
