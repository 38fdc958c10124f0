"""Redis, where several processes serve together (``REDIS_URL``): calls that never take long.

One process needs none of this. Here are the client, and the messages by which Socket.IO reaches
viewers of other processes. Frames and their answers never come here.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Collection, Iterator
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from socketio.pubsub_manager import PubSubManager

from streamapp.absence import Absence, tls_options
from streamapp.errors import Unavailable

log = logging.getLogger(__name__)
T = TypeVar("T")

# A call waits at most so long for a Redis that does not answer, and then it is left alone.
_CALL_SECONDS = 0.5
_LEFT_ALONE_SECONDS = 2.0
# How often the listener looks whether its line still lives, and when it tries again.
_LISTEN_SECONDS = 5.0
_AGAIN_SECONDS = 1.0
_CONNECTIONS = 6  # Heroku's smallest plan has 20, for all processes

_CHANNEL = "streamapp"
# A viewer of the same process is told more often.
_COUNT_SECONDS = 0.45


def connect(url: str) -> redis.Redis:
    """A client that gives up soon. Nothing is connected before the first call."""
    pool = redis.BlockingConnectionPool.from_url(
        url,
        timeout=_CALL_SECONDS,  # for a connection of the pool
        socket_timeout=_CALL_SECONDS,
        socket_connect_timeout=_CALL_SECONDS,
        health_check_interval=30,
        retry=Retry(NoBackoff(), 1),  # once, on a new connection: the old one may be stale
        max_connections=_CONNECTIONS,
        decode_responses=True,
        **tls_options(url),
    )
    return redis.Redis(connection_pool=pool)


class SharedState:
    """Calls to Redis that do without it, for a while, where it is lost."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.client = connect(url)
        self._absence = Absence(
            _LEFT_ALONE_SECONDS,
            "Redis is lost; other processes are not seen",
            "Redis is back",
            clock,
        )

    def ask(self, call: Callable[[redis.Redis], T], otherwise: T) -> T:
        """``call(client)``, or ``otherwise`` while Redis is lost."""
        return self._absence.ask(lambda: call(self.client), lambda: otherwise)

    def check(self) -> None:
        """Raise Unavailable unless Redis answers."""
        try:
            self.client.ping()
        except (RedisError, OSError) as error:
            raise Unavailable(
                "Redis does not answer; viewers of other processes see nothing new."
            ) from error


class ViewerMessages(PubSubManager):  # type: ignore[misc]
    """python-socketio's client manager that tells other processes what viewers are to be told.

    Of all that passes here only events to rooms of ``namespace`` are published, to the processes
    that ``others_in`` knows to have viewers there; everything else concerns this process alone.
    A message that Redis does not take is dropped: the next one says more, and no queue can grow.
    """

    name = "viewers"

    def __init__(
        self,
        state: SharedState,
        namespace: str,
        process: str,
        others_in: Callable[[str], Collection[str]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(channel=f"{_CHANNEL}:{process}")
        self._state = state
        self._namespace = namespace
        self._others_in = others_in
        self._clock = clock
        self._counted: dict[str, float] = {}  # streams, and when their count was published

    def _publish(self, data: dict[str, Any]) -> None:
        if data["method"] != "emit" or data["namespace"] != self._namespace:
            return
        event, content, to = data["event"], data["data"], data["room"]
        rooms: dict[str, list[str]] = {}  # by process
        for room in [to] if isinstance(to, str) else to:
            for process in self._others_in(room):
                rooms.setdefault(process, []).append(room)
        if not rooms or (event == "count" and self._is_early(content[0]["stream"])):
            return

        def publish(client: redis.Redis) -> None:
            for process, there in rooms.items():
                text = json.dumps([event, content, there], separators=(",", ":"))
                client.publish(f"{_CHANNEL}:{process}", text)

        self._state.ask(publish, None)

    def _is_early(self, stream: str) -> bool:
        """Whether other processes were told of this stream just now: twice a second is enough."""
        now = self._clock()
        if now - self._counted.get(stream, -_COUNT_SECONDS) < _COUNT_SECONDS:
            return True
        self._counted = {s: at for s, at in self._counted.items() if now - at < _COUNT_SECONDS}
        self._counted[stream] = now
        return False

    def _listen(self) -> Iterator[dict[str, Any]]:
        while True:
            line = self._state.client.pubsub(  # type: ignore[no-untyped-call]
                ignore_subscribe_messages=True
            )
            try:
                line.subscribe(self.channel)
                while True:
                    message = line.get_message(timeout=_LISTEN_SECONDS)
                    if message is not None:
                        yield self._as_told(message["data"])
            except (RedisError, OSError) as error:
                log.info("no messages of other processes for now: %s", error)
            finally:
                line.close()
            self.server.sleep(_AGAIN_SECONDS)

    def _as_told(self, text: str) -> dict[str, Any]:
        """A message of another process as the base class takes it."""
        event, content, rooms = json.loads(text)
        told = {"method": "emit", "event": event, "data": content, "room": rooms}
        return {**told, "namespace": self._namespace, "host_id": "another"}
