"""What else than one webcam is counted: a phone's other camera, one held upright, a shared tab."""

from __future__ import annotations

import base64
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page

from bench.media import frames, media
from bench.servers import Server, wait_until
from tests.e2e.conftest import Browsers, go_live, screenshot, stats, wait_for_state, wait_for_stats

TWO_CAMERAS = "--use-fake-device-for-media-stream=device-count=2"
OTHER_TAB = "--auto-select-tab-capture-source-by-title=shared tab"


def _upright(path: Path) -> Path:
    """A clip of a phone held upright: the middle of a webcam's, 480x640."""
    with path.open("wb") as clip:
        for jpeg in frames(count=30):
            image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
            assert image is not None
            narrow = cv2.resize(image[:, 140:500], (480, 640))
            clip.write(cv2.imencode(".jpg", narrow)[1].tobytes())
    return path


def _settings(page: Page) -> dict[str, object]:
    """Of the track that is played."""
    settings: dict[str, object] = page.evaluate(
        "() => document.querySelector('video').srcObject.getVideoTracks()[0].getSettings()"
    )
    return settings


@pytest.mark.e2e
def test_a_phone_turns_to_its_other_camera_and_back(server: Server, browsers: Browsers) -> None:
    with browsers.open(flags=[TWO_CAMERAS]) as browser:
        page = browser.new_page(
            has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844}
        )
        go_live(page, server.url)
        first = _settings(page)["deviceId"]
        for same in (False, True):
            results = stats(page)["results"]
            page.get_by_role("button", name="Flip").tap()
            page.wait_for_function(
                "([id, same]) => { const track = document.querySelector('video')"
                ".srcObject?.getVideoTracks()[0];"
                " return track && (track.getSettings().deviceId === id) === same; }",
                arg=[first, same],
            )
            wait_for_stats(page, f"s.state === 'live' && s.results > {results + 5}")


@pytest.mark.e2e
def test_a_camera_held_upright_is_counted_whole(
    server: Server, browsers: Browsers, tmp_path: Path
) -> None:
    with browsers.open(_upright(tmp_path / "upright.mjpeg")) as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        go_live(page, server.url)
        seen = wait_for_stats(page, "s.count === 1 && s.faces.length === 1")
        screenshot(page, "live-upright")
    assert seen["frame"] == {"width": 480, "height": 640}
    x, y, width, height = seen["faces"][0]["box"]
    assert 0 <= x < x + width <= 480
    assert 0 <= y < y + height <= 640


@pytest.mark.e2e
def test_a_shared_screen_is_counted_until_it_is_stopped(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:  # the screen is Chromium's own test picture
        page = browser.new_page()
        page.goto(server.url)
        page.locator("#source").select_option("screen")
        wait_for_stats(page, "s.state === 'live' && s.results > 10")
        assert _settings(page)["displaySurface"] == "monitor"
        page.evaluate(
            "() => document.querySelector('video').srcObject.getVideoTracks()[0]"
            ".dispatchEvent(new Event('ended'))"
        )
        wait_for_state(page, "unshared")


@pytest.mark.e2e
def test_faces_of_a_shared_tab_in_which_nothing_moves_stay_counted(
    server: Server, browsers: Browsers
) -> None:
    photo = base64.b64encode(media("single_face.jpg").read_bytes()).decode()
    with browsers.open(camera=False, flags=[OTHER_TAB]) as browser:
        context = browser.new_context()
        shared, page = context.new_page(), context.new_page()
        shared.set_content(
            "<title>shared tab</title>"
            f"<img style='height: 500px' src='data:image/jpeg;base64,{photo}'>"
        )
        page.goto(server.url)
        page.locator("#source").select_option("screen")
        # More results than new pictures: nothing moves, and the page still counts. Asked from
        # here, because a page in the background waits for repaints that do not come.
        counting = wait_until(
            lambda: (now := stats(page))["results"] > 10 and now["count"] == 1, timeout=15
        )
        assert counting, stats(page)
