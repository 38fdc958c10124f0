"""Figures as markdown, and the generated blocks of the documentation."""

from __future__ import annotations

import math
import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.results import LoadResult

_BLOCK = re.compile(r"<!-- bench:(\w+) -->")


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the first column to the left, the others (figures) to the right."""
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, rule, *rows))


def number(value: float, digits: int = 1, unit: str = "") -> str:
    """A figure to read; an em dash where there is none."""
    return "—" if math.isnan(value) else f"{value:,.{digits}f}{unit}"


def describe(result: LoadResult) -> str:
    """Everything that one load measured."""
    errors = ", ".join(f"{count} {code}" for code, count in sorted(result.errors.items()))
    lost = "; ".join(f"{count}: {reason}" for reason, count in sorted(result.lost.items()))
    busy = result.generator_cpu_s / result.seconds * 100
    rows = [
        ("results a second", number(result.results_per_second)),
        ("latency p50 / p95 / p99", " / ".join(_latencies(result))),
        ("latency slope", number(result.slope_ms_per_s, 2, " ms/s")),
        ("p95, last third over first third", number(result.growth, 2)),
        ("frames sent", number(result.sent, 0)),
        ("answered with an error", errors or "0"),
        ("unanswered", number(result.unanswered, 0)),
        ("not sent, credit used up", number(result.thrown_away, 0)),
        ("connections lost", lost or "0"),
        ("clients turned away", number(len(result.clients) - len(result.let_in), 0)),
        ("worst / best client", number(result.fairness, 2)),
        ("worst client", number(result.slowest_client, 1, " results/s")),
        ("faces a result", number(result.mean_count, 2)),
        ("server CPU a frame", number(result.cpu_ms_per_frame, 2, " ms")),
        ("server RSS, most", number(max(result.rss_mb, default=math.nan), 0, " MB")),
        ("/healthz p95", number(result.health_p95_ms, 1, " ms")),
        ("/healthz failed", number(result.health_failures, 0)),
        ("load generator: CPU", number(busy, 0, " % of a core")),
        ("load generator: frames late, p95", number(result.generator_late_p95_ms, 1, " ms")),
    ]
    return markdown_table((f"{len(result.clients)} clients against the {result.server}", ""), rows)


def _latencies(result: LoadResult) -> list[str]:
    return [number(ms, 1, " ms") for ms in (result.p50_ms, result.p95_ms, result.p99_ms)]


def blocks_of(path: Path) -> list[str]:
    """Names of the generated blocks, ``<!-- bench:name -->`` to ``<!-- end -->``, in a file."""
    return _BLOCK.findall(path.read_text())


def replace_block(path: Path, name: str, text: str) -> None:
    """Put ``text`` into the block ``name``. Raises ValueError when the file has no such block."""
    start, end = f"<!-- bench:{name} -->", "<!-- end -->"
    before, found, rest = path.read_text().partition(start)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{path.name} has no block {start} … {end}")
    path.write_text(f"{before}{start}\n{text.strip()}\n{end}{after}")


def machine() -> str:
    """One line about where the figures come from."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    cores = len(os.sched_getaffinity(0))
    return (
        f"Measured on {cores} cores ({model}), Python {platform.python_version()}, the load "
        f"generator on the same machine, {datetime.now(UTC):%d %B %Y}."
    )
