"""Native threads beside eventlet's hub.

`eventlet.tpool` (https://eventlet.readthedocs.io/en/latest/threading.html) does the same, at a
price that a frame feels: it hands jobs over by a queue of several Python locks, and registers its
socket with the kernel anew for each answer. Here a job takes the one lock of a C queue on its way
out, and the pipe back is registered once: for a frame, two calls of epoll_ctl instead of four
(``strace -c``). Written for eventlet 0.41.3.
"""

from __future__ import annotations

# The C one: `queue`'s is a green one once eventlet has patched it.
from _queue import SimpleQueue
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from eventlet import getcurrent, hubs, patcher

T = TypeVar("T")

_os = patcher.original("os")
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


class NativeThreads:
    """``count`` threads, started by the first call; an `Execute` for green threads of one hub."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._done: deque[_Job] = deque()
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
        self._jobs.put(job)
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
            _threading.Thread(target=self._serve, name=f"native-{number}", daemon=True).start()

    def _serve(self) -> None:
        """A thread's life."""
        while True:
            job = self._jobs.get()
            job.work()
            self._done.append(job)
            del job  # not kept while waiting: it may hold a photo
            # Asked after the append: whoever sees that the hub is woken has been heard by it.
            if not self._woken:
                self._woken = True
                _os.write(self._write_end, b"\0")

    def _answer(self, *_unused: object) -> None:
        """On the hub, when the pipe has something: back to the callers whose jobs are done."""
        _os.read(self._read_end, _MANY)
        self._woken = False
        while self._done:
            job = self._done.popleft()
            if job.caller is not None:
                job.caller.switch()
