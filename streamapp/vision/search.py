"""Search for new faces in slices: the most urgent parts first, as many as the budget allows.

A tile becomes urgent with its age, and much sooner where its thumbnail changed. The budget is
counted in pixels scanned, not in measured time, so that the same frames give the same answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from streamapp.vision.boxes import NO_BOXES, Boxes, as_boxes
from streamapp.vision.cascade import Cascade
from streamapp.vision.codec import Image
from streamapp.vision.motion import Cells, Mask, explained
from streamapp.vision.resample import resize
from streamapp.vision.tiles import LARGEST, SMALLEST, Comparison, Part, Tile, TileMemory, layout

FACTOR = 1.25

# Seconds after which a tile is due again: when something new moves in it; when only the body of a
# known face moves; both growing to the second value while it goes on and is no face; when nothing
# moves.
_DUE_NEWS = (0.13, 0.45)
_DUE_KNOWN = (0.4, 1.0)
_DUE_STILL = 7.0
_PATIENCE = 1.5
_FEWEST_CELLS = 5
_PIXELS_PER_SECOND = 180_000.0
_PIXELS_PER_FRAME = 30_000


@dataclass
class _Watch:
    """When a tile was scanned, and when it is due again."""

    number: int
    tile: Tile
    scanned: float | None = None
    whole: float = 0.0  # when all of it was scanned last
    due_news: float = _DUE_NEWS[0]
    due_known: float = _DUE_KNOWN[0]


@dataclass(frozen=True)
class _Wish:
    """A tile to be scanned: how urgently, and around which of its cells; None: all of it."""

    urgency: float
    watch: _Watch
    where: Mask | None = None


class Search:
    """Search state of one client for pictures of ``width`` x ``height``."""

    def __init__(self, width: int, height: int) -> None:
        plan = layout(width, height)
        self._watches = [_Watch(number, tile) for number, tile in enumerate(plan.tiles)]
        self._memory = TileMemory(plan)
        self._credit = self._full = float(sum(tile.whole.pixels for tile in plan.tiles))
        self._time: float | None = None

    def forget(self) -> None:
        """After a cut: everything is due at once, and paid for."""
        for watch in self._watches:
            watch.scanned = None
        self._credit = self._full

    def run(
        self, cascade: Cascade, picture: Image, thumb: Cells, known: Boxes, time: float
    ) -> Boxes:
        """Scan what is due; windows that may be faces, xyxy in ``picture``.

        ``known``: faces already tracked (xyxy squares), around which movement is no news.
        """
        gone = 0.0 if self._time is None else time - self._time
        self._time = time
        self._credit = min(self._credit + gone * _PIXELS_PER_SECOND, self._full)
        # at a low frame rate each frame may take the share of those that did not come
        allowed = max(_PIXELS_PER_FRAME, min(gone * _PIXELS_PER_SECOND, self._full))
        compared = self._memory.compare(thumb, explained(known, thumb.shape))
        found: list[Boxes] = []
        levels: dict[float, Image] = {}
        for wish in self._wishes(compared, time):
            watch, tile = wish.watch, wish.watch.tile
            part = tile.whole if wish.where is None else tile.around(wish.where)
            if self._credit < part.pixels:
                break
            if watch.scanned is not None and allowed < part.pixels:
                break
            self._credit -= part.pixels
            allowed -= part.pixels
            found.append(_scan(cascade, _level(levels, picture, tile.scale), part, tile))
            watch.scanned = time
            if wish.where is None:
                watch.whole = time
            self._memory.remember(watch.number, compared, wish.where)
        return np.concatenate(found) if found else NO_BOXES

    def _wishes(self, compared: Comparison, time: float) -> list[_Wish]:
        """What is due, the most urgent first."""
        changed, news = compared.per_tile(compared.changed), compared.per_tile(compared.news)
        wishes = []
        for watch in self._watches:
            wish = _wish(watch, compared, changed[watch.number], news[watch.number], time)
            if wish is not None:
                wishes.append(wish)
        return sorted(wishes, key=lambda wish: -wish.urgency)


def _wish(
    watch: _Watch, compared: Comparison, changed: int, news: int, time: float
) -> _Wish | None:
    """What is wished of a tile of which so many cells changed; None: nothing yet.

    Urgency is the age over the age at which it is due.
    """
    if watch.scanned is None:
        return _Wish(np.inf, watch)
    age = time - watch.scanned
    if age < min(watch.due_news, watch.due_known):
        return None  # whatever has changed
    if news >= _FEWEST_CELLS:
        due = watch.due_news
        if age < due:
            return None
        watch.due_news = min(due * _PATIENCE, _DUE_NEWS[1])
        return _Wish(age / due, watch, compared.of(watch.number, compared.news))
    if age > 1.0:
        watch.due_news = _DUE_NEWS[0]
    if changed >= _FEWEST_CELLS:
        due = watch.due_known
        if age >= due:
            watch.due_known = min(due * _PATIENCE, _DUE_KNOWN[1])
            return _Wish(age / due, watch, compared.of(watch.number, compared.changed))
    elif age > 2.0:
        watch.due_known = _DUE_KNOWN[0]
    still = (time - watch.whole) / _DUE_STILL
    return _Wish(still, watch) if still >= 1 else None


def _level(levels: dict[float, Image], picture: Image, scale: float) -> Image:
    if scale not in levels:
        height, width = picture.shape
        levels[scale] = resize(picture, width * scale, height * scale)
    return levels[scale]


def _scan(cascade: Cascade, level: Image, part: Part, tile: Tile) -> Boxes:
    pixels = level[part.top : part.bottom, part.left : part.right]
    largest = 0 if tile.coarsest else LARGEST
    found = cascade.find(pixels, SMALLEST, largest, FACTOR, neighbors=0)
    offset = np.array([part.left, part.top] * 2, np.float32)
    return as_boxes((found + offset) / tile.scale)
