"""The bench of uploads runs: real servers, figures of the right shape."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from bench import uploads
from bench.report import blocks_of
from bench.servers import product

pytestmark = pytest.mark.server


@pytest.mark.parametrize("megapixels", [1, 12])
def test_a_photo_has_the_size_that_was_asked(megapixels: int) -> None:
    image = cv2.imdecode(np.frombuffer(uploads.photo(megapixels), np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert image.shape[0] * image.shape[1] == pytest.approx(megapixels * 1e6, rel=0.01)


def test_every_upload_is_timed_and_paid_for() -> None:
    with product() as server:
        found = uploads.send(server, uploads.photo(1), "cascade", 2, 0.5)
    assert len(found.seconds) >= 2
    assert 0 < min(found.seconds) <= max(found.seconds) <= found.elapsed
    assert found.rate > 0
    assert found.cpu_seconds > 0
    assert 20 < found.idle_mb < found.peak_mb


def test_a_webcam_is_counted_alone_and_beside_uploads() -> None:
    alone, beside = uploads.live_rates(1.0, at_once=1)
    assert alone > 0
    assert beside > 0


def test_the_files_at_the_limit_are_no_larger_than_a_server_takes() -> None:
    files = [*uploads.largest().values(), uploads.heaviest()]
    assert max(map(len, files)) < 20_000_000


def test_the_share_of_the_hubs_punctual_beats_is_a_share() -> None:
    assert 0 < uploads.punctual_share(0.5) <= 1


def test_the_command_line_is_timed() -> None:
    assert uploads.command_line_rate(2, 2) > 0


def test_the_document_has_the_blocks_that_are_written() -> None:
    assert blocks_of(uploads.DOCUMENT) == ["machine", "uploads"]
