"""Photos uploaded to a real server, and counted by the command line.

    python -m bench.uploads                 both engines, 1 and 12 megapixels, 1 and 8 at once
    python -m bench.uploads --quick         seconds only: that it works
    python -m bench.uploads --write-docs    put the figures into docs/api.md

Every row has a server of its own. Latency is from sending the request to the whole answer.
"""

from __future__ import annotations

import argparse
import functools
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import requests

from bench import accounting, load
from bench.cases.common import QUICK, Case, Check, Effort, Findings
from bench.client import Plan
from bench.media import media
from bench.report import machine, markdown_table, number, replace_block
from bench.results import Load
from bench.servers import ROOT, Server, product
from bench.statistics import percentile

DOCUMENT = ROOT / "docs" / "api.md"
ENGINES = ("cascade", "yunet")
_MEGABYTE = 1024 * 1024
_FPS = 15.0


@dataclass(frozen=True)
class Uploads:
    """What came of uploading one photo over and over."""

    seconds: tuple[float, ...]
    elapsed: float
    cpu_seconds: float
    idle_mb: float
    peak_mb: float

    @property
    def rate(self) -> float:
        """Uploads a second, all clients together."""
        return len(self.seconds) / self.elapsed


@functools.cache
def photo(megapixels: float) -> bytes:
    """A real photo of five faces, scaled to that size, as a JPEG of quality 90."""
    image = cv2.imread(str(media("multi_face.jpg")))
    assert image is not None
    factor = (megapixels * 1e6 / (image.shape[0] * image.shape[1])) ** 0.5
    scaled = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return bytes(cv2.imencode(".jpg", scaled, [cv2.IMWRITE_JPEG_QUALITY, 90])[1])


def send(server: Server, jpeg: bytes, engine: str, at_once: int, seconds: float) -> Uploads:
    """Upload from ``at_once`` clients, each its next as soon as it has an answer."""
    pids, worker = server.pids(), server.worker()
    idle = memory_mb(worker, "VmRSS")
    before, began = accounting.usage(pids).cpu_seconds, time.perf_counter()
    deadline = began + seconds

    def client(_number: int) -> list[float]:
        times = []
        with requests.Session() as session:
            while not times or time.perf_counter() < deadline:
                started = time.perf_counter()
                answer = session.post(
                    f"{server.url}/api/v1/images",
                    files={"image": ("photo.jpg", jpeg)},
                    data={"detector": engine},
                    timeout=120,
                )
                answer.raise_for_status()
                times.append(time.perf_counter() - started)
        return times

    with ThreadPoolExecutor(at_once) as threads:
        times = [time for list_ in threads.map(client, range(at_once)) for time in list_]
    elapsed = time.perf_counter() - began
    cpu = accounting.usage(pids).cpu_seconds - before
    return Uploads(tuple(times), elapsed, cpu, idle, memory_mb(worker, "VmHWM"))


@functools.cache
def largest() -> dict[str, bytes]:
    """Files at the pixel limit, of the kinds that cost a decoder most; none over the byte limit."""
    baseline = cv2.imdecode(np.frombuffer(photo(49.9), np.uint8), cv2.IMREAD_COLOR)
    assert baseline is not None
    smooth = (baseline & 0xF0).astype(np.uint8)
    deep = np.dstack([smooth, np.full(smooth.shape[:2], 255, np.uint8)]).astype(np.uint16) * 256
    progressive = cv2.imdecode(np.frombuffer(photo(33), np.uint8), cv2.IMREAD_COLOR)
    assert progressive is not None
    options = [cv2.IMWRITE_JPEG_PROGRESSIVE, 1]
    return {
        "JPEG, 50 MP": photo(49.9),
        "PNG, 50 MP": bytes(cv2.imencode(".png", smooth)[1]),
        "PNG, 16 bits, alpha, 50 MP": bytes(cv2.imencode(".png", deep)[1]),
        "JPEG, progressive, 33 MP": bytes(cv2.imencode(".jpg", progressive, options)[1]),
    }


def growth_mb(image: bytes, engine: str) -> float:
    """What the first upload takes at its peak above an idle server, MB; resident, VmHWM."""
    with product() as server:
        found = send(server, image, engine, 1, 0)
    return found.peak_mb - found.idle_mb


@functools.cache
def heaviest() -> bytes:
    """A JPEG of 12 megapixels of noise, 19 MB: nothing takes an upload's parser longer."""
    noise = np.random.default_rng(0).integers(0, 255, (3000, 4000, 3), np.uint8)
    return bytes(cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 98])[1])


def hub_lags(server: Server) -> dict[float, float]:
    """How many beats of the hub were at most so many seconds late, so far (`/metrics`)."""
    text = requests.get(f"{server.url}/metrics", timeout=30).text
    buckets = re.findall(r'streamapp_hub_lag_seconds_bucket\{le="([^"]+)"\} (\S+)', text)
    return {float(bound): float(count) for bound, count in buckets}


