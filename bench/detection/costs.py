"""What a frame costs, by number of faces and by size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from bench.detection.clips import Clip, Frame
from bench.detection.measure import Live, ours, run_clip, stock
from bench.detection.stages import crowd
from streamapp.vision.engines import Engines

FACES = (0, 1, 2, 4, 8, 16)
SIZES = ((320, 240), (640, 480), (1280, 720))


@dataclass(frozen=True)
class Costs:
    """CPU ms a frame: mean and 95th percentile by engine and number of faces."""

    mean: dict[str, list[float]]
    p95: dict[str, list[float]]


def print_costs(engines: Engines, seconds: float) -> Costs:
    """Print both tables; the one by faces is returned. The first half second is left out."""
    mean: dict[str, list[float]] = {"cascade": [], "yunet": []}
    p95: dict[str, list[float]] = {"cascade": [], "yunet": []}
    print("\nCPU ms a frame, decoding included, by faces in 640x480 (mean / p95)")
    print(f"{'faces':>12}" + "".join(f"{name:>18}" for name in (*mean, "stock default")))
    for count in FACES:
        clip = crowd(count, seconds)
        cells = []
        for name in mean:
            costs = _costs(ours(engines, name), clip)
            mean[name].append(float(np.mean(costs)))
            p95[name].append(float(np.percentile(costs, 95)))
            cells.append(f"{mean[name][-1]:10.2f} /{p95[name][-1]:6.2f}")
        base = _costs(stock("frontalface_default"), Clip(clip.name, clip.frames[:12]))
        print(f"{count:>12}" + "".join(cells) + f"{np.mean(base):>18.1f}", flush=True)
    print("\nCPU ms a frame by frame size, two faces (mean)")
    print(f"{'size':>12}" + "".join(f"{name:>18}" for name in (*mean, "stock default")))
    for size in SIZES:
        clip = _resized(crowd(2, seconds), size)
        cells = [f"{np.mean(_costs(ours(engines, name), clip)):18.2f}" for name in mean]
        base = _costs(stock("frontalface_default"), Clip(clip.name, clip.frames[:12]))
        print(f"{f'{size[0]}x{size[1]}':>12}" + "".join(cells) + f"{np.mean(base):>18.1f}")
    return Costs(mean, p95)


def _costs(live: Live, clip: Clip) -> list[float]:
    return run_clip(live, clip).cpu[min(8, len(clip.frames) // 2) :]


def _resized(clip: Clip, size: tuple[int, int]) -> Clip:
    """The same pictures at another size; the truth is not needed for costs."""
    frames = []
    for frame in clip.frames:
        image = cv2.imdecode(np.frombuffer(frame.jpeg, np.uint8), cv2.IMREAD_COLOR)
        jpeg = cv2.imencode(".jpg", cv2.resize(image, size), [cv2.IMWRITE_JPEG_QUALITY, 80])[1]
        none = frame.demanded[:0]
        frames.append(Frame(jpeg.tobytes(), frame.time, frame.count, none, (), none))
    return Clip(clip.name, frames)
