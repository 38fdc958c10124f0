"""The arithmetic of docs/scaling.md."""

from __future__ import annotations

import numpy as np
import pytest

from bench.capacity import (
    DYNOS,
    SIZES,
    Dyno,
    Measured,
    Use,
    cameras_of,
    dynos_for,
    gigabits,
    limits,
    main,
    turned_away,
)

MEASURED = Measured(cpu_ms=2.0, hub_ms=1.0, process_mb=150, client_mb=0.5, frame_kb=40)
USE = Use(fps=10.0, hours_a_day=24.0)


@pytest.mark.parametrize(
    ("dyno", "cameras"),
    [
        pytest.param(Dyno("one core", 1, 4000, 1), 35, id="bound by CPU: 700 ms / (10 x 2 ms)"),
        pytest.param(Dyno("eight", 1, 4000, 8), 70, id="bound by the hub: 700 ms / (10 x 1 ms)"),
        pytest.param(Dyno("small", 1, 200, 8), 20, id="bound by memory: (160 - 150) / 0.5"),
        pytest.param(Dyno("tiny", 1, 128, 8), 0, id="too small for the process"),
    ],
)
def test_a_dyno_holds_what_its_scarcest_part_holds(dyno: Dyno, cameras: int) -> None:
    assert cameras_of(dyno, MEASURED, USE) == cameras


def test_larger_dynos_never_hold_less() -> None:
    held = [cameras_of(dyno, Measured(), Use()) for dyno in DYNOS]
    assert held == sorted(held)
    assert held[0] > 0


def test_nobody_is_turned_away_from_one_dyno_with_room_and_the_rest_from_a_full_one() -> None:
    rng = np.random.default_rng(1)
    assert turned_away(10, 1, 10, rng) == 0
    assert turned_away(10, 1, 4, rng) == 0.6


@pytest.mark.parametrize("cameras", [1, 100, 10_000])
def test_dynos_leave_room_for_chance_and_not_much_more(cameras: int) -> None:
    rng = np.random.default_rng(1)
    dynos = dynos_for(cameras, 20, rng)
    assert turned_away(cameras, dynos, 20, rng) <= 0.05
    assert -(-cameras // 20) <= dynos <= -(-cameras // 20) * 1.8 + 1


def test_without_places_there_is_no_answer() -> None:
    with pytest.raises(ValueError, match="without a place"):
        dynos_for(1, 0, np.random.default_rng(1))


def test_traffic_is_frames_times_their_size() -> None:
    assert gigabits(100, MEASURED, USE) == pytest.approx(100 * 10 * 40_000 * 8 / 1e9)
    traffic = next(each for each in limits(1, 1, MEASURED, USE) if "traffic" in each.name)
    assert traffic.needed == pytest.approx(10 * 40_000 * 30 * 86_400 / 1e12)


def test_the_scarcest_comes_first_and_the_roll_call_grows_with_the_square() -> None:
    def commands(dynos: int) -> float:
        found = limits(0, dynos, MEASURED, USE)
        assert [each.load for each in found] == sorted((e.load for e in found), reverse=True)
        return next(each.needed for each in found if "commands" in each.name)

    assert commands(1) == MEASURED.roll_call
    assert commands(2000) / commands(1000) == pytest.approx(4, rel=0.02)


def test_the_tables_have_a_row_for_each_size_and_dyno(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    printed = capsys.readouterr().out
    assert all(f"\n| {size:,} |" in printed for size in SIZES)
    assert all(f"\n| {dyno.name} |" in printed for dyno in DYNOS)
