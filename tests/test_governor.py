"""How much a server asks for, and when it is full; time and CPU are passed in."""

from __future__ import annotations

import pytest

from streamapp.governor import FLOOR_FPS, Capture, Governor

WISH = Capture(width=640, quality=0.7, fps=15)


def test_it_is_time_to_look_once_a_second() -> None:
    governor = Governor(WISH, threads=2, cores=2)
    assert governor.is_due(10.0)
    governor.tick(10.0, 0.0, 1)
    assert not governor.is_due(10.99)
    assert governor.is_due(11.0)


def _run(
    governor: Governor,
    seconds: int,
    *,
    clients: int,
    frame_cpu: float,
    queue: float = 0.0,
    turned_away: int = 0,
    fps: int = 15,
) -> None:
    """Seconds of ``clients`` webcams, each frame costing and waiting as told."""
    cpu = 0.0
    governor.tick(0.0, cpu, clients)
    for second in range(1, seconds + 1):
        for _ in range(clients * fps):
            governor.processed(queue)
        for _ in range(turned_away):
            governor.turned_away()
        cpu += clients * fps * frame_cpu
        governor.tick(float(second), cpu, clients)


def test_before_anything_is_measured_everybody_is_welcome_and_asked_for_the_wish() -> None:
    governor = Governor(WISH, threads=2, cores=2)
    assert governor.has_room(1000)
    assert governor.capture == WISH
    assert governor.frame_cpu == 0


@pytest.mark.parametrize(
    ("frame_cpu", "clients", "fps"),
    [
        pytest.param(0.003, 8, 15, id="room for all"),
        pytest.param(0.003, 24, 15, id="24 webcams on two cores"),
        pytest.param(0.010, 17, 10, id="fewer frames for each"),
        pytest.param(0.100, 2, 8, id="as slow as a full scan"),
        pytest.param(0.100, 8, FLOOR_FPS, id="never below the floor"),
    ],
)
def test_the_frame_rate_asked_for_is_the_fair_share_of_what_fits(
    frame_cpu: float, clients: int, fps: int
) -> None:
    governor = Governor(WISH, threads=2, cores=2)
    _run(governor, 10, clients=clients, frame_cpu=frame_cpu)
    assert governor.frame_cpu == pytest.approx(frame_cpu)
    assert governor.capture.fps == fps


def test_threads_beyond_the_cores_add_nothing() -> None:
    governor = Governor(WISH, threads=8, cores=1)
    _run(governor, 5, clients=4, frame_cpu=0.01)
    assert governor.capacity_fps == pytest.approx(85)


def test_a_client_that_would_leave_less_than_the_floor_for_all_finds_no_room() -> None:
    governor = Governor(WISH, threads=2, cores=2)
    _run(governor, 5, clients=8, frame_cpu=0.05)
    assert governor.capacity_fps == pytest.approx(34)
    assert governor.has_room(7)
    assert not governor.has_room(8)


def test_smaller_frames_are_asked_for_where_the_fewest_would_be_too_many() -> None:
    governor = Governor(WISH, threads=2, cores=2)
    _run(governor, 5, clients=8, frame_cpu=0.05)
    assert governor.capture.width == 320


@pytest.mark.parametrize("trouble", [{"queue": 0.2}, {"turned_away": 100}], ids=["late", "lost"])
def test_trouble_that_no_count_of_cores_explains_lowers_the_rate_until_it_ends(
    trouble: dict[str, float],
) -> None:
    governor = Governor(WISH, threads=2, cores=2)
    _run(governor, 20, clients=8, frame_cpu=0.003, **trouble)
    assert governor.capture.fps < WISH.fps
    _run(governor, 40, clients=8, frame_cpu=0.003)
    assert governor.capture == WISH


def test_a_second_with_few_frames_teaches_nothing() -> None:
    governor = Governor(WISH, threads=2, cores=2)
    governor.tick(0.0, 0.0, 1)
    governor.processed(5.0)
    governor.tick(1.0, 0.9, 1)  # an upload's CPU time, not this frame's
    assert governor.frame_cpu == 0
    assert governor.capture == WISH


def test_a_long_silence_teaches_nothing() -> None:
    governor = Governor(WISH, threads=2, cores=2)
    governor.tick(0.0, 0.0, 1)
    for _ in range(100):
        governor.processed(0.0)
    governor.tick(600.0, 300.0, 1)
    assert governor.frame_cpu == 0
