"""Detection measured: how often the count is right, and what a frame costs.

    python -m bench.detect            all tables (about a quarter of an hour)
    python -m bench.detect --quick    the same on short clips and few photos
    python -m bench.detect --only stills    one part of: live, costs, stills
    python -m bench.detect --docs     writes the plots to docs/images as well

Stock OpenCV cascades (scaleFactor 1.1, minNeighbors 5, full size) run beside the product on the
same frames. CPU is thread time, so that other processes do not count. Plots and an annotated
contact sheet go to artifacts/.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2

from bench.detection.clips import Clip, webcam_clips
from bench.detection.costs import print_costs
from bench.detection.live_tables import print_live
from bench.detection.measure import Score
from bench.detection.plots import contact_sheet, plot_costs, plot_counts
from bench.detection.stages import synthetic_clips
from bench.detection.still_table import print_stills
from bench.media import ROOT
from streamapp.vision.engines import Engines

PARTS = ("live", "costs", "stills")


def main() -> None:
    """Run everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="short clips, few photos")
    parser.add_argument("--docs", action="store_true", help="plots to docs/images too")
    parser.add_argument("--only", choices=PARTS, help="one part instead of all")
    options = parser.parse_args()
    parts = [options.only] if options.only else list(PARTS)
    cv2.setNumThreads(1)
    engines = Engines()
    artifacts = ROOT / "artifacts"
    folders: list[Path] = [artifacts] + ([ROOT / "docs" / "images"] if options.docs else [])
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    if "live" in parts:
        scores = _live(engines, options.quick)
        for folder in folders:
            plot_counts(scores, folder / "detection-counts.png")
    if "costs" in parts:
        costs = print_costs(engines, seconds=1.5 if options.quick else 4.0)
        for folder in folders:
            plot_costs(costs, folder / "detection-cost.png")
    if "stills" in parts:
        print_stills(engines, every=12 if options.quick else 1)
        contact_sheet(engines, artifacts / "detection-contact-sheet.png")


def _live(engines: Engines, quick: bool) -> dict[str, dict[str, Score]]:
    """Both tables; scores by clip and engine."""
    webcams = list(webcam_clips(engines, limit=40 if quick else 150))
    staged = [_short(clip) if quick else clip for clip in synthetic_clips()]
    scores = print_live("Webcam clips, 640x480, 15 frames/s", engines, webcams)
    return scores | print_live("Synthetic motion with exact truth", engines, staged)


def _short(clip: Clip) -> Clip:
    return Clip(clip.name, clip.frames[:40])


if __name__ == "__main__":
    main()
