"""What a recorder notes, and what it hands on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamapp.models import Batch, SessionRecord
from streamapp.recording import MOST_SAMPLES, Recorder

START = 1_700_000_000_000


def recorder(tracks: int = 0) -> Recorder:
    record = SessionRecord("s", "ann", "Hall", START, None, START, "w", 0, 0, 0, 0)
    return Recorder(record, "client", tracks)


def handed_on(subject: Recorder, now: int = START) -> Batch:
    batch = subject.batch(now)
    assert batch is not None
    subject.kept()
    return batch


@pytest.mark.parametrize(
    ("frames", "kept"),
    [
        pytest.param([], (), id="nothing"),
        pytest.param([(0, 2)], ((0, 2),), id="the first frame"),
        pytest.param([(0, 2), (66, 2), (999, 2)], ((0, 2),), id="no change within a second"),
        pytest.param([(0, 2), (999, 2), (1000, 2)], ((0, 2), (1000, 2)), id="the next second"),
        pytest.param([(0, 2), (66, 3), (132, 3)], ((0, 2), (66, 3)), id="a change"),
        pytest.param([(0, 0), (0, 1)], ((0, 0), (1, 1)), id="a change within a millisecond"),
        pytest.param([(5000, 1), (3000, 2)], ((5000, 1), (5001, 2)), id="a clock put back"),
        pytest.param([(0, 1), (60_000, 1)], ((0, 1), (60_000, 1)), id="a gap"),
    ],
)
def test_one_sample_a_second_and_one_a_change(
    frames: list[tuple[int, int]], kept: tuple[tuple[int, int], ...]
) -> None:
    subject = recorder()
    for at, count in frames:
        subject.note(START + at, count, 0)
    assert handed_on(subject).samples == tuple((START + at, count) for at, count in kept)


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 3)), max_size=200))
def test_samples_are_in_order_and_tell_every_count(steps: list[tuple[int, int]]) -> None:
    subject, at, told = recorder(), START, []
    for step, count in steps:
        at += step
        subject.note(at, count, 0)
        if not told or told[-1] != count:
            told.append(count)
    samples = handed_on(subject).samples
    moments = [moment for moment, _ in samples]
    assert moments == sorted(set(moments))
    counts = [count for _, count in samples]
    assert [c for i, c in enumerate(counts) if i == 0 or counts[i - 1] != c] == told


def test_a_batch_stays_the_same_until_it_is_kept() -> None:
    subject = recorder()
    subject.note(START, 1, 1)
    first = subject.batch(START)
    subject.note(START + 1000, 2, 2)
    assert subject.batch(START + 5000) is first
    assert subject.waiting == 2
    subject.kept()
    assert handed_on(subject).samples == ((START + 1000, 2),)
    assert subject.waiting == 0


def test_tracks_are_counted_on_through_resets_and_returns() -> None:
    subject = recorder(tracks=3)  # three were gone before the recording began
    subject.note(START, 1, 4)
    assert handed_on(subject).new_tracks == 1
    subject.note(START + 1000, 0, 0)  # reset
    subject.note(START + 2000, 2, 2)
    subject.hand_over("client again")
    subject.note(START + 3000, 1, 1)
    assert handed_on(subject).new_tracks == 3


def test_while_nothing_is_kept_the_newest_are_held() -> None:
    subject = recorder()
    for second in range(MOST_SAMPLES + 10):
        subject.note(START + second * 1000, 0, 0)
    samples = handed_on(subject).samples
    assert len(samples) == MOST_SAMPLES
    assert samples[-1][0] == START + (MOST_SAMPLES + 9) * 1000


def test_a_client_gives_signs_of_life_and_one_that_is_away_does_not() -> None:
    subject = recorder()
    assert handed_on(subject, START + 10_000).seen_at == START + 10_000
    subject.leave(START + 11_000)
    assert subject.batch(START + 20_000) is None
