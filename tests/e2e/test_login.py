"""The door, by browser: with and without JavaScript, and for a page that stands open."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.servers import free_port, product
from tests.e2e.conftest import Browsers, wait_for_state
from tests.e2e.test_photo_pages import look, with_axe

PASSWORD = "open sesame"
pytestmark = pytest.mark.e2e


def log_in(page: Page, password: str) -> None:
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state()  # by then the next page's scripts listen


def test_the_door_opens_without_javascript_and_shuts_again(browsers: Browsers) -> None:
    with product(env={"ACCESS_PASSWORD": PASSWORD}) as server, browsers.open() as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{server.url}/upload?a=1")
        log_in(page, "not this one")
        expect(page.get_by_role("alert")).to_contain_text("not the password")
        log_in(page, PASSWORD)
        assert page.url == f"{server.url}/upload?a=1"
        page.get_by_role("button", name="Log out").click()
        page.goto(f"{server.url}/images")
        expect(page.get_by_label("Password")).to_be_visible()


def test_the_door_fits_and_can_be_used_by_everybody(browsers: Browsers) -> None:
    with product(env={"ACCESS_PASSWORD": PASSWORD}) as server, browsers.open() as browser:
        page = with_axe(browser.new_page())
        page.goto(server.url)
        look(page, "door")
        expect(page.get_by_label("Password")).to_be_focused()


def test_an_open_live_page_is_led_to_the_door_when_the_password_changes(
    browsers: Browsers, tmp_path: Path
) -> None:
    port = free_port()
    with browsers.open() as browser:
        page = browser.new_page()
        with product(port=port, data_dir=tmp_path, env={"ACCESS_PASSWORD": PASSWORD}) as server:
            page.goto(server.url)
            log_in(page, PASSWORD)
            page.get_by_role("button", name="Start camera").click()
            wait_for_state(page, "live", timeout=60)
        with product(port=port, data_dir=tmp_path, env={"ACCESS_PASSWORD": "changed by now"}):
            expect(page.get_by_label("Password")).to_be_visible(timeout=30_000)
            log_in(page, "changed by now")
            expect(page.get_by_role("button", name="Start camera")).to_be_visible()