def punctual_share(seconds: float, late: float = 0.005) -> float:
    """The share of the hub's beats at most ``late`` seconds late, beside 8 uploads of 19 MB."""
    with product() as server:
        send(server, heaviest(), "yunet", 1, 0)  # the first one loads the network
        before = hub_lags(server)
        send(server, heaviest(), "yunet", 8, seconds)
        after = hub_lags(server)
    beats = {bound: after[bound] - before[bound] for bound in after}
    return beats[late] / beats[float("inf")]


def memory_mb(pid: int, field: str) -> float:
    """``VmRSS`` (now) or ``VmHWM`` (the most so far) of a process, in MB; proc(5)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / _MEGABYTE
    raise ValueError(f"/proc/{pid}/status has no {field}")


def live_rates(seconds: float, at_once: int = 8) -> tuple[float, float]:
    """Results a second of one webcam at 15 frames a second: alone, and beside uploads."""
    camera = Load((Plan(_FPS),), seconds, warm_up=1.0, probing=0)
    frames = load.webcam_frames()
    with product() as server:
        alone = load.run(server, camera, frames)
        uploading = threading.Thread(
            target=send, args=(server, photo(12), "cascade", at_once, seconds + 1.5)
        )
        uploading.start()
        beside = load.run(server, camera, frames)
        uploading.join()
    return alone.results_per_second, beside.results_per_second


def command_line_rate(jobs: int, pictures: int) -> float:
    """Photos of a megapixel a second by ``detect --jobs``, its start included."""
    with tempfile.TemporaryDirectory(prefix="photos-") as folder:
        for number_ in range(pictures):
            (Path(folder) / f"{number_}.jpg").write_bytes(photo(1))
        command = [sys.executable, "-m", "flask", "--app", "streamapp", "detect", folder]
        began = time.perf_counter()
        subprocess.run(
            [*command, "--jobs", str(jobs)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        return pictures / (time.perf_counter() - began)


def run(effort: Effort) -> Findings:
    """Every figure of this page."""
    rows, checks = [], []
    for engine in ENGINES:
        for megapixels in (1, 12):
            for at_once in (1, 8):
                with product() as server:
                    found = send(server, photo(megapixels), engine, at_once, effort.seconds)
                rows.append(_row(engine, megapixels, at_once, found))
                if (megapixels, at_once) == (12, 1):
                    limit = 1.5 if engine == "cascade" else 0.6
                    p95 = percentile(found.seconds, 0.95)
                    checks.append(Check(f"12 megapixels by {engine}, p95, s", p95, at_most=limit))
    grown = {
        name: [growth_mb(image, engine) for engine in ENGINES] for name, image in largest().items()
    }
    most = max(max(each) for each in grown.values())
    checks.append(Check("memory above idle at the pixel limit, MB", most, at_most=150))
    punctual = punctual_share(effort.seconds)
    checks.append(Check("hub's beats within 5 ms beside uploads", punctual, at_least=0.95))
    alone, beside = live_rates(effort.seconds)
    checks.append(Check("a webcam's rate beside 8 uploads", beside / alone, at_least=0.9))
    pictures = 24 if effort is not QUICK else 2
    rates = [command_line_rate(jobs, pictures) for jobs in (1, 2)]
    text = "\n\n".join(
        [
            markdown_table(_HEADER, rows),
            "What one upload takes at its peak above the idle server:",
            markdown_table(
                ("image", *ENGINES),
                [[name, *(number(mb, 0, " MB") for mb in each)] for name, each in grown.items()],
            ),
            f"While 8 clients upload 19 MB each over and over, {number(100 * punctual)} % of the "
            "hub's beats come within 5 ms of their time.",
            f"A webcam at {_FPS:g} frames a second gets {number(alone)} results a second alone and "
            f"{number(beside)} while 8 clients upload 12 megapixels each.",
            f"The command line counts {number(rates[0])} photos of 1 megapixel a second with one "
            f"job and {number(rates[1])} with two.",
        ]
    )
    return Findings(text, checks)


_HEADER = (
    "engine, size, at once",
    "uploads/s",
    "p50",
    "p95",
    "CPU an upload",
    "RSS idle",
    "RSS peak",
)


def _row(engine: str, megapixels: int, at_once: int, found: Uploads) -> list[str]:
    return [
        f"{engine}, {megapixels} MP, {at_once}",
        number(found.rate, 2),
        number(percentile(found.seconds, 0.5), 2, " s"),
        number(percentile(found.seconds, 0.95), 2, " s"),
        number(found.cpu_seconds / len(found.seconds), 2, " s"),
        number(found.idle_mb, 0, " MB"),
        number(found.peak_mb, 0, " MB"),
    ]


CASE = Case("uploads", "How fast are photos counted, and what do they cost the others?", run)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.uploads",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="a second or so for each figure")
    parser.add_argument("--write-docs", action="store_true", help="fill docs/api.md")
    options = parser.parse_args(arguments)
    print(machine(), flush=True)
    text = str(run(QUICK if options.quick else Effort()))
    print(text)
    if options.write_docs:
        replace_block(DOCUMENT, "machine", machine())
        replace_block(DOCUMENT, "uploads", text)


if __name__ == "__main__":
    main()
