"""Search for new faces in slices: the most urgent parts first, as many as the budget allows.

The picture is covered by tiles at several scales. At each scale a cascade looks for faces of
20 to 40 pixels, so the larger faces are found at the coarser scales, which cost little. A tile
becomes urgent with its age, and much sooner where its thumbnail changed. The budget is counted
in pixels scanned, not in measured time, so that the same frames give the same answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from streamapp.vision.boxes import Boxes, as_boxes
from streamapp.vision.cascade import Cascade
from streamapp.vision.codec import Image
from streamapp.vision.motion import CELL, CHANGED, Cells, Explained, Mask
from streamapp.vision.resample import resize

SMALLEST, LARGEST = 20, 40
FACTOR = 1.25
_TILE_STEP = 100  # tiles are this plus LARGEST wide, or less
_COARSEST_SIDE = 24

# Seconds after which a tile is due again: when something new moves in it; when only the body of a
# known face moves; both growing to the second value while it goes on and is no face; when nothing
# moves.
_DUE_NEWS = (0.13, 0.45)
_DUE_KNOWN = (0.4, 1.0)
_DUE_STILL = 7.0
_PATIENCE = 1.5
_FEWEST_CELLS = 5
_REACH = 24  # pixels around changed cells: most of a face that moved may look as before
_PIXELS_PER_SECOND = 180_000.0
_PIXELS_PER_FRAME = 30_000


@dataclass(frozen=True)
class _Part:
    """A rectangle of a scaled picture, in its pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def pixels(self) -> int:
        """What a scan costs."""
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass
class _Tile:
    """A part of the picture at one scale, and what is remembered of its last scan."""

    scale: float
    left: int  # left, top, width, height in pixels of the scaled picture
    top: int
    width: int
    height: int
    coarsest: bool
    scanned: float | None = None
    whole: float = 0.0  # when all of it was scanned last
    due_news: float = _DUE_NEWS[0]
    due_known: float = _DUE_KNOWN[0]
    seen: Cells | None = field(default=None, repr=False)

    def part(self, where: Mask | None) -> _Part:
        """The rectangle around these cells of `cells`, wide enough for faces that touch them."""
        if where is None:
            return _Part(self.left, self.top, self.left + self.width, self.top + self.height)
        rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
        first_row, first_column = self.cells()[0].start, self.cells()[1].start
        per_cell = CELL * self.scale
        return _Part(
            max(self.left, int((first_column + columns[0]) * per_cell) - _REACH),
            max(self.top, int((first_row + rows[0]) * per_cell) - _REACH),
            min(self.left + self.width, int((first_column + columns[-1] + 1) * per_cell) + _REACH),
            min(self.top + self.height, int((first_row + rows[-1] + 1) * per_cell) + _REACH),
        )

    def remember(self, thumb: Cells, where: Mask | None, time: float) -> None:
        """That these cells (None: all) have been scanned as they are now."""
        self.scanned = time
        now = thumb[self.cells()]
        if where is None or self.seen is None:
            self.whole, self.seen = time, now.copy()
        else:
            self.seen[where] = now[where]

    def cells(self) -> tuple[slice, slice]:
        """The cells of the thumbnail that the tile covers."""
        per_cell = self.scale * CELL
        rows = slice(int(self.top / per_cell), -int(-(self.top + self.height) // per_cell))
        columns = slice(int(self.left / per_cell), -int(-(self.left + self.width) // per_cell))
        return rows, columns


class Search:
    """Search state of one client for pictures of ``width`` x ``height``."""

    def __init__(self, width: int, height: int) -> None:
        self._tiles = _tiles(width, height)
        self._credit = float(sum(tile.part(None).pixels for tile in self._tiles))
        self._full = self._credit
        self._time: float | None = None

    def forget(self) -> None:
        """After a cut: everything is due at once, and paid for."""
        for tile in self._tiles:
            tile.scanned = None
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
        explained = Explained.by(known, thumb.shape)
        ranked = [(*self._urgency(tile, thumb, explained, time), tile) for tile in self._tiles]
        ranked.sort(key=lambda entry: -entry[0])
        found = [as_boxes([])]
        levels: dict[float, Image] = {}
        for urgency, where, tile in ranked:
            part = tile.part(where)
            if urgency < 1 or self._credit < part.pixels:
                break
            if tile.scanned is not None and allowed < part.pixels:
                break
            self._credit -= part.pixels
            allowed -= part.pixels
            found.append(_scan(cascade, _level(levels, picture, tile.scale), part, tile))
            tile.remember(thumb, where, time)
        return np.concatenate(found)

    def _urgency(
        self, tile: _Tile, thumb: Cells, explained: Explained, time: float
    ) -> tuple[float, Mask | None]:
        """Age over the age at which the tile is due (1: now), and the cells in question.

        None stands for all of them.
        """
        if tile.scanned is None or tile.seen is None:
            return np.inf, None
        age = time - tile.scanned
        if age < min(tile.due_news, tile.due_known):
            return 0.0, None  # whatever has changed
        cells = tile.cells()
        changed = (np.abs(thumb[cells] - tile.seen) > CHANGED) & ~explained.faces[cells]
        news = changed & ~explained.bodies[cells]
        if np.count_nonzero(news) >= _FEWEST_CELLS:
            due = tile.due_news
            if age >= due:
                tile.due_news = min(due * _PATIENCE, _DUE_NEWS[1])
            return age / due, news
        if age > 1.0:
            tile.due_news = _DUE_NEWS[0]
        if np.count_nonzero(changed) >= _FEWEST_CELLS:
            due = tile.due_known
            if age >= due:
                tile.due_known = min(due * _PATIENCE, _DUE_KNOWN[1])
                return age / due, changed
        elif age > 2.0:
            tile.due_known = _DUE_KNOWN[0]
        return (time - tile.whole) / _DUE_STILL, None


def _tiles(width: int, height: int) -> list[_Tile]:
    """Tiles of every scale; neighbours overlap by the largest face, none is lost at a border."""
    tiles: list[_Tile] = []
    scale = 1.0
    while True:
        w, h = max(1, round(width * scale)), max(1, round(height * scale))
        coarsest = min(w, h) / 2 < _COARSEST_SIDE
        spans = [(x, y) for y in _spans(h) for x in _spans(w)]
        tiles += [_Tile(scale, x[0], y[0], x[1], y[1], coarsest) for x, y in spans]
        if coarsest:
            return tiles
        scale /= 2


def _spans(length: int) -> list[tuple[int, int]]:
    """(start, length) of the overlapping parts of one axis, all equally long."""
    count = max(1, -(-(length - LARGEST) // _TILE_STEP))
    part = min(length, -(-(length - LARGEST) // count) + LARGEST)
    if count == 1:
        return [(0, length)]
    return [(round(index * (length - part) / (count - 1)), part) for index in range(count)]


def _level(levels: dict[float, Image], picture: Image, scale: float) -> Image:
    if scale not in levels:
        height, width = picture.shape
        levels[scale] = resize(picture, width * scale, height * scale)
    return levels[scale]


def _scan(cascade: Cascade, level: Image, part: _Part, tile: _Tile) -> Boxes:
    pixels = level[part.top : part.bottom, part.left : part.right]
    largest = 0 if tile.coarsest else LARGEST
    found = cascade.find(pixels, SMALLEST, largest, FACTOR, neighbors=0)
    offset = np.array([part.left, part.top] * 2, np.float32)
    return as_boxes((found + offset) / tile.scale)
