"""The parts of a picture that are searched one by one, and what each looked like last.

The picture is covered by tiles at several scales. At each scale a cascade looks for faces of
20 to 40 pixels, so the larger faces are found at the coarser scales, which cost little.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from streamapp.vision.motion import BODY, CELL, CHANGED, FACE, Cells, Kinds, Mask

SMALLEST, LARGEST = 20, 40
_STEP = 100  # tiles are this plus LARGEST wide, or less
_COARSEST_SIDE = 24
_REACH = 24  # pixels around changed cells: most of a face that moved may look as before


@dataclass(frozen=True)
class Part:
    """A rectangle of a scaled picture, in its pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def pixels(self) -> int:
        """What a scan costs."""
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True)
class Tile:
    """A part of the picture at one scale; lengths in pixels of the scaled picture."""

    scale: float
    left: int
    top: int
    width: int
    height: int
    coarsest: bool

    @property
    def whole(self) -> Part:
        """All of it."""
        return Part(self.left, self.top, self.left + self.width, self.top + self.height)

    def around(self, where: Mask) -> Part:
        """The rectangle around these of its `cells`, wide enough for faces that touch them."""
        rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
        first_row, first_column = (span.start for span in self.cells)
        per_cell = CELL * self.scale
        whole = self.whole
        return Part(
            max(whole.left, int((first_column + columns[0]) * per_cell) - _REACH),
            max(whole.top, int((first_row + rows[0]) * per_cell) - _REACH),
            min(whole.right, int((first_column + columns[-1] + 1) * per_cell) + _REACH),
            min(whole.bottom, int((first_row + rows[-1] + 1) * per_cell) + _REACH),
        )

    @property
    def cells(self) -> tuple[slice, slice]:
        """The rows and columns of the thumbnail that the tile covers."""
        per_cell = self.scale * CELL
        rows = slice(int(self.top / per_cell), -int(-(self.top + self.height) // per_cell))
        columns = slice(int(self.left / per_cell), -int(-(self.left + self.width) // per_cell))
        return rows, columns


def tiles(width: int, height: int) -> list[Tile]:
    """Tiles of every scale; neighbours overlap by the largest face, none is lost at a border."""
    found: list[Tile] = []
    scale = 1.0
    while True:
        w, h = max(1, round(width * scale)), max(1, round(height * scale))
        coarsest = min(w, h) / 2 < _COARSEST_SIDE
        places = [(x, y) for y in _spans(h) for x in _spans(w)]
        found += [Tile(scale, x[0], y[0], x[1], y[1], coarsest) for x, y in places]
        if coarsest:
            return found
        scale /= 2


def _spans(length: int) -> list[tuple[int, int]]:
    """(start, length) of the overlapping parts of one axis, all equally long."""
    count = max(1, -(-(length - LARGEST) // _STEP))
    part = min(length, -(-(length - LARGEST) // count) + LARGEST)
    if count == 1:
        return [(0, length)]
    return [(round(index * (length - part) / (count - 1)), part) for index in range(count)]


class Layout:
    """The tiles of pictures of one size, and their cells in flat arrays, one tile after another.

    One comparison of all of them takes as many calls as one of a single tile's.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self.tiles = tiles(width, height)
        rows, columns = -(-height // CELL), -(-width // CELL)
        numbers = np.arange(rows * columns).reshape(rows, columns)
        own = [numbers[tile.cells] for tile in self.tiles]
        self.shapes = [cells.shape for cells in own]
        ends = np.cumsum([cells.size for cells in own])
        self.starts = ends - [cells.size for cells in own]
        self.places = [*map(slice, self.starts.tolist(), ends.tolist())]
        self.cells = np.concatenate([cells.ravel() for cells in own])

    def __reduce__(self) -> tuple[object, ...]:
        """It is the same for all clients: of one's state it is no part."""
        return layout, self._size


@lru_cache(maxsize=8)  # who sends another size each time keeps no more than these
def layout(width: int, height: int) -> Layout:
    """The `Layout` of pictures of ``width`` x ``height``; most webcams send the same size."""
    return Layout(width, height)


@dataclass(frozen=True)
class Comparison:
    """The cells of all tiles ``now``, and which of them ``changed`` outside of faces.

    ``news`` are those of them that lie outside of bodies, too.
    """

    plan: Layout
    now: Cells
    changed: Mask
    news: Mask

    def per_tile(self, mask: Mask) -> list[int]:
        """How many cells of each tile are in ``changed`` or ``news``."""
        counts: list[int] = np.add.reduceat(mask, self.plan.starts, dtype=np.intp).tolist()
        return counts

    def of(self, tile: int, mask: Mask) -> Mask:
        """A tile's part of ``changed`` or ``news``, in its rows and columns."""
        return mask[self.plan.places[tile]].reshape(self.plan.shapes[tile])


class TileMemory:
    """How the cells of each tile looked when it was scanned last."""

    def __init__(self, plan: Layout) -> None:
        self._plan = plan
        self._seen = np.zeros(len(plan.cells), np.float32)

    def compare(self, thumb: Cells, kinds: Kinds) -> Comparison:
        """What is different in ``thumb``; ``kinds`` are those of its cells."""
        now, kind = thumb.take(self._plan.cells), kinds.take(self._plan.cells)
        moved = np.abs(now - self._seen) > CHANGED
        return Comparison(self._plan, now, moved & (kind < FACE), moved & (kind < BODY))

    def remember(self, tile: int, seen: Comparison, where: Mask | None) -> None:
        """That these cells of a tile (None: all) have been scanned as they are now."""
        place = self._plan.places[tile]
        if where is None:
            self._seen[place] = seen.now[place]
        else:
            self._seen[place][where.ravel()] = seen.now[place][where.ravel()]
