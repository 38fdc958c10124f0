"""The gallery in Chromium: from photos dragged in to photos deleted, and without JavaScript."""

from __future__ import annotations

import zipfile

import pytest
from playwright.sync_api import Page, expect

from bench.media import media
from bench.servers import Server, wait_until
from tests.e2e.conftest import ARTIFACTS, Browsers
from tests.e2e.test_photo_pages import count, drop, look, new_page

PHOTOS = ("multi_face.jpg", "single_face.jpg", "obama.jpg")


def names(page: Page) -> list[str]:
    """File names of the cards that are shown, in order."""
    return page.locator("#cards > li:visible .filename").all_inner_texts()


@pytest.mark.e2e
def test_three_photos_are_dragged_in_counted_kept_and_deleted(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open() as browser:
        page = new_page(browser)
        page.goto(f"{server.url}/images")
        expect(page.get_by_role("heading", name="No photos yet")).to_be_visible()
        look(page, "gallery-empty")
        page.goto(f"{server.url}/upload")
        page.evaluate(
            """() => { window.seen = new Set(); new MutationObserver(() => {
                for (const row of document.querySelectorAll(".upload-row"))
                    window.seen.add(row.dataset.state);
            }).observe(document.body, {subtree: true, attributes: true, childList: true}); }"""
        )
        drop(page, *PHOTOS)
        look(page, "upload-chosen")
        count(page)
        assert {"chosen", "sending", "counting", "done"} <= set(page.evaluate("() => [...seen]"))
        counts = page.locator(".upload-row .line").all_inner_texts()
        assert counts[:2] == ["5 faces found", "1 face found"]
        look(page, "upload-done")

        page.get_by_role("link", name="All your photos").click()
        assert sorted(names(page)) == sorted(PHOTOS)
        badges = page.locator("#cards .badge").all_inner_texts()
        assert sorted(badges) == sorted(counts)
        look(page, "gallery")

        page.get_by_role("button", name="Delete obama.jpg").press("Enter")
        expect(page.get_by_role("button", name="Undo")).to_be_focused()
        assert "obama.jpg" not in names(page)
        look(page, "gallery-undo")
        page.get_by_role("button", name="Undo").press("Enter")
        assert sorted(names(page)) == sorted(PHOTOS)
        focused = page.evaluate("() => document.activeElement.closest('li')?.innerText")
        assert "obama.jpg" in focused

        page.get_by_role("button", name="Delete single_face.jpg").click()
        left = sorted(set(PHOTOS) - {"single_face.jpg"})
        # Leaving sends what waits; its request and the next page's are on their way together.
        assert wait_until(lambda: bool(page.reload()) and sorted(names(page)) == left, 10)


@pytest.mark.e2e
def test_a_deletion_is_sent_when_nobody_takes_it_back(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = browser.new_page()
        page.clock.install()
        page.goto(f"{server.url}/upload")
        page.locator("#image").set_input_files(media("single_face.jpg"))
        count(page)
        page.goto(f"{server.url}/images")
        page.get_by_role("button", name="Delete single_face.jpg").click()
        with page.expect_response(lambda answer: answer.request.method == "DELETE") as answer:
            page.clock.fast_forward(6000)
        assert answer.value.status == 204
        expect(page.get_by_role("heading", name="No photos yet")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_be_focused()


@pytest.mark.e2e
def test_a_deletion_that_fails_brings_the_photo_back(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = browser.new_page()
        page.clock.install()
        page.goto(f"{server.url}/upload")
        page.locator("#image").set_input_files(media("single_face.jpg"))
        count(page)
        page.goto(f"{server.url}/images")
        page.route("**/api/v1/images/*", lambda route: route.abort())
        page.get_by_role("button", name="Delete single_face.jpg").click()
        page.clock.fast_forward(6000)
        expect(page.get_by_role("alert")).to_contain_text("could not be deleted")
        assert names(page) == ["single_face.jpg"]


@pytest.mark.e2e
def test_chosen_photos_come_as_one_archive(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = new_page(browser)
        page.goto(f"{server.url}/upload")
        drop(page, *PHOTOS)
        count(page)
        page.goto(f"{server.url}/images")
        page.get_by_role("checkbox", name="Choose single_face.jpg").check()
        look(page, "gallery-chosen")
        with page.expect_download() as download:
            page.get_by_role("link", name="Download ZIP").click()
        with zipfile.ZipFile(download.value.path()) as archive:
            inside = archive.namelist()
        assert any("single_face" in name for name in inside)
        assert not any("multi_face" in name for name in inside)
        for group, lines in (("Chosen photos", 2), ("All photos", 4)):
            with page.expect_download() as download:
                table = page.get_by_role("group", name=group)
                table.get_by_role("link", name="Counts as CSV").click()
            assert len(download.value.path().read_text().splitlines()) == lines


@pytest.mark.e2e
@pytest.mark.parametrize("width", [360, 390])
def test_the_longer_german_words_fit_a_phone(
    server: Server, browsers: Browsers, width: int
) -> None:
    with browsers.open() as browser:
        page = browser.new_page(locale="de-DE", viewport={"width": width, "height": 844})
        page.goto(f"{server.url}/upload")
        page.locator("#image").set_input_files(media("single_face.jpg"))
        page.get_by_role("button", name="Gesichter in 1 Foto zählen").click()
        page.get_by_role("link", name="Alle Ihre Fotos").click()
        page.get_by_role("checkbox", name="single_face.jpg auswählen").check()
        expect(page.get_by_role("group", name="Ausgewählte Fotos")).to_be_visible()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        badge, box = (
            page.locator(".badge").bounding_box(),
            page.locator(".pick input").bounding_box(),
        )
        assert badge
        assert box
        assert badge["x"] + badge["width"] <= box["x"]


@pytest.mark.e2e
def test_more_photos_than_one_page_are_loaded_on_demand(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = browser.new_page()
        page.goto(f"{server.url}/upload")
        photo = media("apple.jpg").read_bytes()
        files = [
            {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": photo}
            for number in range(26)
        ]
        page.locator("#image").set_input_files(files)
        count(page)
        page.goto(f"{server.url}/images")
        assert len(names(page)) == 24
        page.get_by_role("link", name="Show more").click()
        expect(page.locator("#cards > li")).to_have_count(26)
        assert len(set(names(page))) == 26
        expect(page.get_by_role("link", name="Show more")).to_have_count(0)


@pytest.mark.e2e
def test_all_of_it_works_without_javascript(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = browser.new_page(java_script_enabled=False)
        page.goto(f"{server.url}/upload")
        page.screenshot(path=ARTIFACTS / "upload-plain.png")
        page.locator("#image").set_input_files([media(name) for name in PHOTOS])
        page.get_by_role("button", name="Count faces").click()
        page.wait_for_url("**/images/*")
        assert page.get_by_role("heading", level=1).inner_text() == "5 faces found"
        words = page.locator(".batch strong").all_inner_texts()
        assert words[:2] == ["5 faces found", "1 face found"]
        assert page.locator(".pair img:visible").count() == 2
        page.screenshot(path=ARTIFACTS / "result-plain.png", full_page=True)
        page.get_by_text("Delete…").click()
        address = page.url.partition("?")[0]
        page.get_by_role("button", name="Delete for good").click()
        page.wait_for_url("**/images")
        assert sorted(names(page)) == ["obama.jpg", "single_face.jpg"]
        page.get_by_role("button", name="Delete obama.jpg").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Delete this photo?"
        page.screenshot(path=ARTIFACTS / "delete-plain.png")
        page.get_by_role("link", name="Keep it").click()
        assert "obama.jpg" in names(page)
        page.get_by_role("button", name="Delete obama.jpg").click()
        page.get_by_role("button", name="Delete for good").click()
        page.wait_for_url("**/images")
        assert names(page) == ["single_face.jpg"]
        page.screenshot(path=ARTIFACTS / "gallery-plain.png")
        gone = page.goto(address)
        assert gone
        assert gone.status == 404
