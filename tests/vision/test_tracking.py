"""Tracks without pictures: time, identity, and how long a face counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamapp.vision.tracking import (
    HOLD,
    HOLD_ALIKE,
    HOLD_COVERED,
    MAX_TRACKS,
    Track,
    Tracker,
    nearest,
)

SIZE = (320.0, 240.0)


def box(x: float, y: float, side: float = 40) -> np.ndarray:
    return np.array([x - side / 2, y - side / 2, x + side / 2, y + side / 2], np.float32)


def with_face(x: float = 160, y: float = 120, confidence: float = 0.95) -> tuple[Tracker, Track]:
    tracker = Tracker()
    track = tracker.start(box(x, y), confidence, 0.0)
    assert track is not None
    tracker.settle(0.0, *SIZE)
    return tracker, track


def test_a_sure_face_counts_at_once() -> None:
    tracker, _ = with_face(confidence=0.95)
    assert len(tracker.confirmed) == 1


def test_a_likely_face_counts_when_it_is_seen_again() -> None:
    tracker, track = with_face(confidence=0.8)
    assert tracker.confirmed == []
    track.see(box(160, 120), 0.1, verified=True)
    tracker.settle(0.1, *SIZE)
    assert tracker.confirmed == [track]


def test_a_doubtful_face_does_not_count_however_often_it_is_seen() -> None:
    tracker, track = with_face(confidence=0.6)
    for tick in range(1, 50):
        track.see(box(160, 120), tick / 15, verified=True)
        tracker.settle(tick / 15, *SIZE)
    assert tracker.confirmed == []


@given(st.floats(2, 30))
def test_a_face_that_is_gone_is_dropped_in_time_at_any_frame_rate(fps: float) -> None:
    tracker, track = with_face()
    time, ended = 0.0, None
    while ended is None:
        time += 1 / fps
        track.miss(time)
        tracker.settle(time, *SIZE)
        ended = None if tracker.tracks else time
    assert HOLD <= ended <= HOLD + 2 / fps + 1e-6


def test_one_missed_frame_drops_nobody_even_after_a_gap_of_seconds() -> None:
    tracker, track = with_face()
    track.miss(4.0)
    tracker.settle(4.0, *SIZE)
    assert tracker.confirmed == [track]


def test_a_face_that_only_looks_alike_is_held_for_seconds_not_for_ever() -> None:
    tracker, track = with_face()
    held = [0.0]
    for tick in range(1, 90):
        time = tick / 15
        if not tracker.tracks:
            break
        track.see(box(160, 120), time, verified=False)
        tracker.settle(time, *SIZE)
        held.append(time)
    assert HOLD_ALIKE <= held[-1] <= HOLD_ALIKE + 0.2


def test_who_leaves_the_picture_is_dropped_at_once() -> None:
    tracker, track = with_face(x=310)
    for tick in range(1, 6):
        track.see(box(310 + 4 * tick, 120), tick / 15, verified=True)
        tracker.settle(tick / 15, *SIZE)
    track.miss(0.4)
    tracker.settle(0.4, *SIZE)
    assert tracker.tracks == []


def test_who_comes_back_soon_and_near_keeps_the_number() -> None:
    tracker, track = with_face()
    for time in (0.3, 0.6, 0.9):
        track.miss(time)
        tracker.settle(time, *SIZE)
    assert tracker.tracks == []
    back = tracker.start(box(170, 125), 0.95, 1.5)
    assert back is track
    assert tracker.seen == 1


def test_who_comes_back_late_is_somebody_new() -> None:
    tracker, track = with_face()
    for time in (0.3, 0.6, 0.9, 9.0):
        track.miss(time)
        tracker.settle(time, *SIZE)
    back = tracker.start(box(160, 120), 0.95, 9.1)
    assert back is not None
    assert back.id != track.id


def test_a_covered_face_is_waited_for_longer() -> None:
    _, hidden = with_face()
    assert HOLD_COVERED > HOLD
    hidden.miss(0.1, covered=True)
    tracker = Tracker()
    tracker.tracks = [hidden]
    hidden.miss(0.4, covered=True)
    hidden.miss(0.8, covered=True)
    tracker.settle(0.8, *SIZE)
    assert tracker.tracks == [hidden]


@given(st.floats(20, 90), st.floats(2, 30), st.floats(0, 2 * np.pi))
def test_constant_motion_is_predicted(speed: float, fps: float, heading: float) -> None:
    step = np.array([np.cos(heading), np.sin(heading)]) * speed
    track = Track(1, box(500, 500), 0.9, 0.0, 0.0, 0.0)
    times = np.arange(1, 1 + round(3 * fps)) / fps
    for time in times:
        track.see(box(*(500 + step * time)), float(time), verified=True)
    ahead = float(times[-1]) + min(1 / fps, 0.2)
    middle = (track.predicted(ahead)[:2] + track.predicted(ahead)[2:]) / 2
    assert np.hypot(*(middle - 500 - step * ahead)) < 0.5 * track.side


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_tracks_are_bounded_whatever_is_detected(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tracker = Tracker()
    for tick in range(8):
        for x, y in rng.uniform(0, 4000, (20, 2)):
            tracker.start(box(x, y), float(rng.random()), tick / 15)
        tracker.settle(tick / 15, 4000, 4000)
        assert len(tracker.tracks) <= MAX_TRACKS


def test_two_tracks_on_one_face_become_one() -> None:
    tracker, track = with_face()
    tracker.start(box(163, 121), 0.95, 0.1)
    tracker.settle(0.1, *SIZE)
    assert tracker.tracks == [track]


@pytest.mark.parametrize(
    ("x", "side", "found"),
    [(165, 40, True), (165, 90, False), (300, 40, False)],
    ids=["near and alike in size", "another size", "too far"],
)
def test_a_detection_belongs_to_a_track_that_can_have_got_there(
    x: float, side: float, found: bool
) -> None:
    _, track = with_face()
    assert (nearest([track], box(x, 120, side), 0.1) is track) == found
