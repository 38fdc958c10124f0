"""How many dynos for how many cameras, what they cost, and what breaks first.

    python -m bench.capacity                 # prints the tables of docs/scaling.md
    python -m bench.capacity --write-docs    # and puts them there

Arithmetic on measured figures (`Measured`) and stated assumptions about the platform, and one
small simulation: a router deals cameras out at random, so the fullest dyno has more than its share.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.report import markdown_table, number, replace_block
from bench.servers import ROOT

DOCUMENT = ROOT / "docs" / "scaling.md"
SIZES = (100, 10_000, 1_000_000)
_MONTH_SECONDS = 30 * 24 * 3600
_USABLE = 0.7  # of a core: beyond it latency grows faster than throughput
_TURNED_AWAY = 0.01  # cameras that may meet a full dyno at their first try
_SEED = 7


@dataclass(frozen=True)
class Measured:
    """What one camera and one process cost, from docs/performance.md and the bench case `fleet`."""

    cpu_ms: float = 2.6  # a frame, all told
    hub_ms: float = 1.2  # of it on the one thread that serves everybody
    frame_kb: float = 36.0
    process_mb: float = 150.0
    client_mb: float = 0.3
    redis_bytes: float = 2000.0  # a second for a camera that is watched on another process
    redis_commands: float = 7.0  # the same: the board once a second, two counts
    roll_call: float = 6.0  # commands a second of each process, and one for each other process
    rows: float = 0.1  # a second for a camera that is recorded: a batch every ten
    connections: int = 9  # of a process: to Redis
    database_connections: int = 5


@dataclass(frozen=True)
class Use:
    """What the cameras do."""

    fps: float = 15.0
    hours_a_day: float = 8.0
    recorded: float = 1.0
    watched: float = 0.1


@dataclass(frozen=True)
class Dyno:
    """A kind of dyno; ``cores`` is what it has all day, not what it may borrow."""

    name: str
    dollars: float  # a month
    memory_mb: float
    cores: float


@dataclass(frozen=True)
class Limit:
    """Something there is only so much of, and what to do when it is used up."""

    name: str
    available: float
    needed: float
    then: str

    @property
    def load(self) -> float:
        """Needed over available: above 1 it breaks."""
        return self.needed / self.available


# Heroku's list prices and memory; cores are our assumption. docs/scaling.md has the sources of
# these and of the limits below, and says which are assumptions.
DYNOS = (
    Dyno("Basic", 7, 512, 0.25),
    Dyno("Standard-1X", 25, 512, 0.25),
    Dyno("Standard-2X", 50, 1024, 0.5),
    Dyno("Performance-M", 250, 2560, 2),
    Dyno("Performance-L", 500, 14_336, 8),
)


def cameras_of(dyno: Dyno, measured: Measured, use: Use) -> int:
    """Cameras that one process on this dyno counts at full rate: by CPU, by its hub, by memory."""
    by_cpu = dyno.cores * _USABLE * 1000 / measured.cpu_ms / use.fps
    by_hub = min(1.0, dyno.cores) * _USABLE * 1000 / measured.hub_ms / use.fps
    by_memory = (0.8 * dyno.memory_mb - measured.process_mb) / measured.client_mb
    return max(0, math.floor(min(by_cpu, by_hub, by_memory)))


def turned_away(cameras: int, dynos: int, places: int, rng: np.random.Generator) -> float:
    """The share of cameras that meet a full dyno when each is dealt out at random."""
    loads = rng.multinomial(cameras, [1 / dynos] * dynos)
    return float(np.maximum(loads - places, 0).sum()) / cameras


def dynos_for(cameras: int, places: int, rng: np.random.Generator) -> int:
    """The fewest dynos that turn away at most 1 %, to within 1 %. Raises ValueError for no places.

    A camera that is turned away tries again ten seconds later, and meets another dyno most likely.
    """
    if places < 1:
        raise ValueError(
            "A dyno without a place for one camera serves none, however many there are."
        )
    dynos = math.ceil(cameras / places)
    while turned_away(cameras, dynos, places, rng) > _TURNED_AWAY:
        dynos += max(1, dynos // 100)
    return dynos


def gigabits(cameras: int, measured: Measured, use: Use) -> float:
    """Gigabits a second from the cameras to the dynos while all of them stream."""
    return cameras * use.fps * measured.frame_kb * 8e3 / 1e9


def limits(cameras: int, dynos: int, measured: Measured, use: Use) -> list[Limit]:
    """What is needed of everything there is only so much of, the scarcest first."""
    month = cameras * use.fps * measured.frame_kb * 1e3 * _MONTH_SECONDS * use.hours_a_day / 24
    watched = cameras * use.watched
    commands = (
        watched * measured.redis_commands
        + (cameras - watched) * (measured.redis_commands - 2)
        + dynos * (measured.roll_call + dynos - 1)
    )
    found = [
        Limit(
            "traffic, TB a month (Heroku's soft limit)",
            2,
            month / 1e12,
            "fewer or smaller frames; ask Heroku; then machines with their own line",
        ),
        Limit("dynos of one app", 100, dynos, "larger dynos, then several apps, each a region's"),
        Limit(
            "PostgreSQL connections (Standard-0: 120)",
            120,
            dynos * measured.database_connections,
            "PgBouncer, which Heroku offers beside the database",
        ),
        Limit(
            "PostgreSQL rows a second",
            5_000,
            cameras * use.recorded * measured.rows,
            "batches a minute long, a partition a day, then a database for each group of owners",
        ),
        Limit(
            "Redis connections (Premium-0: 40, Premium-7: 1,000)",
            1_000,
            dynos * measured.connections,
            "a Redis for each group of owners",
        ),
        Limit(
            "Redis commands a second",
            100_000,
            commands,
            "a roll call among fewer processes: owners dealt to groups of dynos, a Redis each",
        ),
        Limit(
            "Redis, MB a second",
            100,
            watched * measured.redis_bytes / 1e6,
            "a Redis for each group of owners",
        ),
    ]
    return sorted(found, key=lambda limit: -limit.load)


def dyno_table(measured: Measured, use: Use) -> str:
    """Cameras of one dyno of each kind, and what one then costs."""
    rows = []
    for dyno in DYNOS:
        cameras = cameras_of(dyno, measured, use)
        cost = dyno.dollars / cameras if cameras else math.nan
        rows.append(
            (
                dyno.name,
                number(dyno.dollars, 0),
                number(dyno.cores, 2),
                str(cameras),
                number(cost, 2),
            )
        )
    header = ("dyno", "$ a month", "cores", f"cameras at {use.fps:g} frames/s", "$ a camera")
    return markdown_table(header, rows)


def size_table(dyno: Dyno, measured: Measured, use: Use, sizes: Sequence[int] = SIZES) -> str:
    """Dynos, cost and traffic for each number of cameras, and the limits that break, in order."""
    rng = np.random.default_rng(_SEED)
    places = cameras_of(dyno, measured, use)
    rows = []
    for cameras in sizes:
        dynos = dynos_for(cameras, places, rng)
        found = limits(cameras, dynos, measured, use)
        broken = [f"{each.name} x{number(each.load)}" for each in found if each.load > 1]
        rows.append(
            (
                f"{cameras:,}",
                f"{dynos:,}",
                number(dynos * dyno.dollars / cameras, 2),
                number(gigabits(cameras, measured, use), 1),
                "; ".join(broken) or "nothing",
            )
        )
    header = ("cameras", f"{dyno.name} dynos", "$ a camera", "Gbit/s", "what breaks, first to last")
    return markdown_table(header, rows)


def remedies(measured: Measured, use: Use) -> str:
    """Each limit with what to do then."""
    rows = [(limit.name, limit.then) for limit in limits(SIZES[-1], 1, measured, use)]
    return markdown_table(("when this breaks", "do this"), sorted(rows))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, and put them into the document with ``--write-docs``."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument("--write-docs", action="store_true")
    parser.add_argument("--cpu-ms", type=float, default=Measured.cpu_ms, help="a frame, all told")
    options = parser.parse_args(arguments)
    measured = Measured(cpu_ms=options.cpu_ms)
    quick, calm = Use(), Use(fps=5.0)
    best = DYNOS[3]
    blocks = {
        "dynos": dyno_table(measured, quick) + "\n\n" + dyno_table(measured, calm),
        "sizes": size_table(best, measured, quick) + "\n\n" + size_table(best, measured, calm),
        "remedies": remedies(measured, quick),
    }
    for name, text in blocks.items():
        print(f"\n{text}")
        if options.write_docs:
            replace_block(DOCUMENT, name, text)


if __name__ == "__main__":
    main()
