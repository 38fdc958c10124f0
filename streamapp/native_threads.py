"""Native threads beside eventlet's hub.

`eventlet.tpool` (https://eventlet.readthedocs.io/en/latest/threading.html) does the same, at a
price that a frame feels: it hands jobs over by a queue of several Python locks, and registers its
socket with the kernel anew for each answer. Here the pipe back is registered once. And each thread
sleeps on a lock of its own, so that a job wakes one thread and no other (a shared queue wakes two,
``strace -f``), the one that worked last: its caches and its arena are warm. Written for eventlet
0.41.3.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from eventlet import getcurrent, hubs, patcher

T = TypeVar("T")

_os = patcher.original("os")
_thread = patcher.original("_thread")
_threading = patcher.original("threading")
_MANY = 4096  # wake-ups read at once


class _Job:
    """A call, its caller, and in the end its outcome."""

    def __init__(self, function: Callable[..., Any], args: tuple[object, ...]) -> None:
        self.function = function
        self.args = args
        self.caller: Any = getcurrent()  # None once it waits no longer
        self.value: Any = None
        self.error: BaseException | None = None

    def work(self) -> None:
        """In the native thread."""
        try:
            self.value = self.function(*self.args)
        except BaseException as error:  # the caller's to handle, whatever it is
            self.error = error


class _Worker:
    """One native thread: asleep until ``wake`` is released, which only the hub does."""

    def __init__(self) -> None:
        self.wake = _thread.allocate_lock()
        self.wake.acquire()
        self.job: _Job | None = None

    def give(self, job: _Job) -> None:
        """On the hub, while it has no other."""
        self.job = job
        self.wake.release()


class NativeThreads:
    """``count`` threads, started by the first call; an `Execute` for green threads of one hub."""

    def __init__(self, count: int) -> None:
        self._count = count
        # The hub's own: who is idle, the last that worked at the end, and what waits for them.
        self._idle: list[_Worker] = []
        self._waiting: deque[_Job] = deque()
        self._done: deque[_Worker] = deque()
        self._woken = False
        self._started = False

    def __call__(self, function: Callable[..., T], /, *args: object) -> T:
        """``function(*args)`` in a native thread, while other green threads go on.

        Raises what it raises. A caller that is killed meanwhile leaves at once; the call itself
        cannot be stopped, and its outcome is lost.
        """
        if not self._started:
            self._start()
        job = _Job(function, args)
        if self._idle:
            self._idle.pop().give(job)
        else:
            self._waiting.append(job)
        try:
            hubs.get_hub().switch()
        finally:
            job.caller = None
        if job.error is not None:
            raise job.error
        value: T = job.value
        return value

    def _start(self) -> None:
        """In the process that serves: threads and a hub do not survive a fork."""
        self._started = True
        self._read_end, self._write_end = _os.pipe()
        for end in (self._read_end, self._write_end):
            _os.set_blocking(end, False)
        hub = hubs.get_hub()
        hub.add(hub.READ, self._read_end, self._answer, self._answer, lambda: None)
        for number in range(self._count):
            worker = _Worker()
            self._idle.append(worker)
            _threading.Thread(
                target=self._serve, args=(worker,), name=f"native-{number}", daemon=True
            ).start()

    def _serve(self, worker: _Worker) -> None:
        """A thread's life."""
        while True:
            worker.wake.acquire()
            if worker.job is not None:
                worker.job.work()
            self._done.append(worker)
            # Asked after the append: whoever sees that the hub is woken has been heard by it.
            if not self._woken:
                self._woken = True
                _os.write(self._write_end, b"\0")

    def _answer(self, *_unused: object) -> None:
        """On the hub, when the pipe has something: back to the callers whose jobs are done."""
        _os.read(self._read_end, _MANY)
        self._woken = False
        while self._done:
            worker = self._done.popleft()
            job, worker.job = worker.job, None  # not kept while it idles: it may hold a photo
            if self._waiting:
                worker.give(self._waiting.popleft())
            else:
                self._idle.append(worker)
            if job is not None and job.caller is not None:
                job.caller.switch()
