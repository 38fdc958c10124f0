"""How late the hub is."""

from __future__ import annotations

import pytest

from streamapp import heartbeat


class EndOfTestError(Exception):
    """Ends the loop that has no end."""


def test_lateness_is_what_a_sleep_took_beyond_what_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    took = iter([0.5, 0.75, 0.45])
    seen: list[float] = []
    monkeypatch.setattr("streamapp.heartbeat.time.perf_counter", lambda: now)

    def sleep(_seconds: float) -> None:
        nonlocal now
        try:
            now += next(took)
        except StopIteration:
            raise EndOfTestError from None

    with pytest.raises(EndOfTestError):
        heartbeat.beat(seen.append, sleep)
    assert seen == pytest.approx([0.0, 0.25, 0.0])
