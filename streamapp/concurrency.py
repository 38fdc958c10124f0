"""Native threads, leased fairly.

A cascade takes milliseconds during which eventlet's hub must go on answering, so it runs in a
native thread; OpenCV lets go of the GIL there. Waiting is done with the standard library's
primitives: under gunicorn's eventlet worker those are green, elsewhere they are what they always
were, so one implementation serves both.

Inside a leased thread there must be no logging, no lock shared with the hub and no eventlet:
each of them can leave the thread waiting for a hub that never runs there.
"""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, Protocol, TypeVar

from streamapp.errors import Superseded, Unavailable

Resource = TypeVar("Resource")
Job = TypeVar("Job")
T = TypeVar("T")

# For a few lines in which no green thread gives way to another. eventlet's locks are Python code,
# and dearer than those lines; this one is C, and always free for who is on the hub, since all
# there are one native thread. Real threads exclude each other by it as by any lock.
ShortLock = _thread.RLock


class Execute(Protocol):
    """Runs ``function(*args)`` in a native thread; the caller waits without blocking others."""

    def __call__(self, function: Callable[..., T], /, *args: object) -> T: ...


def directly(function: Callable[..., T], /, *args: object) -> T:
    """The `Execute` of what does not block, and of callers that may."""
    return function(*args)


def native_execute(async_mode: str, threads: int) -> Execute:
    """How ``async_mode`` gets into one of ``threads`` native threads.

    With real threads the caller is in one already. No more threads than there are lanes for:
    every one that ever decoded a picture keeps an arena of its own.
    """
    if async_mode == "threading":
        return directly
    # Imported only in this mode: importing eventlet anywhere else would start its hub.
    from streamapp.native_threads import NativeThreads

    return NativeThreads(threads)


class FairQueue(Generic[Job]):
    """At most one waiting job a key, taken round robin by key; never two of a key at once.

    A key that offers again while it waits replaces its job and keeps its place, so a client
    that floods gains nothing by it. Not thread safe.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, Job] = {}
        self._running: set[Hashable] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def running(self) -> int:
        """Jobs taken and not yet done."""
        return len(self._running)

    def offer(self, key: Hashable, job: Job) -> Job | None:
        """Queue ``job``; returns the waiting job of the same key that it replaced, if any."""
        replaced = self._waiting.get(key)
        self._waiting[key] = job
        return replaced

    def take(self) -> tuple[Hashable, Job] | None:
        """The next job whose key is not running, or None."""
        for key in self._waiting:
            if key not in self._running:
                self._running.add(key)
                return key, self._waiting.pop(key)
        return None

    def done(self, key: Hashable) -> None:
        """The job taken for ``key`` has ended."""
        self._running.discard(key)


class _Ticket(Generic[Resource]):
    """One caller's place in the queue."""

    def __init__(self) -> None:
        self.granted: list[Resource] = []  # one once it is this caller's turn
        self.settled: threading.Event | None = None  # only of who has to wait

    def settle(self) -> None:
        """Wake the caller, if it waits."""
        if self.settled is not None:
            self.settled.set()


class NativeLane(Generic[Resource]):
    """As many native threads as there are ``resources``, each job holding one of them alone.

    A resource is what may not be shared between threads: the classifiers of a vision thread, or
    nothing but the right to use a thread. Lanes keep work of different kinds from standing in
    each other's way.
    """

    def __init__(
        self, resources: Sequence[Resource], execute: Execute, max_waiting: int | None = None
    ) -> None:
        self._free = list(resources)
        self._execute = execute
        self._max_waiting = max_waiting
        self._queue: FairQueue[_Ticket[Resource]] = FairQueue()
        self._lock = ShortLock()

    @property
    def busy(self) -> int:
        """Jobs waiting or running."""
        return len(self._queue) + self._queue.running

    def run(self, key: Hashable, function: Callable[[Resource], T]) -> T:
        """``function(resource)`` in a native thread, when it is this key's turn.

        Raises Superseded if a newer job of the same key came while this one waited, Unavailable
        if ``max_waiting`` jobs wait already, and whatever ``function`` raises.
        """
        ticket: _Ticket[Resource] = _Ticket()
        with self._lock:
            if self._max_waiting is not None and len(self._queue) >= self._max_waiting:
                raise Unavailable(
                    f"{self._max_waiting} jobs are waiting already. Try again in a few seconds."
                )
            replaced = self._queue.offer(key, ticket)
            self._dispatch()
            if not ticket.granted:
                ticket.settled = threading.Event()
        if replaced is not None:
            replaced.settle()
        if ticket.settled is not None:
            ticket.settled.wait()
        if not ticket.granted:
            raise Superseded("A newer frame took this one's place before it was processed.")
        try:
            return self._execute(function, *ticket.granted)
        finally:
            with self._lock:
                self._free += ticket.granted
                self._queue.done(key)
                self._dispatch()

    def _dispatch(self) -> None:
        while self._free:
            taken = self._queue.take()
            if taken is None:
                return
            ticket = taken[1]
            ticket.granted.append(self._free.pop())
            ticket.settle()


class BlockingCalls:
    """Calls that would block the hub (SQLite, files), one at a time in a native thread."""

    def __init__(self, execute: Execute) -> None:
        self._lane: NativeLane[None] = NativeLane([None], execute)

    def __call__(self, function: Callable[..., T], /, *args: object) -> T:
        """``function(*args)``; raises what it raises."""
        return self._lane.run(object(), lambda _thread: function(*args))
