"""The parts of a picture that are searched one by one, and what each looked like last.

The picture is covered by tiles at several scales. At each scale a cascade looks for faces of
20 to 40 pixels, so the larger faces are found at the coarser scales, which cost little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
        first_row, first_column = self.cells[0].start, self.cells[1].start
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


class TileMemory:
    """How the cells of each tile looked when it was scanned last.

    The cells of all tiles lie one after another in flat arrays, so that one comparison of all of
    them takes as many calls as one of a single tile's.
    """

    def __init__(self, covering: list[Tile], shape: tuple[int, int]) -> None:
        """``shape``: rows and columns of the thumbnail."""
        numbers = np.arange(shape[0] * shape[1]).reshape(shape)
        cells = [numbers[tile.cells] for tile in covering]
        self._shapes = [own.shape for own in cells]
        ends = np.cumsum([own.size for own in cells])
        self._starts = ends - [own.size for own in cells]
        self._places = [
            slice(start, end)
            for start, end in zip(self._starts.tolist(), ends.tolist(), strict=True)
        ]
        self._cells = np.concatenate([own.ravel() for own in cells])
        self._now = self._seen = np.zeros(len(self._cells), np.float32)
        self._changed = self._news = np.zeros(len(self._cells), np.bool_)

    def compare(self, thumb: Cells, kinds: Kinds) -> tuple[list[int], list[int]]:
        """How many cells of each tile changed: outside of faces, and outside of bodies, too."""
        self._now = thumb.take(self._cells)
        kind = kinds.take(self._cells)
        moved = np.abs(self._now - self._seen) > CHANGED
        self._changed, self._news = moved & (kind < FACE), moved & (kind < BODY)
        return self._per_tile(self._changed), self._per_tile(self._news)

    def changed(self, tile: int) -> Mask:
        """Which cells of a tile changed outside of faces, as `compare` saw them."""
        return self._changed[self._places[tile]].reshape(self._shapes[tile])

    def news(self, tile: int) -> Mask:
        """Which of these are outside of bodies."""
        return self._news[self._places[tile]].reshape(self._shapes[tile])

    def remember(self, tile: int, where: Mask | None) -> None:
        """That these cells (None: all) have been scanned as `compare` saw them."""
        place = self._places[tile]
        if where is None:
            self._seen[place] = self._now[place]
        else:
            self._seen[place][where.ravel()] = self._now[place][where.ravel()]

    def _per_tile(self, mask: npt.NDArray[np.bool_]) -> list[int]:
        counts: list[int] = np.add.reduceat(mask, self._starts, dtype=np.intp).tolist()
        return counts
