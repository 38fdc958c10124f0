"""The bench itself runs: real servers, a second of load, figures of the right shape."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from bench import load, media
from bench.__main__ import main
from bench.attacks import ATTACKS
from bench.cases.common import QUICK
from bench.cases.viewers import shared
from bench.client import Plan
from bench.health import HealthProbe
from bench.results import Load, LoadResult
from bench.servers import Server, product, toy
from bench.viewers import looking_on

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def frames() -> list[bytes]:
    return media.frames(count=20)


def run(
    start: Callable[[], AbstractContextManager[Server]], wanted: Load, frames: list[bytes]
) -> LoadResult:
    with start() as server:
        result = load.run(server, wanted, frames)
    assert "Traceback" not in server.log()
    return result


@pytest.mark.parametrize("start", [product, toy], ids=["product", "toy"])
def test_a_closed_loop_has_every_frame_answered(
    start: Callable[[], AbstractContextManager[Server]], frames: list[bytes]
) -> None:
    result = run(start, Load((Plan(5), Plan(5)), 1.0, warm_up=0.3, probing=0.3), frames)
    assert result.results > 0
    assert result.errors == {}
    assert result.unanswered == 0
    assert result.lost == {}
    assert result.mean_count > 0
    assert 0 < result.p50_ms <= result.p95_ms <= result.p99_ms
    assert 0 < result.fairness <= 1
    assert len(result.clients) == 2
    assert result.cpu_ms_per_frame > 0
    assert min(result.rss_mb) > 20
    assert result.health_p95_ms > 0
    assert result.health_failures == 0


def test_an_open_loop_sends_on_schedule_and_counts_what_is_refused(frames: list[bytes]) -> None:
    plans = (Plan(5), Plan(400, in_flight=None))
    result = run(product, Load(plans, 1.0, warm_up=0.3, probing=0), frames)
    calm, flooding = result.clients
    assert calm.kept > 0.5
    assert flooding.kept < 1
    assert result.dropped > 0
    assert result.unanswered == 0
    assert result.sent > 400


def test_a_server_that_is_not_ours_has_no_cpu_or_memory(frames: list[bytes]) -> None:
    with toy() as server:
        result = load.run_against(server.url, Load((Plan(5),), 0.5, 0.1, probing=0), frames)
    assert result.results > 0
    assert result.server_cpu_s == 0
    assert result.rss_mb == ()


def test_the_table_has_both_servers_and_their_ratio(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick"]) == 0
    printed = capsys.readouterr().out
    rows = [line for line in printed.splitlines() if line.startswith(("| product", "| toy"))]
    assert len(rows) == 4
    assert "times the product's CPU" in printed


def test_the_wire_alone_really_counts_nothing(frames: list[bytes]) -> None:
    def start() -> AbstractContextManager[Server]:
        return product(application="bench.wire_only.product:create_app()")

    result = run(start, Load((Plan(15),), 1.0, warm_up=0.3, probing=0), frames)
    assert result.results > 0
    assert result.errors == {}
    assert result.mean_count == 0


def test_every_attack_is_answered_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--case", "hostile"]) == 0
    printed = capsys.readouterr().out
    assert all(f"| {attack} |" in printed for attack in ATTACKS)
    assert "- webcams lost: 0.00" in printed


def test_viewers_get_counts_and_no_pictures(frames: list[bytes]) -> None:
    with product() as server:
        plan = shared(server)
        with looking_on(server.url, plan.token, 3) as crowd:
            load.run(server, Load((plan,), 1.0, warm_up=0.3, probing=0), frames)
    assert crowd.fewest >= 3
    assert (crowd.lost, crowd.pictures) == (0, 0)


def test_the_goodbye_is_timed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--case", "goodbye"]) == 0
    assert "process gone after" in capsys.readouterr().out


def test_the_quick_effort_is_quick() -> None:
    assert max(QUICK.seconds, QUICK.overload_seconds, QUICK.soak_seconds) <= 3


def test_a_hub_that_stands_still_shows_as_many_slow_answers() -> None:
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.3)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        finally:
            writer.close()

    async def ask() -> HealthProbe:
        listening = await asyncio.start_server(stall, "127.0.0.1", 0)
        async with listening:
            probe = HealthProbe("127.0.0.1", listening.sockets[0].getsockname()[1], rate=50)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(probe.run(), 0.45)
        return probe

    probe = asyncio.run(ask())
    assert len(probe.latencies) >= 15
    assert max(probe.latencies) >= 0.29
    assert sorted(probe.latencies[:10], reverse=True) == probe.latencies[:10]
    assert probe.failures == 0
