"""Upload and result in Chromium, with and without JavaScript."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.media import media
from bench.servers import ROOT, Server
from tests.e2e.conftest import ARTIFACTS, Browsers

_AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]


def drop(page: Page, *names: str) -> None:
    """Let go of photos over the page, as a person who dragged them there."""
    files = [[name, base64.b64encode(media(name).read_bytes()).decode()] for name in names]
    page.evaluate(
        """async files => {
            const data = new DataTransfer();
            for (const [name, text] of files) {
                const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
                data.items.add(new File([bytes], name, {type: "image/jpeg"}));
            }
            for (const type of ["dragover", "drop"])
                document.body.dispatchEvent(new DragEvent(type,
                    {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        files,
    )


def count(page: Page) -> None:
    """Start the count and wait until every row has its result."""
    page.get_by_role("button", name=re.compile("^Count faces")).click()
    rows = page.locator(".upload-row")
    expect(page.locator('.upload-row[data-state="done"]')).to_have_count(
        rows.count(), timeout=30_000
    )


def new_page(browser: Browser) -> Page:
    """A page that can be asked for ``serious_findings``."""
    return with_axe(browser.new_page())


def with_axe(page: Page) -> Page:
    """The page, which can now be asked for ``serious_findings``."""
    page.add_init_script(path=_AXE)
    return page


def serious_findings(page: Page) -> list[str]:
    """What axe finds serious or critical on this page."""
    page.emulate_media(reduced_motion="reduce")
    # No colour is measured half way.
    page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    found: list[str] = page.evaluate(
        """async () => (await axe.run()).violations
            .filter(v => ["serious", "critical"].includes(v.impact))
            .map(v => `${v.id}: ${v.nodes.map(n => n.html).join(" | ")}`)"""
    )
    return found


def look(page: Page, name: str) -> None:
    """Pictures at phone and desktop width, light and dark; it fits, and axe finds nothing."""
    for width, scheme in _LOOKS:
        page.set_viewport_size({"width": width, "height": 844 if width < 640 else 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.screenshot(path=ARTIFACTS / f"{name}-{width}-{scheme}.png")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        assert serious_findings(page) == []


@pytest.mark.e2e
def test_the_photo_with_five_faces_gives_five(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = new_page(browser)
        page.goto(f"{server.url}/upload")
        look(page, "upload")
        page.locator("#image").set_input_files(media("multi_face.jpg"))
        count(page)
        page.get_by_role("link", name="Result of multi_face.jpg").click()
        assert page.get_by_role("heading", level=1).inner_text() == "5 faces found"
        assert page.get_by_role("row").count() == 6
        look(page, "result")


@pytest.mark.e2e
def test_the_slider_uncovers_the_boxes_by_key(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = new_page(browser)
        page.goto(f"{server.url}/upload")
        page.locator("#image").set_input_files(media("single_face.jpg"))
        count(page)
        page.get_by_role("link", name="Result of single_face.jpg").click()
        slider = page.get_by_role("slider")
        clip = "() => getComputedStyle(document.querySelectorAll('.pair figure')[1]).clipPath"
        slider.focus()
        slider.press("End")
        whole = page.evaluate(clip)
        slider.press("Home")
        assert page.evaluate(clip) != whole
        slider.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext") == "1 % with boxes"
        for name, ending in [("With boxes", ".jpg"), ("Original", ".jpg"), ("as JSON", ".json")]:
            with page.expect_download() as download:
                page.locator(".downloads").get_by_role("link", name=name).click()
            assert download.value.suggested_filename.endswith(ending)


@pytest.mark.e2e
def test_rows_can_be_stopped_tried_again_and_removed(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = browser.new_page()
        page.goto(f"{server.url}/upload")
        page.locator("#image").set_input_files(
            [media("multi_face.jpg"), media("single_face.jpg"), media("obama.jpg")]
        )
        page.get_by_role("button", name="Remove: obama.jpg").press("Enter")
        focused = "() => document.activeElement.getAttribute('aria-label')"
        assert page.evaluate(focused) == "Remove: single_face.jpg"
        page.route("**/api/v1/images", lambda route: route.abort())
        page.get_by_role("button", name="Count faces in 2 photos").click()
        expect(page.get_by_text("The connection was lost")).to_have_count(2)
        page.unroute("**/api/v1/images")
        page.get_by_role("button", name="Try again: multi_face.jpg").click()
        page.get_by_role("button", name="Try again: single_face.jpg").click()
        expect(page.locator('.upload-row[data-state="done"]')).to_have_count(2, timeout=30_000)


@pytest.mark.e2e
def test_engine_and_blur_are_remembered_and_sent(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = browser.new_page()
        page.goto(f"{server.url}/upload")
        page.get_by_role("radio", name="Thorough").check()
        page.get_by_role("checkbox", name="Blur faces").check()
        page.reload()
        expect(page.get_by_role("radio", name="Thorough")).to_be_checked()
        expect(page.get_by_role("checkbox", name="Blur faces")).to_be_checked()
        page.locator("#image").set_input_files(media("single_face.jpg"))
        page.evaluate(
            """() => { const send = XMLHttpRequest.prototype.send;
                XMLHttpRequest.prototype.send = function (body) {
                    window.sent = [body.get("detector"), body.get("blur")];
                    send.call(this, body);
                }; }"""
        )
        count(page)
        assert page.evaluate("() => window.sent") == ["yunet", "true"]


@pytest.mark.e2e
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_text_that_calls_itself_a_picture_is_refused_in_words(
    server: Server, browsers: Browsers, javascript: bool
) -> None:
    with browsers.open() as browser:
        page = browser.new_page(java_script_enabled=javascript)
        page.goto(f"{server.url}/upload")
        file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"not a photo" * 99}
        page.locator("#image").set_input_files(file)
        page.get_by_role("button", name=re.compile("^Count faces")).click()
        refusal = page.locator(".upload-row .line" if javascript else "[role=alert]")
        expect(refusal).to_contain_text("not a JPEG or PNG")
        page.screenshot(path=ARTIFACTS / f"upload-refused-{'js' if javascript else 'plain'}.png")
