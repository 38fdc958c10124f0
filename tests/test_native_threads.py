"""Native threads beside eventlet's hub, in a process of its own: nothing here starts a hub."""

from __future__ import annotations

import textwrap

import pytest

from tests.scripts import output_of

CASES = {
    "values_and_errors_come_back": """
        import math
        assert threads(math.sqrt, 4) == 2
        try:
            threads(math.sqrt, -1)
        except ValueError:
            print("held")
    """,
    "it_is_another_thread": """
        from _thread import get_ident
        others = {threads(get_ident) for _ in range(50)}
        assert get_ident() not in others and len(others) <= 2
        print("held")
    """,
    "green_threads_go_on_meanwhile": """
        sleep = eventlet.patcher.original("time").sleep
        beats = []
        def beat():
            while True:
                beats.append(1)
                eventlet.sleep(0.01)
        eventlet.spawn(beat)
        threads(sleep, 0.5)
        assert len(beats) > 10
        print("held")
    """,
    "many_callers_each_get_their_own": """
        pool = eventlet.GreenPool(500)
        squares = list(pool.imap(lambda n: threads(lambda: n * n), range(5000)))
        assert squares == [n * n for n in range(5000)]
        print("held")
    """,
    "no_more_at_once_than_there_are_threads": """
        sleep = eventlet.patcher.original("time").sleep
        running, most = set(), []
        def work(n):
            running.add(n)
            most.append(len(running))
            sleep(0.02)
            running.discard(n)
        list(eventlet.GreenPool(20).imap(lambda n: threads(work, n), range(20)))
        assert max(most) == 2
        print("held")
    """,
    "a_killed_caller_leaves_the_others_in_place": """
        sleep = eventlet.patcher.original("time").sleep
        ended = []
        def call():
            try:
                threads(sleep, 0.3)
            finally:
                ended.append(1)
        killed = eventlet.spawn(call)
        eventlet.sleep(0.05)
        killed.kill()
        assert ended == [1]
        for _ in range(5):
            threads(sleep, 0.1)
            eventlet.sleep(0.05)  # the killed one's outcome comes in between
        print("held")
    """,
    "an_error_that_is_no_exception_comes_back_too": """
        def leave():
            raise SystemExit(3)
        try:
            threads(leave)
        except SystemExit as error:
            assert error.code == 3 and threads(abs, -1) == 1
            print("held")
    """,
}


@pytest.mark.parametrize("body", CASES.values(), ids=CASES)
@pytest.mark.parametrize("patched", [True, False], ids=["patched", "unpatched"])
def test_native_threads_hold(body: str, patched: bool) -> None:
    script = "\n".join(
        [
            "import eventlet",
            "eventlet.monkey_patch()" if patched else "",
            "from streamapp.native_threads import NativeThreads",
            "threads = NativeThreads(2)",
            textwrap.dedent(body),
        ]
    )
    assert output_of(script) == "held"
