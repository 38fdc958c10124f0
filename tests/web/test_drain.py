"""While the server goes away, no new webcam and everything else."""

from __future__ import annotations

import json

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from streamapp.web.drain import DrainGate


@pytest.mark.parametrize(
    ("path", "draining", "status"),
    [
        pytest.param("/socket.io/?EIO=4&transport=websocket", True, 503, id="new webcam"),
        pytest.param("/socket.io/", True, 503, id="without a query"),
        pytest.param("/socket.io/?EIO=4&sid=", True, 503, id="empty sid"),
        pytest.param("/socket.io/?EIO=4&sid=abc", True, 200, id="webcam that is let go"),
        pytest.param("/", True, 200, id="page"),
        pytest.param("/socket.io/?EIO=4", False, 200, id="not draining"),
    ],
)
def test_only_new_webcams_are_sent_elsewhere(path: str, draining: bool, status: int) -> None:
    client = Client(DrainGate(Response("served"), lambda: draining))
    answer = client.get(path)
    assert answer.status_code == status
    if status == 503:
        assert answer.headers["Retry-After"] == "2"
        assert answer.headers["Connection"] == "close"
        assert answer.content_length == len(answer.data)
        assert json.loads(answer.data)["error"]["code"] == "unavailable"
