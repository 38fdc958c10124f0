"""One simulated webcam against a real server that answers at once, without counting."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest

from bench import wire
from bench.client import Plan, Webcam
from bench.load import address
from bench.servers import Server, toy

pytestmark = pytest.mark.server

FRAMES = [wire.frame(wire.Opcode.BINARY, bytes(1000))]


QUICK_TOY = "bench.wire_only.toy:create_app()"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with toy(application=QUICK_TOY) as server:
        yield server


async def opened(server: Server, plan: Plan) -> Webcam:
    webcam = Webcam(plan, FRAMES)
    await webcam.open(*address(server.url))
    return webcam


async def until_sent(webcam: Webcam, frames: int) -> int:
    """Let the webcam send so many; returns the most that were ever in flight."""
    most = 0
    async with asyncio.timeout(20):
        while webcam.sent < frames:
            most = max(most, len(webcam.waiting))
            await asyncio.sleep(0)
    return most


def test_a_closed_loop_never_has_more_in_flight_than_its_plan(server: Server) -> None:
    async def stream() -> Webcam:
        webcam = await opened(server, Plan(5000, in_flight=2))
        webcam.start(asyncio.get_running_loop().time())
        assert await until_sent(webcam, 200) == 2
        webcam.close()
        return webcam

    webcam = asyncio.run(stream())
    assert webcam.thrown_away > 0
    assert len(webcam.answers) >= 198
    assert {answer.code for answer in webcam.answers} == {None}


def test_an_open_loop_does_not_wait(server: Server) -> None:
    async def stream() -> int:
        webcam = await opened(server, Plan(5000, in_flight=None))
        webcam.start(asyncio.get_running_loop().time())
        most = await until_sent(webcam, 200)
        webcam.close()
        return most

    assert asyncio.run(stream()) > 2


def test_an_obedient_client_sends_what_the_answers_wish_for(server: Server) -> None:
    async def sent_in_half_a_second(plan: Plan) -> int:
        webcam = await opened(server, plan)
        webcam.start(asyncio.get_running_loop().time())
        await asyncio.sleep(0.5)
        webcam.close()
        return webcam.sent

    assert asyncio.run(sent_in_half_a_second(Plan(100))) > 20
    assert asyncio.run(sent_in_half_a_second(Plan(100, obeys=True))) <= 12  # the toy wishes for 15


def test_answers_are_timed_from_the_sending(server: Server) -> None:
    async def stream() -> Webcam:
        webcam = await opened(server, Plan(100))
        webcam.start(asyncio.get_running_loop().time())
        await until_sent(webcam, 10)
        webcam.close()
        return webcam

    webcam = asyncio.run(stream())
    assert all(0 < answer.latency < 10 for answer in webcam.answers)
    assert all(late >= 0 for late in webcam.lateness)


def test_a_server_that_vanishes_is_noticed_and_leaving_is_not_a_loss() -> None:
    async def lose(server: Server) -> Webcam:
        webcam = await opened(server, Plan(10))
        server.signal(signal.SIGKILL)
        async with asyncio.timeout(10):
            await webcam.closed
        return webcam

    async def leave(server: Server) -> Webcam:
        webcam = await opened(server, Plan(10))
        webcam.close()
        async with asyncio.timeout(10):
            await webcam.closed
        return webcam

    with toy(application=QUICK_TOY) as server:
        assert asyncio.run(leave(server)).lost is None
        lost = asyncio.run(lose(server)).lost
    assert lost is not None
    assert "connection was lost" in lost


def test_a_server_that_is_no_websocket_server_is_named() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\n\r\n")
        writer.close()

    async def ask() -> None:
        listening = await asyncio.start_server(refuse, "127.0.0.1", 0)
        async with listening:
            webcam = Webcam(Plan(1), FRAMES)
            await webcam.open("127.0.0.1", listening.sockets[0].getsockname()[1])

    with pytest.raises(wire.WireError, match="503 Service Unavailable"):
        asyncio.run(ask())
