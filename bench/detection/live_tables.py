"""The tables of the live engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from bench.detection.clips import Clip
from bench.detection.measure import Live, Score, ours, run_clip, stock
from streamapp.vision.engines import Engines

ENGINES = ("cascade", "yunet", "stock default", "stock alt2")
_HEAD = (
    f"{'engine':14}{'exact':>8}{'flips/frame':>13}{'recall':>8}{'precision':>11}{'ids lost':>10}"
    f"{'found after':>13}{'dropped after':>15}{'CPU ms':>9}{'p95':>7}{'x less':>8}"
)


def print_live(title: str, engines: Engines, clips: Iterable[Clip]) -> dict[str, dict[str, Score]]:
    """Run all clips through all engines; scores by clip and engine."""
    scores: dict[str, dict[str, Score]] = {}
    totals = {engine: Score() for engine in ENGINES}
    print(f"\n{title}")
    print(f"{'clip':28}" + "".join(f"{engine:>26}" for engine in ENGINES))
    print(f"{'':28}" + f"{'exact  CPU ms':>26}" * len(ENGINES))
    for clip in clips:
        scores[clip.name] = {}
        for engine in ENGINES:
            score = run_clip(_makers(engines)[engine](), clip)
            scores[clip.name][engine] = score
            totals[engine].add(score)
        cells = [
            f"{score.exact / score.frames:>17.1%} {np.mean(score.cpu):8.2f}"
            for score in scores[clip.name].values()
        ]
        print(f"{clip.name:28}" + "".join(cells), flush=True)
    print(_HEAD)
    reference = float(np.mean(totals["stock default"].cpu))
    for engine, total in totals.items():
        print(_row(engine, total, reference), flush=True)
    return scores


def _makers(engines: Engines) -> dict[str, Callable[[], Live]]:
    return {
        "cascade": lambda: ours(engines, "cascade"),
        "yunet": lambda: ours(engines, "yunet"),
        "stock default": lambda: stock("frontalface_default"),
        "stock alt2": lambda: stock("frontalface_alt2"),
    }


def _row(engine: str, score: Score, reference: float) -> str:
    ids = "-" if engine.startswith("stock") else str(score.identity_changes)
    mean = float(np.mean(score.cpu))
    return (
        f"{engine:14}{score.exact / score.frames:8.1%}{score.flips / score.frames:13.4f}"
        f"{score.recall:8.3f}{score.precision:11.3f}{ids:>10}"
        f"{_seconds(score.first):>13}{_seconds(score.dropped):>15}"
        f"{mean:9.2f}{np.percentile(score.cpu, 95):7.2f}{reference / mean:8.1f}"
    )


def _seconds(values: list[float]) -> str:
    return f"{np.mean(values):.2f} s" if values else "-"
