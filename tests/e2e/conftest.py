"""A real Chromium, with a real clip as its camera, on a real server."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from bench.browser import chromium, open_browser
from bench.servers import ROOT, Server, product

ARTIFACTS = ROOT / "artifacts"


def _chromium() -> str:
    found = chromium()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and in CI nothing is skipped.")
        pytest.skip("Chromium is not installed; `make test` installs it or says how.")
    return found


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all end-to-end tests that leave it running."""
    with product() as running:
        yield running
    assert "Traceback" not in running.log(), running.log()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of the browsers."""
    ARTIFACTS.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        yield driver


class Browsers:
    """Starts Chromium as often as a test asks; each has its own camera."""

    def __init__(self, driver: Playwright) -> None:
        self._driver = driver

    @contextmanager
    def open(
        self, clip: str | Path | None = None, camera: bool = True, flags: Sequence[str] = ()
    ) -> Iterator[Browser]:
        """A browser whose camera plays ``clip`` in a loop (a test picture where None).

        As `bench.browser.open_browser`.
        """
        with open_browser(self._driver, _chromium(), clip, camera, flags) as browser:
            yield browser


@pytest.fixture(scope="session")
def browsers(playwright: Playwright) -> Browsers:
    """See Browsers."""
    return Browsers(playwright)


def screenshot(page: Page, name: str) -> Path:
    """A picture of the page in ``artifacts/``, for people to look at."""
    path = ARTIFACTS / f"{name}.png"
    page.screenshot(path=path)
    return path


def stats(page: Page) -> dict[str, Any]:
    """What the live page measured so far; docs/frontend.md lists it."""
    measured: dict[str, Any] = page.evaluate("() => window.streamapp.stats()")
    return measured


def wait_for_state(page: Page, state: str, timeout: float = 30) -> None:
    """Wait until the page says that it is in ``state``."""
    page.wait_for_function(
        "state => document.documentElement.dataset.state === state",
        arg=state,
        timeout=timeout * 1000,
    )


def wait_for_stats(page: Page, condition: str, timeout: float = 30) -> dict[str, Any]:
    """Wait until the JavaScript ``condition`` over ``s`` (the stats) holds."""
    page.wait_for_function(
        f"() => {{ const s = window.streamapp.stats(); return {condition}; }}",
        timeout=timeout * 1000,
    )
    return stats(page)


def go_live(page: Page, url: str, condition: str = "true") -> dict[str, Any]:
    """Open the live page and start the camera; its stats once it counts and ``condition`` holds."""
    page.goto(url)
    page.locator("#toggle").click()
    return wait_for_stats(page, f"s.state === 'live' && s.results > 5 && ({condition})")


def record(page: Page) -> None:
    """Have a live page record its counts; the server has begun when this returns."""
    page.locator("#open-recording").click()
    page.locator("#record").click()
    expect(page.locator("#recording-said")).to_contain_text("since")
    page.keyboard.press("Escape")
