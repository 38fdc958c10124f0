"""Pages that nobody wants to see fit on a phone, too, and can be used by everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bench.servers import Server
from tests.e2e.conftest import Browsers
from tests.e2e.test_photo_pages import look, with_axe

pytestmark = pytest.mark.e2e

TOKEN = "a" * 32


@pytest.mark.parametrize(
    ("path", "heading", "name"),
    [
        (f"/watch/{TOKEN}", "nothing here", "watch-unknown"),
        (f"/join/{TOKEN}", "used up", "join-used-up"),
        ("/images/nowhere", "nothing here", "not-found"),
        ("/offline", "offline", "offline"),
    ],
    ids=["an unknown watch link", "a used-up code", "no such photo", "offline"],
)
def test_a_dead_end_shows_the_way_on(
    browsers: Browsers, server: Server, path: str, heading: str, name: str
) -> None:
    with browsers.open() as browser:
        page = with_axe(browser.new_page())
        page.goto(server.url + path)
        expect(page.get_by_role("heading").first).to_contain_text(heading)
        look(page, name)
        expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()


def test_a_watch_page_that_lost_the_server_says_so(browsers: Browsers, server: Server) -> None:
    with browsers.open() as browser:
        context = browser.new_context()
        page = with_axe(context.new_page())
        page.goto(f"{server.url}/wall")
        expect(page.locator("html[data-state=live]")).to_be_attached()
        context.set_offline(True)
        page.evaluate("() => dispatchEvent(new Event('offline'))")
        expect(page.locator("html[data-state=offline]")).to_be_attached(timeout=60_000)
        look(page, "wall-offline")
