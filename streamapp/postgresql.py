"""PostgreSQL: an engine whose every wait is bounded and, under eventlet, cooperative.

psycopg2 waits by the callback given here (https://www.psycopg.org/docs/advanced.html#green-support):
under gunicorn's eventlet worker it lets the others run, and on threads it ends the wait for a
database that is there and silent, for which libpq has no limit. Names are looked up before libpq
sees them: it would do so in C, with everybody waiting.
"""

from __future__ import annotations

import os
import select
import socket
import time
from typing import Any

import psycopg2
import sqlalchemy as sa
from psycopg2 import extensions

# An essential-0 database of Heroku allows 20 connections, two dynos and a console share them.
_POOL = {"pool_size": 5, "max_overflow": 3, "pool_timeout": 5, "pool_recycle": 1800}
_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 5  # PostgreSQL gives up
_ANSWER_SECONDS = 7  # so do we, where it does not even say so
# libpq's words: https://www.postgresql.org/docs/current/libpq-connect.html
_PARAMETERS = {
    "connect_timeout": _CONNECT_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # a database that vanished without a word is noticed
    "application_name": "streamapp",
    "options": f"-c statement_timeout={_STATEMENT_SECONDS}s "
    "-c idle_in_transaction_session_timeout=30s",
}
_CONNECTED = (extensions.STATUS_READY, extensions.STATUS_BEGIN, extensions.STATUS_PREPARED)


def engine(url: str) -> sa.Engine:
    """An engine for ``url``; connects when it is first used. Raises ModuleNotFoundError."""
    # Not SQLAlchemy's own choice of a driver, which eventlet does not know.
    url = url.replace("postgresql://", "postgresql+psycopg2://", 1)
    parameters: dict[str, Any] = dict(_PARAMETERS)
    if "DYNO" in os.environ and "sslmode=" not in url:
        parameters["sslmode"] = "require"  # Heroku's databases take nothing else
    made = sa.create_engine(url, pool_pre_ping=True, connect_args=parameters, **_POOL)
    sa.event.listen(made, "do_connect", _connect)
    extensions.set_wait_callback(_wait)
    return made


def _connect(dialect: Any, _record: object, arguments: Any, parameters: dict[str, Any]) -> Any:
    return dialect.connect(*arguments, **{**parameters, **_found(parameters)})


def _found(parameters: dict[str, Any]) -> dict[str, str]:
    """Where the database's host is, for libpq; it still checks certificates by the name."""
    host = parameters.get("host", "")
    if not host or host.startswith("/") or "," in host or "hostaddr" in parameters:
        return {}
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # the latter for what can be no name
        raise psycopg2.OperationalError(f"could not find the host {host!r}: {error}") from error
    addresses = [str(each[4][0]) for each in found]
    # As many names as addresses: libpq tries one after the other.
    return {"host": ",".join([host] * len(addresses)), "hostaddr": ",".join(addresses)}


def _wait(connection: Any) -> None:
    """Until the answer is there."""
    connected = connection.status in _CONNECTED
    deadline = time.monotonic() + (_ANSWER_SECONDS if connected else _CONNECT_SECONDS)
    while (state := connection.poll()) != extensions.POLL_OK:
        if not _is_ready(connection, state, max(0, deadline - time.monotonic())):
            raise psycopg2.OperationalError("the database does not answer")


def _is_ready(connection: Any, state: int, seconds: float) -> bool:
    if hasattr(select, "poll"):  # select(2) knows no file beyond the 1024th
        poller = select.poll()
        poller.register(
            connection, select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
        )
        return bool(poller.poll(seconds * 1000))
    # eventlet's own, which lets the others run: it took poll away.
    reads = [connection] if state == extensions.POLL_READ else []
    writes = [connection] if state == extensions.POLL_WRITE else []
    return any(select.select(reads, writes, [], seconds))
