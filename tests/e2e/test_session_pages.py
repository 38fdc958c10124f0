"""Recorded sessions: listed, drawn, saved, renamed, deleted, with and without JavaScript."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bench.servers import Server, wait_until
from tests.e2e.conftest import Browsers
from tests.e2e.streamer import streamer
from tests.e2e.test_photo_pages import look, with_axe


def record(server: Server, context: BrowserContext, name: str) -> None:
    """A session in which nobody was there, then one person."""
    with streamer(server, context, faces=0, name=name, recording=True) as camera:
        assert wait_until(lambda: 0 in camera.counted_at, 20)
        camera.show(1)
        assert wait_until(lambda: 1 in camera.counted_at, 20)
        camera.call("configure", {"recording": False})


def names(page: Page) -> list[str]:
    """Of the sessions that are listed."""
    return page.locator("#sessions > li:visible h2").all_inner_texts()


@pytest.mark.e2e
def test_a_session_is_listed_renamed_drawn_saved_and_deleted(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open() as browser:
        context = browser.new_context()
        page = with_axe(context.new_page())
        page.goto(f"{server.url}/sessions")
        expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
        look(page, "sessions-empty")
        for name in ("Hall", "Till"):
            record(server, context, name)
        page.reload()
        assert names(page) == ["Till", "Hall"]
        look(page, "sessions")
        _rename(page)
        _delete_and_undo(page)
        _chart_and_files(page)


def _rename(page: Page) -> None:
    card = page.locator("#sessions > li").first
    card.get_by_text("Rename").click()
    card.get_by_role("textbox", name="Name").fill("Till, noon")
    card.get_by_role("textbox", name="Name").press("Enter")
    expect(card.get_by_role("heading")).to_have_text("Till, noon")
    page.reload()
    assert names(page) == ["Till, noon", "Hall"]


def _delete_and_undo(page: Page) -> None:
    page.get_by_role("button", name="Delete Till, noon").click()
    assert names(page) == ["Hall"]
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    look(page, "sessions-undo")
    page.get_by_role("button", name="Undo").press("Enter")
    assert names(page) == ["Till, noon", "Hall"]
    page.get_by_role("button", name="Delete Hall").click()
    # Leaving sends what waits; its request and the next page's are on their way together.
    assert wait_until(lambda: bool(page.reload()) and names(page) == ["Till, noon"], 10)


def _chart_and_files(page: Page) -> None:
    page.get_by_role("link", name="Till, noon").click()
    page.wait_for_function("() => window.streamapp?.chart().view.rows.length > 1")
    expect(page.locator(".chart canvas")).to_be_visible()
    look(page, "session")
    drawn = page.evaluate(
        "() => window.streamapp.chart().view.rows"
        ".map(row => [new Date(row.at).toISOString(), String(row.count)])"
    )
    assert {count for _, count in drawn} == {"0", "1"}
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    table = list(csv.reader(Path(download.value.path()).read_text().splitlines()))
    assert table == [["time", "count"], *drawn]
    page.get_by_role("button", name="Delete Till, noon").click()
    page.get_by_role("button", name="Delete for good?").click()
    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()


@pytest.mark.e2e
def test_sessions_are_read_renamed_and_deleted_without_javascript(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open() as browser:
        context = browser.new_context(java_script_enabled=False)
        record(server, context, "Hall")
        page = context.new_page()
        page.goto(f"{server.url}/sessions")
        page.get_by_role("link", name="Hall").click()
        expect(page.get_by_text("Peak")).to_be_visible()
        page.get_by_text("Rename").click()
        page.get_by_role("textbox", name="Name").fill("Lobby")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Lobby")
        page.get_by_role("button", name="Delete Lobby").click()
        expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
