"""A count that others watch, in browsers of their own."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from bench.servers import Server
from tests.e2e.conftest import Browsers
from tests.e2e.streamer import streamer
from tests.e2e.test_photo_pages import look, new_page, with_axe

_SECONDS_TO_FOLLOW = 1.0


def messages(page: Page) -> list[str | bytes]:
    """A list that grows with everything the page's websockets receive."""
    received: list[str | bytes] = []
    page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame))
    )
    return received


def note_counts(page: Page) -> None:
    """Have the page write down when it showed which number."""
    page.evaluate(
        """() => {
            window.shownAt = {};
            const element = document.getElementById("count");
            new MutationObserver(() => {
                window.shownAt[element.textContent] ??= Date.now() / 1000;
            }).observe(element, {childList: true, characterData: true, subtree: true});
        }"""
    )


def assert_only_numbers(messages: list[str | bytes]) -> None:
    """No message holds a picture, or anything that could hide one."""
    received = [message for message in messages if isinstance(message, str)]
    assert len(received) == len(messages), "binary data came"
    assert not [text for text in received if re.search(r"[A-Za-z0-9+/]{120}", text)]
    contents = [json.loads(text.partition(",")[2]) for text in received if "[" in text[:12]]
    counts = [content for event, content in contents if event == "count"]
    wanted = {"stream", "name", "at", "count", "peak", "tracks_seen", "width", "height", "faces"}
    assert counts
    assert all(set(content) == wanted for content in counts)


@pytest.mark.e2e
def test_a_viewer_follows_within_a_second_gets_no_picture_and_is_let_go_with_the_link(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open() as browser:
        owner = browser.new_context()
        with streamer(server, owner, faces=0, name="Entrance hall") as camera:
            link = camera.call("share", {"on": True})
            page = new_page(browser)
            received = messages(page)
            page.goto(f"{server.url}{link['url']}")
            expect(page.locator("#count")).to_have_text("0")
            expect(page.get_by_role("heading", level=1)).to_have_text("Entrance hall")
            note_counts(page)
            camera.show(1)
            expect(page.locator("#count")).to_have_text("1", timeout=15_000)
            expect(page.locator(".outline")).to_have_count(1)
            shown_at: dict[str, float] = page.evaluate("() => window.shownAt")
            assert shown_at["1"] - camera.counted_at[1] < _SECONDS_TO_FOLLOW
            look(page, "watch")
            assert_only_numbers(received)
            camera.call("share", {"on": False})
            expect(page.get_by_role("heading", name="This link was withdrawn")).to_be_visible()
            look(page, "watch-revoked")
            answer = page.goto(f"{server.url}{link['url']}")
            assert answer is not None
            assert answer.status == 404


@pytest.mark.e2e
def test_a_camera_that_goes_away_is_said_plainly(server: Server, browsers: Browsers) -> None:
    with browsers.open() as browser:
        page = new_page(browser)
        with streamer(server, browser.new_context(), name="Till") as camera:
            link = camera.call("share", {"on": True})
            page.goto(f"{server.url}{link['url']}")
            expect(page.locator("#count")).to_have_text("1", timeout=15_000)
        expect(page.get_by_role("heading", name="Nobody is counting right now")).to_be_visible(
            timeout=15_000
        )
        look(page, "watch-away")


@pytest.mark.e2e
def test_the_wall_shows_all_cameras_of_one_owner_and_their_sum(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open() as browser:
        context = browser.new_context()
        page = with_axe(context.new_page())
        page.goto(f"{server.url}/wall")
        expect(page.get_by_role("heading", name="Nothing is counting yet")).to_be_visible()
        with streamer(server, context, name="Hall"):
            expect(page.locator("#sum")).to_have_text("1", timeout=15_000)
            with (
                streamer(server, context, name="Till"),
                streamer(server, browser.new_context(), name="Somebody else's"),
            ):
                expect(page.locator("#sum")).to_have_text("2", timeout=15_000)
                names = page.locator(".wall-card h2").all_inner_texts()
                assert sorted(names) == ["Hall", "Till"]
                expect(page.locator("#sum-label")).to_have_text("faces in 2 streams")
                look(page, "wall")
            expect(page.locator("#sum")).to_have_text("1", timeout=15_000)
        expect(page.get_by_role("heading", name="Nothing is counting yet")).to_be_visible(
            timeout=20_000
        )
        look(page, "wall-empty")


@pytest.mark.e2e
def test_a_second_device_joins_by_a_code_and_counts_on_the_same_wall(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open() as browser:
        page = new_page(browser)
        page.goto(f"{server.url}/wall")
        page.get_by_role("button", name="Add a phone").click()
        expect(page.get_by_role("img", name="Code to scan")).to_be_visible()
        look(page, "wall-invite")
        address: str = page.get_by_role("textbox", name="Address").input_value()
        other = browser.new_context()
        phone = with_axe(other.new_page())
        phone.goto(address)
        look(phone, "join")
        phone.get_by_role("button", name="Use this device as a camera").click()
        phone.wait_for_url(f"{server.url}/")
        page.get_by_role("button", name="Close").click()
        with streamer(server, other, name="Phone"):
            expect(page.locator(".wall-card h2")).to_have_text(["Phone"], timeout=15_000)
        phone.goto(address)
        expect(phone.get_by_role("heading", name="This link is used up")).to_be_visible()
