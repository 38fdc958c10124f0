"""One client's webcam: frames come in, counts go out, no frame is kept."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from streamapp.concurrency import NativeLane
from streamapp.config import Settings
from streamapp.errors import (
    FrameRefused,
    FrameTooLarge,
    ImageTooLarge,
    InputError,
    InvalidParameter,
    RateLimited,
    Superseded,
)
from streamapp.governor import Governor
from streamapp.metrics import Metrics
from streamapp.packets import OversizedMessage
from streamapp.token_bucket import TokenBucket
from streamapp.vision.engines import Engines, check_detector
from streamapp.vision.headers import read_header
from streamapp.vision.live import LivePipeline, LiveResult, LiveSettings

# Frames a client may keep in flight: one in the thread and one that waits.
CREDIT = 2
# No webcam has more; beyond it frames are turned away before they cost anything.
MAX_FPS = 100
# How far over the rate it was asked for a client may be before its lost frames are its own fault.
_OBEDIENT = 1.3
# JSON numbers are exact in a browser up to here.
_MAX_SEQ = 2**53
_SMALLEST_FACE, _LARGEST_FACE = 16, 400


@dataclass(frozen=True)
class _Processed:
    """What comes back from the native thread."""

    result: LiveResult
    started: float  # perf_counter, seconds
    ended: float
    cpu: float  # seconds of thread time


class StreamSession:
    """One client's webcam: its pipeline, its numbers, never shared with another client."""

    def __init__(
        self,
        key: str,
        lane: NativeLane[Engines],
        settings: Settings,
        metrics: Metrics,
        governor: Governor,
    ) -> None:
        self._key = key
        self._lane = lane
        self._settings = settings
        self._metrics = metrics
        self._governor = governor
        # Wishes are noted on the hub and carried out in the native thread before the next frame:
        # the pipeline may be in the middle of one there.
        self._live = self._live_in_force = LiveSettings(detector=settings.detector)
        self._resets = self._resets_done = 0
        self._pipeline = LivePipeline(self._live)
        self._bucket = TokenBucket(MAX_FPS)
        self._asked_for = TokenBucket(_OBEDIENT * settings.capture_fps)
        self.results: Counter[str] = Counter()
        self.dropped = 0
        self.count = 0
        self.peak = 0
        self.tracks_seen = 0

    def answered(self, code: str) -> None:
        """A frame was answered: ``ok``, or the error's code."""
        self.results[code] += 1
        self.dropped += code != "ok"

    def process(self, metadata: object, data: object, now: float) -> dict[str, Any]:
        """The acknowledgement of one frame that came in at ``now`` (seconds, monotonic).

        Raises FrameRefused; the pipeline then is as it was before.
        """
        _check_metadata(metadata)
        payload = self._check_bytes(data)
        if not self._bucket.take(now):
            raise RateLimited(f"More than {MAX_FPS} frames a second. Send fewer.")
        obedient = self._asked_for.take(now)
        queued = time.perf_counter()
        try:
            done = self._lane.run(self._key, lambda engines: self._work(engines, payload, now))
        except ImageTooLarge as error:
            raise FrameTooLarge(error.message) from error
        except InputError as error:
            raise FrameRefused(error.message) from error
        except Superseded:
            # Of a client that sends more than it was asked to, this says nothing of the server.
            if obedient:
                self._governor.turned_away()
            raise
        queue = max(0.0, done.started - queued)
        self._governor.processed(queue)
        self._metrics.frame_times(queue, done.ended - done.started, done.cpu)
        return self._answer(done, queue)

    def wished(self, options: dict[str, Any]) -> LiveSettings:
        """What would hold with ``{"detector", "min_face"}``, both optional.

        Raises InvalidParameter.
        """
        return _changed(self._live, options)

    def apply(self, live: LiveSettings) -> None:
        """Have these settings from the next frame on."""
        self._live = live

    def reset(self) -> None:
        """Forget tracks, peak and tracks seen before the next frame."""
        self._resets += 1

    def _check_bytes(self, data: object) -> bytes:
        limit = self._settings.max_frame_bytes
        if not isinstance(data, bytes):
            raise FrameRefused(
                f"The second argument must be the JPEG as binary, not {type(data).__name__}."
            )
        length = data.length if isinstance(data, OversizedMessage) else len(data)
        if length > limit:
            raise FrameTooLarge(
                f"The frame has {length} bytes; at most {limit} are allowed. "
                "Send a smaller picture or a lower JPEG quality."
            )
        return data

    def _work(self, engines: Engines, payload: bytes, now: float) -> _Processed:
        """In the native thread: no logging, no locks of the hub's."""
        started, cpu = time.perf_counter(), time.thread_time()
        header = read_header(payload)
        if header.format != "jpeg":
            raise FrameRefused("A frame must be a JPEG; this is a PNG. Encode it as JPEG.")
        if header.pixels > self._settings.max_frame_pixels:
            raise FrameTooLarge(
                f"The frame has {header.width} x {header.height} pixels; at most "
                f"{self._settings.max_frame_pixels} are allowed. Send a smaller picture."
            )
        self._carry_out_wishes()
        result = self._pipeline.process(engines, payload, now, header)
        return _Processed(result, started, time.perf_counter(), time.thread_time() - cpu)

    def _carry_out_wishes(self) -> None:
        live, resets = self._live, self._resets
        if live is not self._live_in_force:
            self._pipeline.configure(live)
            self._live_in_force = live
        if resets != self._resets_done:
            self._pipeline.reset()
            self._resets_done = resets

    def _answer(self, done: _Processed, queue: float) -> dict[str, Any]:
        result = done.result
        self.count, self.peak, self.tracks_seen = result.count, result.peak, result.tracks_seen
        return {
            "width": result.width,
            "height": result.height,
            "count": result.count,
            "faces": [
                {"id": face.id, "box": face.box, "confidence": face.confidence}
                for face in result.faces
            ],
            "peak": result.peak,
            "tracks_seen": result.tracks_seen,
            "timing": {
                "queue_ms": round(queue * 1000, 2),
                "process_ms": round((done.ended - done.started) * 1000, 2),
            },
            "dropped": self.dropped,
        }


def _check_metadata(metadata: object) -> None:
    seq = metadata.get("seq") if isinstance(metadata, dict) else None
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq <= _MAX_SEQ:
        raise FrameRefused(
            'The first argument must be an object such as {"seq": 17}, with seq a whole number '
            "from 0 on."
        )


def _changed(live: LiveSettings, options: dict[str, Any]) -> LiveSettings:
    detector = options.get("detector", live.detector)
    check_detector(detector)
    min_face = options.get("min_face", live.min_face)
    whole = isinstance(min_face, int) and not isinstance(min_face, bool)
    if not whole or not _SMALLEST_FACE <= min_face <= _LARGEST_FACE:
        raise InvalidParameter(
            f"min_face is {min_face!r:.40}; allowed: a whole number of pixels from "
            f"{_SMALLEST_FACE} to {_LARGEST_FACE}."
        )
    return replace(live, detector=detector, min_face=min_face)
