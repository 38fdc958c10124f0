"""Green threads that are used again, in processes of their own: here is no hub.

What becomes of frames is in tests/server/test_frame_ways.py.
"""

from __future__ import annotations

import textwrap

import pytest

from tests.scripts import output_of

PREPARED = """
import logging
import sys
import eventlet
from streamapp.frame_path import GreenHands

logging.basicConfig(stream=sys.stdout, format="%(message)s")
hands = GreenHands()
"""

CASES = {
    "what_is_asked_for_is_done_in_that_order": """
        done = []
        for number in range(100):
            hands.run(done.append, number)
        eventlet.sleep(0)
        assert done == list(range(100))
        print("held")
    """,
    "one_that_is_idle_is_used_again": """
        from eventlet import getcurrent
        used = []
        for _ in range(50):
            hands.run(lambda: used.append(getcurrent()))
            eventlet.sleep(0)
        assert len(set(used)) == 1
        print("held")
    """,
    "one_that_waits_holds_nobody_up": """
        done = []
        hands.run(eventlet.sleep, 0.2)
        hands.run(done.append, 1)
        eventlet.sleep(0.05)
        assert done == [1]
        print("held")
    """,
    "few_are_kept_however_many_were_needed": """
        for _ in range(500):
            hands.run(eventlet.sleep, 0.01)
        eventlet.sleep(0.2)
        assert 0 < len(hands._idle) <= 32
        print("held")
    """,
    "what_was_given_is_not_kept_while_idle": """
        import weakref
        class Picture:
            pass
        picture = Picture()
        gone = weakref.ref(picture)
        hands.run(lambda _picture: None, picture)
        del picture
        eventlet.sleep(0)
        assert gone() is None
        print("held")
    """,
    "an_error_is_logged_and_the_next_is_done_all_the_same": """
        logging.getLogger().handlers[0].formatter.formatException = lambda _info: "traceback"
        hands.run(lambda: 1 / 0)
        eventlet.sleep(0)
        hands.run(print, "held")
        eventlet.sleep(0)
    """,
}


@pytest.mark.parametrize("body", CASES.values(), ids=CASES)
def test_green_hands_hold(body: str) -> None:
    assert output_of(PREPARED + textwrap.dedent(body)).split()[-1:] == ["held"]
