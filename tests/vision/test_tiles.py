"""The parts of a picture that are searched one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamapp.vision.motion import BODY, CELL, CHANGED, FACE
from streamapp.vision.tiles import LARGEST, SMALLEST, Layout, TileMemory, layout, tiles


@given(st.integers(24, 900), st.integers(24, 700), st.data())
def test_a_face_of_any_size_and_place_lies_whole_in_some_tile(
    width: int, height: int, data: st.DataObject
) -> None:
    side = data.draw(st.integers(SMALLEST, min(width, height)))
    x = data.draw(st.integers(0, width - side))
    y = data.draw(st.integers(0, height - side))
    for tile in tiles(width, height):
        low = np.array([x, y]) * tile.scale
        high = np.array([x + side, y + side]) * tile.scale
        size = side * tile.scale
        fits = size <= LARGEST + 1 or tile.coarsest
        inside = (low >= [tile.left - 1, tile.top - 1]).all() and (
            high <= [tile.left + tile.width + 1, tile.top + tile.height + 1]
        ).all()
        if fits and inside and size >= SMALLEST - 1:
            return
    pytest.fail(f"nobody looks for a face of {side} at {x}, {y} in {width}x{height}")


def thumb(width: int, height: int) -> np.ndarray:
    return np.full((-(-height // CELL), -(-width // CELL)), 100, np.float32)


@given(st.integers(24, 700), st.integers(24, 500), st.data())
def test_a_changed_cell_is_seen_by_the_tiles_that_cover_it_and_by_no_other(
    width: int, height: int, data: st.DataObject
) -> None:
    plan = Layout(width, height)
    before = thumb(width, height)
    row = data.draw(st.integers(0, before.shape[0] - 1))
    column = data.draw(st.integers(0, before.shape[1] - 1))
    kind = data.draw(st.sampled_from([0, BODY, FACE]))
    kinds = np.zeros(before.shape, np.uint8)
    memory = TileMemory(plan)
    first = memory.compare(before, kinds)
    for number in range(len(plan.tiles)):
        memory.remember(number, first, None)
    after = before.copy()
    after[row, column] += CHANGED + 1
    kinds[row, column] = kind
    seen = memory.compare(after, kinds)
    covers = []
    for tile in plan.tiles:
        rows, columns = (
            range(*span.indices(size)) for span, size in zip(tile.cells, before.shape, strict=True)
        )
        covers.append(int(row in rows and column in columns))
    assert seen.per_tile(seen.changed) == (covers if kind < FACE else [0] * len(covers))
    assert seen.per_tile(seen.news) == (covers if kind < BODY else [0] * len(covers))


def test_only_the_cells_that_were_scanned_are_remembered() -> None:
    plan = layout(320, 240)
    memory, kinds = TileMemory(plan), np.zeros((30, 40), np.uint8)
    start = memory.compare(thumb(320, 240), kinds)
    memory.remember(0, start, None)
    moved = thumb(320, 240)
    moved[2, 3] = moved[5, 6] = 200
    seen = memory.compare(moved, kinds)
    where = seen.of(0, seen.changed).copy()
    where[5, 6] = False
    memory.remember(0, seen, where)
    again = memory.compare(moved, kinds)
    assert np.argwhere(again.of(0, again.changed)).tolist() == [[5, 6]]


def test_clients_of_one_picture_size_share_a_plan_and_no_memory() -> None:
    assert layout(320, 240) is layout(320, 240)
    one, other = TileMemory(layout(320, 240)), TileMemory(layout(320, 240))
    kinds = np.zeros((30, 40), np.uint8)
    one.remember(0, one.compare(thumb(320, 240), kinds), None)
    seen = other.compare(thumb(320, 240), kinds)
    assert seen.per_tile(seen.changed)[0] == seen.of(0, seen.changed).size
