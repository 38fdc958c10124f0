"""How much a server can carry: what to ask of webcams, and when to let in no more.

Two signals. Capacity: the CPU time a frame costs here, measured, against the cores detection may
use; that tells how many frames a second fit before anything goes wrong. Delay: frames that wait
or are superseded while the clients send no more than they were asked to; that tells what no
count of cores does, on a dyno that shares its CPU with strangers. The first bounds the rate, the
second lowers it by a fifth while it lasts and raises it slowly after (additive increase,
multiplicative decrease, as TCP does; RFC 5681).

Pure: times are arguments, in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

# Below this a count is no longer live; a client that would get less is told to wait.
FLOOR_FPS = 4
# What is left of the cores for pages, uploads and the moments when all frames come at once.
_USABLE = 0.85
_WINDOW_SECONDS = 1.0
# A frame that waited longer came later than it would have on a server with room.
_LATE_SECONDS = 0.040
_LATE_SHARE, _EASY_SHARE = 0.10, 0.02
_DOWN, _UP = 0.8, 0.04
_FEWEST_FRAMES = 10
_SMOOTHING = 0.2
# Until the first window: a frame's cost is not known, so nobody is refused for it.
_UNKNOWN = float("inf")


@dataclass(frozen=True)
class Capture:
    """What the server would like to be sent: pixels, JPEG quality 0 to 1, frames a second."""

    width: int
    quality: float
    fps: int


@dataclass
class _Window:
    """What happened since ``began``."""

    began: float
    cpu_began: float
    processed: int = 0
    late: int = 0
    turned_away: int = 0


class Governor:
    """Watches frames and says what the next ones should be like."""

    def __init__(self, wish: Capture, threads: int, cores: int) -> None:
        self._wish = wish
        # Threads beyond the cores only wait for each other.
        self._cpus = min(threads, cores)
        self._window: _Window | None = None
        self._ease = 1.0
        self._cost: float | None = None
        self.capture = wish

    @property
    def frame_cpu(self) -> float:
        """Seconds of CPU a frame costs, everything included; 0 while unknown."""
        return self._cost or 0.0

    @property
    def capacity_fps(self) -> float:
        """Frames a second, of all clients together, that fit; infinite while unknown."""
        if self._cost is None:
            return _UNKNOWN
        return self._cpus * _USABLE / self._cost * self._ease

    def has_room(self, clients: int) -> bool:
        """Whether one more than ``clients`` webcams would still be served live."""
        return self.capacity_fps / (clients + 1) >= FLOOR_FPS

    def processed(self, queue: float) -> None:
        """A frame was processed after waiting ``queue`` seconds."""
        if self._window is not None:
            self._window.processed += 1
            self._window.late += queue > _LATE_SECONDS

    def turned_away(self) -> None:
        """A frame was superseded: its client sends faster than it is served."""
        if self._window is not None:
            self._window.turned_away += 1

    def is_due(self, now: float) -> bool:
        """Whether it is time to `tick`."""
        return self._window is None or now - self._window.began >= _WINDOW_SECONDS

    def tick(self, now: float, cpu: float, clients: int) -> None:
        """Begin a window, if it is due; ``cpu``: what the process has used so far, in seconds."""
        window = self._window
        if not self.is_due(now):
            return
        self._window = _Window(now, cpu)
        if window is None:
            return
        if now - window.began < 3 * _WINDOW_SECONDS and window.processed >= _FEWEST_FRAMES:
            self._learn((cpu - window.cpu_began) / window.processed)
            self._adjust(window)
        self.capture = self._share(clients)

    def _learn(self, cost: float) -> None:
        known = self._cost
        self._cost = cost if known is None else known + _SMOOTHING * (cost - known)

    def _adjust(self, window: _Window) -> None:
        total = window.processed + window.turned_away
        share = (window.late + window.turned_away) / total
        if share > _LATE_SHARE:
            self._ease = max(0.1, self._ease * _DOWN)
        elif share < _EASY_SHARE:
            self._ease = min(1.0, self._ease + _UP)

    def _share(self, clients: int) -> Capture:
        """Fewer frames first; smaller ones where even the fewest would be too many."""
        wish = self._wish
        fair = self.capacity_fps / max(1, clients)
        fps = max(FLOOR_FPS, int(min(wish.fps, fair)))
        if fair >= min(wish.fps, 2 * FLOOR_FPS):
            return Capture(wish.width, wish.quality, fps)
        return Capture(max(320, wish.width // 2), wish.quality, fps)
