"""Reading from a socket that stays registered, in processes of their own: here is no hub."""

from __future__ import annotations

import textwrap

import pytest

from tests.scripts import output_of

PREPARED = """
import eventlet
from eventlet.green import socket
from eventlet import hubs
from streamapp.standing_reader import StandingReader

there, here = socket.socketpair()
reader = StandingReader(here)
hub = hubs.get_hub()

def registered():
    return hub.listeners[hub.READ].get(here.fileno()) is not None
"""

CASES = {
    "what_comes_is_read_in_turn_and_the_end_is_told_again_and_again": """
        def send():
            for text in (b"one", b"two", b"three"):
                there.sendall(text)
                eventlet.sleep(0.01)
            there.close()
        eventlet.spawn(send)
        assert [reader.recv(100) for _ in range(5)] == [b"one", b"two", b"three", b"", b""]
        print("held")
    """,
    "a_large_message_comes_in_pieces_of_the_size_that_is_asked_for": """
        eventlet.spawn(there.sendall, bytes(300_000))
        pieces = []
        while sum(map(len, pieces)) < 300_000:
            pieces.append(reader.recv(65_536))
        assert max(map(len, pieces)) <= 65_536
        print("held")
    """,
    "it_stays_registered_from_one_read_to_the_next": """
        registrations = []
        add = hub.add
        hub.add = lambda *listener: registrations.append(listener[1]) or add(*listener)
        def send():
            for _ in range(20):
                there.sendall(b"x")
                eventlet.sleep(0.005)
        eventlet.spawn(send)
        for _ in range(20):
            assert reader.recv(100) == b"x"
        assert registrations.count(here.fileno()) == 1
        print("held")
    """,
    "who_is_busy_elsewhere_is_not_called_and_misses_nothing": """
        def send():
            there.sendall(b"a")
            eventlet.sleep(0.05)
            there.sendall(b"b")
        eventlet.spawn(send)
        assert reader.recv(100) == b"a"
        turns = 0
        wait = hub.wait
        def counted(seconds=None):
            global turns
            turns += 1
            return wait(seconds)
        hub.wait = counted
        eventlet.sleep(0.3)
        assert turns < 20, turns
        assert reader.recv(100) == b"b"
        print("held")
    """,
    "silence_longer_than_the_time_out_is_an_error": """
        import time
        here.settimeout(0.2)
        began = time.monotonic()
        try:
            reader.recv(100)
        except TimeoutError:
            assert 0.2 <= time.monotonic() - began < 1
            print("held")
    """,
    "who_says_something_now_and_then_is_never_too_slow": """
        here.settimeout(0.2)
        def send():
            for _ in range(10):
                eventlet.sleep(0.1)
                there.sendall(b"x")
        eventlet.spawn(send)
        for _ in range(10):
            assert reader.recv(100) == b"x"
        print("held")
    """,
    "a_reader_that_has_left_leaves_nothing_behind": """
        here.settimeout(5)
        eventlet.spawn(there.sendall, b"x")
        reader.recv(100)
        eventlet.spawn_after(0.01, there.sendall, b"y")
        reader.recv(100)
        assert registered()
        reader.leave()
        assert not registered()
        assert not [timer for _, timer in hub.timers if not timer.called]
        print("held")
    """,
    "a_reader_that_is_killed_can_leave": """
        reading = eventlet.spawn(reader.recv, 100)
        eventlet.sleep(0.02)
        reading.kill()
        reader.leave()
        assert not registered()
        print("held")
    """,
    "a_descriptor_that_is_taken_for_another_connection_wakes_the_reader": """
        def read():
            try:
                reader.recv(100)
            except Exception as error:
                return type(error).__name__
        reading = eventlet.spawn(read)
        eventlet.sleep(0.02)
        hubs.notify_opened(here.fileno())
        eventlet.sleep(0.02)  # eventlet tells it in its next round
        assert reading.wait() == "IOClosed"
        reader.leave()
        assert not registered()
        print("held")
    """,
    "a_connection_that_is_reset_has_ended": """
        import struct
        listener = eventlet.listen(("127.0.0.1", 0))
        client = socket.create_connection(listener.getsockname())
        served, _ = listener.accept()
        reader = StandingReader(served)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        eventlet.spawn_after(0.02, client.close)
        assert reader.recv(100) == b""
        print("held")
    """,
}


@pytest.mark.parametrize("body", CASES.values(), ids=CASES)
def test_a_standing_reader_holds(body: str) -> None:
    assert output_of(PREPARED + textwrap.dedent(body)) == "held"
