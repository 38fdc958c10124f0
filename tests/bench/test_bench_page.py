"""The bench of the live page: its verdict, and that it runs."""

from __future__ import annotations

import pytest

from bench import page
from bench.browser import chromium
from bench.report import blocks_of


def sample(at: float, heap: float = 5.0, fps: float = 60.0) -> page.Sample:
    return page.Sample(at, heap, 100.0, 500, 80, fps, 20.0, 15.0, 10.0)


def half_an_hour(**changes: list[float]) -> list[page.Sample]:
    times = [10.0 * i for i in range(1, 181)]
    columns = [dict(zip(changes, row, strict=True)) for row in zip(*changes.values(), strict=True)]
    return [sample(at, **fields) for at, fields in zip(times, columns or [{}] * 180, strict=True)]


@pytest.mark.parametrize(
    ("samples", "missed"),
    [
        pytest.param(half_an_hour(), [], id="steady"),
        pytest.param(
            half_an_hour(heap=[5 + i / 200 for i in range(180)]),
            ["growth of the heap, %"],
            id="a leak of half a megabyte in ten minutes",
        ),
        pytest.param(
            half_an_hour(heap=[3 + min(i, 12) / 6 for i in range(180)]),
            [],
            id="what grows in the first two minutes",
        ),
        pytest.param(
            half_an_hour(fps=[40.0] * 180), ["main thread, frames/s, median"], id="a jerky page"
        ),
    ],
)
def test_the_page_is_judged_by_what_comes_after_the_second_minute(
    samples: list[page.Sample], missed: list[str]
) -> None:
    checks = page.findings(samples).checks
    assert [check.wording for check in checks if not check.holds] == missed


def test_the_document_has_the_blocks_that_are_written() -> None:
    assert blocks_of(page.DOCUMENT) == ["machine", "page"]


@pytest.mark.e2e
@pytest.mark.skipif(chromium() is None, reason="Chromium is not installed")
def test_a_real_page_is_sampled() -> None:
    samples = page.watch(minutes=0.05, every=1.0)
    assert len(samples) >= 2
    last = samples[-1]
    assert 1 < last.heap_mb < last.renderer_mb
    assert last.nodes > 100
    assert last.listeners > 10
    assert last.fps > 5
    assert last.results_per_second > 1
    assert 0 < last.busy_percent < 150
    assert "growth" in str(page.findings(samples))
