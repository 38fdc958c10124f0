"""Upload and result in Chromium, with and without JavaScript."""

from __future__ import annotations

import pytest

from bench.media import media
from bench.servers import Server
from tests.e2e.conftest import Browsers, screenshot


@pytest.mark.e2e
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_photo_with_five_faces_gives_five(
    server: Server, browsers: Browsers, javascript: bool
) -> None:
    with browsers.open() as browser:
        page = browser.new_page(java_script_enabled=javascript)
        page.goto(f"{server.url}/upload")
        screenshot(page, "upload")
        page.locator("input[type=file]").set_input_files(media("multi_face.jpg"))
        page.get_by_role("button", name="Count faces").click()
        page.wait_for_url("**/images/*")
        assert page.get_by_role("heading", level=1).inner_text() == "5 faces found"
        assert page.get_by_role("row").count() == 6
        screenshot(page, "result")
        pictures = page.locator(".pair img")
        widths = pictures.evaluate_all("all => all.map(i => i.naturalWidth)")
        assert (
            widths
            == [page.locator(".pair img").first.evaluate("i => i.width && i.naturalWidth")] * 2
        )
        page.get_by_text("Delete…").click()
        address = page.url
        page.get_by_role("button", name="Delete for good").click()
        page.wait_for_url("**/upload")
        assert page.goto(address).status == 404
        screenshot(page, "not-found")


@pytest.mark.e2e
def test_two_photos_at_once_give_two_results(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = browser.new_page()
        page.goto(f"{server.url}/upload")
        chosen = [media("multi_face.jpg"), media("single_face.jpg")]
        page.locator("input[type=file]").set_input_files(chosen)
        page.get_by_role("button", name="Count faces").click()
        page.wait_for_url("**/images/*")
        words = page.locator(".batch strong").all_inner_texts()
    assert words == ["5 faces found", "1 face found"]


@pytest.mark.e2e
def test_a_text_that_calls_itself_a_picture_is_refused_in_words(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open() as browser:
        page = browser.new_page()
        page.goto(f"{server.url}/upload")
        file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"not a photo" * 99}
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Count faces").click()
        page.wait_for_selector("[role=alert]")
        assert "not a JPEG or PNG" in page.locator("[role=alert]").inner_text()
        screenshot(page, "upload-refused")
