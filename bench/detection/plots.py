"""The pictures: counts over time, cost against faces, and what was found on photos."""

from __future__ import annotations

from pathlib import Path

import cv2
import matplotlib
import numpy as np

from bench.detection.costs import FACES as FACE_COUNTS
from bench.detection.costs import Costs
from bench.detection.measure import Score
from bench.detection.photos import FACES, SCENES
from bench.media import letterbox, media
from streamapp.vision.annotate import annotate
from streamapp.vision.engines import DETECTORS, Engines
from streamapp.vision.stills import detect_still

matplotlib.use("Agg")
from matplotlib import pyplot as plt

_SHOWN = ("WolfgangLanger_Pexels.mp4", "entering", "cuts")
_COLORS = {
    "cascade": "tab:blue",
    "yunet": "tab:green",
    "stock default": "tab:red",
    "stock alt2": "tab:orange",
}


def plot_counts(scores: dict[str, dict[str, Score]], path: Path) -> None:
    """Count over time against the truth: a row a clip, a column an engine."""
    figure, grid = plt.subplots(
        len(_SHOWN), len(_COLORS), figsize=(12, 6), sharey="row", sharex="row", squeeze=False
    )
    for row, clip in zip(grid, _SHOWN, strict=True):
        for axis, (engine, color) in zip(row, _COLORS.items(), strict=True):
            score = scores[clip][engine]
            axis.fill_between(
                range(score.frames), score.truth, step="post", color="0.85", label="truth"
            )
            axis.step(range(score.frames), score.counts, where="post", color=color, linewidth=1)
            axis.set_title(f"{engine}: {score.exact / score.frames:.0%} exact", fontsize=9)
            axis.set_ylim(bottom=0)
        row[0].set_ylabel(f"{clip}\nfaces", fontsize=8)
    for axis in grid[-1]:
        axis.set_xlabel("frame", fontsize=8)
    _save(figure, path)


def plot_costs(costs: Costs, path: Path) -> None:
    """CPU a frame against the number of faces."""
    figure, axis = plt.subplots(figsize=(6, 3.5))
    for engine in costs.mean:
        axis.plot(FACE_COUNTS, costs.mean[engine], "o-", color=_COLORS[engine], label=engine)
        axis.plot(FACE_COUNTS, costs.p95[engine], ":", color=_COLORS[engine], label="its p95")
    axis.set_xlabel("faces in 640x480")
    axis.set_ylabel("CPU ms a frame")
    axis.set_ylim(bottom=0)
    axis.legend(fontsize=8)
    _save(figure, path)


def contact_sheet(engines: Engines, path: Path) -> None:
    """Photos and scenes with what each engine found, side by side. Not for the repository."""
    rows = []
    for name in (*FACES, *SCENES):
        image = cv2.imread(str(media(name)))
        found = [annotate(image, detect_still(engines, image, each)) for each in DETECTORS]
        rows.append(np.hstack([letterbox(picture, (320, 240)) for picture in found]))
    rows += [np.zeros_like(rows[0])] * (-len(rows) % 3)
    columns = [np.vstack(rows[start::3]) for start in range(3)]
    cv2.imwrite(str(path), np.hstack(columns))


def _save(figure: plt.Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)
