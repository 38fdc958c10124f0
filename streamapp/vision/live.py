"""One client's webcam: JPEG frames and their times in, faces with ids and a calm count out."""

from __future__ import annotations

from dataclasses import dataclass

from streamapp.vision.boxes import face_in_square
from streamapp.vision.codec import Image, decode_gray_reduced
from streamapp.vision.engines import Engines
from streamapp.vision.headers import ImageHeader, read_header
from streamapp.vision.motion import Cells, is_cut, thumbnail
from streamapp.vision.pursuit import pursue
from streamapp.vision.resample import resize
from streamapp.vision.searcher_cascade import CascadeSearch
from streamapp.vision.searcher_yunet import NetworkSearch
from streamapp.vision.tiles import SMALLEST
from streamapp.vision.tracking import Tracker

_REFERENCE_SIDE = 640
_REDUCTIONS = (8, 4, 2)
_NARROWEST_VIEW, _WIDEST_VIEW = 160, 960


@dataclass(frozen=True)
class LiveSettings:
    """What a client may choose.

    ``detector``: one of `engines.DETECTORS`. ``min_face``: side of the smallest face that counts,
    in pixels of a frame whose longer side is 640 (40: a sixteenth of it). The side is that of the
    square a cascade sees, about the height of the face from hair line to chin; down to 0.85 of it
    a face begins to count, down to 0.7 of it one that counts goes on doing so.
    """

    detector: str = "cascade"
    min_face: int = 40


@dataclass(frozen=True)
class LiveFace:
    """``box`` is x, y, width, height, whole pixels of the sent frame, inside it."""

    id: int
    box: tuple[int, int, int, int]
    confidence: float


@dataclass(frozen=True)
class LiveResult:
    """What one frame says. ``count`` is smoothed, ``peak`` its maximum since the start or reset,
    ``tracks_seen`` how many tracks there were: who is away for long comes back as another."""

    width: int
    height: int
    faces: tuple[LiveFace, ...]
    count: int
    peak: int
    tracks_seen: int


class LivePipeline:
    """State of one client. Pure: no clock, no I/O; the same frames give the same answers."""

    def __init__(self, settings: LiveSettings = LiveSettings()) -> None:
        self._settings = settings
        self.reset()

    def configure(self, settings: LiveSettings) -> None:
        """Apply new settings from the next frame on; tracks and peak stay."""
        self._settings = settings

    def reset(self) -> None:
        """Forget everything but the settings."""
        self._tracker = Tracker()
        self._peak = 0
        self._thumb: Cells | None = None
        self._resize(1, 1)

    def process(
        self, engines: Engines, jpeg: bytes, time: float, header: ImageHeader | None = None
    ) -> LiveResult:
        """Answer for one frame, taken at ``time`` (seconds, any origin, never falling).

        ``header`` is the frame's own, where it has been read already. Raises UnreadableImage or
        UnsupportedMedia for a frame that cannot be decoded; the state then is as it was before.
        """
        width, height = (header or read_header(jpeg)).upright_wh
        view = _view(jpeg, width, height, self._settings.min_face)
        thumb = thumbnail(view)
        self._notice_changes(view, thumb)
        pursue(engines, view, self._tracker, time)
        self._searchers[self._settings.detector].run(engines, view, thumb, self._tracker, time)
        smallest = self._settings.min_face * max(self._view_wh) / _REFERENCE_SIDE
        self._tracker.settle(time, *self._view_wh, smallest)
        return self._result(width, height)

    def _notice_changes(self, view: Image, thumb: Cells) -> None:
        """A new frame size: the tracks move along. A cut: everything is new."""
        view_wh = (view.shape[1], view.shape[0])
        if view_wh != self._view_wh:
            self._tracker.rescale(view_wh[0] / self._view_wh[0], view_wh[1] / self._view_wh[1])
            self._resize(*view_wh)
        elif self._thumb is not None and is_cut(self._thumb, thumb):
            self._tracker.end_all()
            for searcher in self._searchers.values():
                searcher.forget()
        self._thumb = thumb

    def _resize(self, width: int, height: int) -> None:
        """What is remembered of the picture, cell by cell, is of no use at another size."""
        self._view_wh = (width, height)
        self._searchers: dict[str, CascadeSearch | NetworkSearch] = {
            "cascade": CascadeSearch(width, height),
            "yunet": NetworkSearch(),
        }

    def _result(self, width: int, height: int) -> LiveResult:
        shown = self._tracker.confirmed
        self._peak = max(self._peak, len(shown))
        across, down = width / self._view_wh[0], height / self._view_wh[1]
        faces = []
        for track in shown:
            x1, y1, x2, y2 = face_in_square(*track.box.tolist())
            box = _whole((x1 * across, y1 * down, x2 * across, y2 * down), width, height)
            faces.append(LiveFace(track.id, box, round(track.confidence, 3)))
        seen = self._tracker.seen
        return LiveResult(width, height, tuple(faces), len(faces), self._peak, seen)


def _view(jpeg: bytes, width: int, height: int, min_face: int) -> Image:
    """The frame in grey, so small that the smallest face has `search.SMALLEST` pixels."""
    longer = max(width, height)
    wanted = _REFERENCE_SIDE * SMALLEST / min_face
    wanted = min(longer, max(_NARROWEST_VIEW, min(_WIDEST_VIEW, wanted)))
    reduction = next((r for r in _REDUCTIONS if longer / r >= wanted), 1)
    gray = decode_gray_reduced(jpeg, reduction)
    return resize(gray, width * wanted / longer, height * wanted / longer)


def _whole(
    xyxy: tuple[float, float, float, float], width: int, height: int
) -> tuple[int, int, int, int]:
    """A box as x, y, width, height in whole pixels, at least one, inside the frame."""
    x1, y1, x2, y2 = map(round, xyxy)
    x1, y1 = min(max(x1, 0), width - 1), min(max(y1, 0), height - 1)
    return x1, y1, max(1, min(x2, width) - x1), max(1, min(y2, height) - y1)
