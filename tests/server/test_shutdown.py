"""A server that goes away: nothing lost, nobody stranded, in time."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import ExitStack

import pytest

from bench.servers import free_port, product, wait_until
from tests.server.conftest import camera

# Heroku kills after 30 s. A drain waits 1.2 s for the acceptors and then a moment for the rest.
GONE_SECONDS = 8.0


def _idle_keep_alive(port: int) -> socket.socket:
    """A connection that has had one answer and asks for nothing more."""
    idle = socket.create_connection(("127.0.0.1", port))
    idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"200 OK" in idle.recv(4096)
    return idle


@pytest.mark.server
def test_sigterm_ends_the_server_in_time_with_clients_of_every_kind(webcam: list[bytes]) -> None:
    with product() as server, ExitStack() as stack:
        clients = [
            stack.enter_context(camera(server, transport))
            for transport in ["websocket"] * 6 + ["polling"] * 2
        ]
        for client in clients:
            assert client.send({"seq": 1}, webcam[0])["width"] == 640
        stack.enter_context(_idle_keep_alive(server.port))
        server.signal(signal.SIGTERM)
        server.signal(signal.SIGTERM)
        gone = server.wait(GONE_SECONDS)
        assert gone, server.log()
        told = [client.statuses[-1]["state"] for client in clients]
    assert told == ["draining"] * len(clients)
    assert "has let everybody go" in server.log()
    assert "Traceback" not in server.log(), server.log()


@pytest.mark.server
@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_client_comes_back_by_itself_after_a_restart(webcam: list[bytes], transport: str) -> None:
    port = free_port()
    with product(port=port) as first, camera(first, transport, reconnect=True) as client:
        assert client.send({"seq": 1}, webcam[0])["width"] == 640
        first.stop()
        with product(port=port):
            assert wait_until(lambda: client.connections == 2, 30)
            assert client.send({"seq": 2}, webcam[1])["width"] == 640
            client.client.disconnect()


@pytest.mark.server
def test_ctrl_c_ends_the_server_at_once(webcam: list[bytes]) -> None:
    with product() as server, camera(server) as client:
        client.send({"seq": 1}, webcam[0])
        server.signal(signal.SIGINT)
        assert server.wait(GONE_SECONDS), server.log()
    assert "Traceback" not in server.log(), server.log()


@pytest.mark.server
def test_a_killed_worker_is_replaced_and_its_clients_come_back(webcam: list[bytes]) -> None:
    with product() as server, camera(server, reconnect=True) as client:
        assert client.send({"seq": 1}, webcam[0])["width"] == 640
        worker = server.pids()[-1]
        os.kill(worker, signal.SIGKILL)
        assert wait_until(lambda: client.connections == 2, 30), server.log()
        assert client.send({"seq": 2}, webcam[1])["width"] == 640
        assert worker not in server.pids()
        client.client.disconnect()
