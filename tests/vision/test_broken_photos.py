"""Ten thousand broken photos: each is read or refused by name, and none leaves memory behind."""

from __future__ import annotations

import gc
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from streamapp.analysis import look, pictures
from streamapp.config import load
from streamapp.errors import InputError
from streamapp.vision.codec import decode_image, reduction_for
from streamapp.vision.engines import Engines
from streamapp.vision.headers import read_header
from streamapp.vision.metadata import without_metadata
from tests.mutations import mutated, seeds

_MOST_PIXELS = 300_000


def _outcome(data: bytes) -> str:
    try:
        header = read_header(data)
        if header.pixels > _MOST_PIXELS or header.held_bytes > 2 * _MOST_PIXELS:
            return "too large"
        picture = decode_image(data, reduction_for(header, 1500), header)
        assert picture.ndim == 3
        assert read_header(without_metadata(data, header)).pixels == header.pixels
    except InputError as error:
        return error.code
    return "ok"


def _resident_mb() -> float:
    gc.collect()
    pages = int(re.split(r"\s", Path("/proc/self/statm").read_text())[1])
    return pages * 4096 / 1e6


def test_ten_thousand_broken_files_are_read_or_refused_by_name() -> None:
    outcomes = Counter(_outcome(data) for data in mutated(2000, seed=1))
    before = _resident_mb()
    outcomes += Counter(_outcome(data) for data in mutated(8000, seed=2))
    assert _resident_mb() - before < 20
    assert set(outcomes) <= {"ok", "too large", "unreadable_image", "unsupported_media_type"}
    assert outcomes["ok"] > 500  # they are not all stopped at the door
    assert outcomes["unreadable_image"] > 500


def test_the_whole_way_of_an_upload_survives_them_too(tmp_path: Path) -> None:
    settings = load({"DATA_DIR": tmp_path, "SECRET_KEY": "for tests, and long enough to be one"})
    settings = replace(settings, max_image_pixels=_MOST_PIXELS)
    engines = Engines()
    kept = 0
    for data in [*seeds().values(), *mutated(300, seed=3)]:
        try:
            view = look(engines, data, "yunet", settings)
            assert pictures(data, view, blur=False).thumbnail.startswith(b"\xff\xd8")
        except InputError:
            continue
        kept += 1
    assert kept > len(seeds())
