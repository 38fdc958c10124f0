"""What the cases share: how long they may take, what they say, how it is judged."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench import load
from bench.report import number
from bench.results import Load, LoadResult
from bench.servers import SERVERS


@dataclass(frozen=True)
class Effort:
    """How long to measure. ``seconds`` of each load; the long cases have their own figure."""

    seconds: float = 15.0
    warm_up: float = 2.0
    probing: float = 5.0
    rounds: int = 3
    """How often two loads that are compared are repeated, in turn."""
    overload_seconds: float = 60.0
    soak_seconds: float = 600.0


QUICK = Effort(1.5, 0.5, 0.5, rounds=1, overload_seconds=3.0, soak_seconds=3.0)


@dataclass(frozen=True)
class Check:
    """One figure that has a bound. ``wording`` says what it is of, its unit included."""

    wording: str
    value: float
    at_most: float = math.inf
    at_least: float = -math.inf

    @property
    def holds(self) -> bool:
        """Whether the figure is within its bounds; one that could not be measured is not."""
        return self.at_least <= self.value <= self.at_most

    def __str__(self) -> str:
        bounds = [f"at least {self.at_least:g}"] if math.isfinite(self.at_least) else []
        bounds += [f"at most {self.at_most:g}"] if math.isfinite(self.at_most) else []
        mark = "met" if self.holds else "**missed**"
        return f"- {self.wording}: {number(self.value, 2)} ({' and '.join(bounds)}: {mark})"


@dataclass(frozen=True)
class Findings:
    """What a case found: markdown to print, figures that have bounds, plots."""

    text: str
    checks: Sequence[Check] = ()
    images: Mapping[str, bytes] = field(default_factory=dict)
    """Plots, by file name."""

    def __str__(self) -> str:
        return "\n".join([self.text, *(["", *map(str, self.checks)] if self.checks else [])])


@dataclass(frozen=True)
class Case:
    """One question and the code that answers it."""

    name: str
    question: str
    run: Callable[[Effort], Findings]


def measure(server_name: str, wanted: Load, frames: Sequence[bytes]) -> LoadResult:
    """One load against a fresh server of that name."""
    with SERVERS[server_name]() as server:
        return load.run(server, wanted, frames)
