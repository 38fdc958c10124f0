"""The repository's contract, kept over SQLite and over a real PostgreSQL."""

from __future__ import annotations

import secrets
import select
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.servers import wait_until
from bench.services import Postgres
from streamapp import migrate
from streamapp.database import Database
from streamapp.errors import ConfigError, NotFound, StreamappError, Unavailable
from streamapp.models import FaceRecord, ImageRecord
from streamapp.repository import SqlImageRepository

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Up to date, shared by the tests: each makes owners of its own."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres").url
    database = Database(url)
    database.upgrade()
    yield database
    database.engine.dispose()


@pytest.fixture
def repository(database: Database) -> SqlImageRepository:
    return SqlImageRepository(database)


@pytest.fixture
def owner() -> str:
    return secrets.token_hex(16)


def record(owner: str, created_at: datetime = NOON, filename: str = "a.jpg") -> ImageRecord:
    image_id = secrets.token_hex(16)
    return ImageRecord(
        id=image_id,
        owner=owner,
        owner_known=True,
        filename=filename,
        created_at=created_at,
        width=640,
        height=480,
        detector="cascade",
        faces=(FaceRecord((1, 2, 30, 40), 0.75), FaceRecord((5, 6, 7, 8), 1.0)),
        original_key=f"{image_id}/original.jpg",
        annotated_key=f"{image_id}/annotated.jpg",
        thumbnail_key=f"{image_id}/thumbnail.jpg",
    )


def test_what_was_added_comes_back_equal(repository: SqlImageRepository, owner: str) -> None:
    added = record(owner)
    repository.add(added)
    assert repository.get(added.id) == added


@pytest.mark.parametrize(
    "image_id",
    [
        pytest.param("0" * 32, id="unknown"),
        pytest.param("", id="empty"),
        pytest.param("\0", id="nul"),
        pytest.param("\ud800", id="half a surrogate pair"),
        pytest.param("' or 1=1 --", id="sql"),
    ],
)
def test_an_id_that_does_not_exist_is_not_found(
    repository: SqlImageRepository, image_id: str
) -> None:
    with pytest.raises(NotFound):
        repository.get(image_id)


def test_a_deleted_record_is_gone_and_may_be_deleted_again(
    repository: SqlImageRepository, owner: str
) -> None:
    added = record(owner)
    repository.add(added)
    for _ in range(2):
        repository.delete(added.id)
    with pytest.raises(NotFound):
        repository.get(added.id)


def test_what_was_made_before_a_moment_is_found_whoever_owns_it_oldest_first(
    repository: SqlImageRepository,
) -> None:
    long_ago = datetime(1999, 1, 1, tzinfo=UTC)  # nothing else in this database is so old
    made = [record(secrets.token_hex(16), long_ago + timedelta(days=n)) for n in (2, 0, 1, 3)]
    for each in made:
        repository.add(each)
    assert repository.made_before(made[-1].created_at, 2) == [made[1], made[2]]
    assert repository.made_before(made[-1].created_at, 9) == [made[1], made[2], made[0]]
    for each in made:
        repository.delete(each.id)
    assert repository.made_before(made[-1].created_at, 9) == []


def test_all_records_are_reached_page_by_page_whoever_owns_them(
    repository: SqlImageRepository,
) -> None:
    made = {record(secrets.token_hex(16)) for _ in range(5)}
    for each in made:
        repository.add(each)
    seen: list[ImageRecord] = []
    while page := repository.by_id(seen[-1].id if seen else "", 2):
        seen += page
    assert made <= set(seen)
    assert [each.id for each in seen] == sorted({each.id for each in seen})


def test_lists_are_newest_first_one_owners_and_paged_without_gap_or_repeat(
    repository: SqlImageRepository, owner: str
) -> None:
    # Three of each moment: the id decides between them.
    mine = [record(owner, NOON + timedelta(seconds=n // 3)) for n in range(9)]
    for each in [*mine, record(secrets.token_hex(16))]:
        repository.add(each)
    expected = sorted(mine, key=lambda each: (each.created_at, each.id), reverse=True)
    paged: list[ImageRecord] = []
    while page := repository.of_owner(owner, 2, paged[-1] if paged else None):
        paged += page
    assert paged == expected


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        pytest.param(None, None, [2, 1, 0], id="all"),
        pytest.param(timedelta(hours=1), None, [2, 1], id="since is included"),
        pytest.param(None, timedelta(hours=1), [0], id="until is not"),
        pytest.param(timedelta(hours=1), timedelta(hours=2), [1], id="both"),
    ],
)
@pytest.mark.parametrize("zone", [0, 5.5, -8], ids="utc{:+}".format)
def test_dates_choose_whatever_their_time_zone(
    repository: SqlImageRepository,
    owner: str,
    since: timedelta | None,
    until: timedelta | None,
    expected: list[int],
    zone: float,
) -> None:
    local = NOON.astimezone(timezone(timedelta(hours=zone)))
    mine = [record(owner, NOON + timedelta(hours=n)) for n in range(3)]
    for each in mine:
        repository.add(each)
    bounds = [None if bound is None else local + bound for bound in (since, until)]
    assert repository.of_owner(owner, 9, None, *bounds) == [mine[n] for n in expected]


@given(filename=st.text(st.characters(exclude_categories=[]), max_size=50))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_file_name_is_kept_as_text(
    repository: SqlImageRepository, owner: str, filename: str
) -> None:
    added = record(owner, filename=filename)
    repository.add(added)
    kept = repository.get(added.id).filename
    assert len(kept) == len(filename) or "\ud800" <= max(filename) <= "\udfff"
    if "\0" not in filename and not any("\ud800" <= letter <= "\udfff" for letter in filename):
        assert kept == filename


def test_a_record_whose_id_is_taken_is_refused_and_the_first_stays(
    repository: SqlImageRepository, owner: str
) -> None:
    added = record(owner)
    repository.add(added)
    with pytest.raises(StreamappError):
        repository.add(added)
    assert repository.get(added.id) == added


def test_many_threads_write_at_once(repository: SqlImageRepository, owner: str) -> None:
    failed: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(5):
                repository.add(record(owner))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    assert len(repository.of_owner(owner, 100)) == 30


def _new_sqlite(tmp_path: Path, _postgres: Callable[[], Postgres]) -> str:
    return f"sqlite:///{tmp_path / 'new.sqlite3'}"


def _new_postgresql(_tmp_path: Path, postgres: Callable[[], Postgres]) -> str:
    name = f"new_{secrets.token_hex(4)}"
    engine = Database(postgres().url).engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return sa.make_url(postgres().url).set(database=name).render_as_string(hide_password=False)


@pytest.mark.parametrize("make", [_new_sqlite, _new_postgresql], ids=["sqlite", "postgresql"])
def test_processes_that_start_together_bring_the_schema_up_to_date_once(
    make: Callable[[Path, Callable[[], Postgres]], str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    url = make(tmp_path, lambda: request.getfixturevalue("postgres"))
    databases = [Database(url) for _ in range(4)]
    with pytest.raises(Unavailable, match="db upgrade"):
        databases[0].check()
    failed: list[BaseException] = []

    def upgrade(database: Database) -> None:
        try:
            database.upgrade()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=upgrade, args=[each]) for each in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    for each in databases:
        each.check()
        each.engine.dispose()
    with databases[0].transaction() as connection:
        assert migrate.is_newest(connection)
    databases[0].engine.dispose()


def test_a_database_that_went_away_is_told_and_found_again(postgres: Postgres, owner: str) -> None:
    database = Database(postgres.url)
    database.upgrade()
    repository = SqlImageRepository(database)
    repository.add(added := record(owner))
    postgres.stop()
    try:
        for _ in range(2):
            with pytest.raises(Unavailable):
                repository.get(added.id)
            with pytest.raises(Unavailable):
                repository.check()
    finally:
        postgres.start()
    assert wait_until(lambda: repository.get(added.id) == added, 10)
    repository.check()
    database.engine.dispose()


def test_a_pool_with_no_connection_left_is_told(postgres: Postgres) -> None:
    database = Database(postgres.url)
    database.engine = sa.create_engine(
        database.engine.url, pool_size=1, max_overflow=0, pool_timeout=0.1
    )
    with database.transaction(), pytest.raises(Unavailable), database.transaction():
        pass
    database.engine.dispose()


def test_an_unknown_driver_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="oracle"):
        Database("postgresql+oracle://localhost/faces")


class _Relay(socketserver.BaseRequestHandler):
    """Bytes to the database's socket in its folder, and back."""

    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as database:
            database.connect(self.server.target)  # type: ignore[attr-defined]
            ways = {self.request: database, database: self.request}
            while True:
                for source in select.select(list(ways), [], [])[0]:
                    if not (data := source.recv(65536)):
                        return
                    ways[source].sendall(data)


@contextmanager
def relay(target: str) -> Iterator[int]:
    """A port of this machine that leads to the socket ``target``."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Relay) as server:
        server.target = target  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_a_host_is_looked_up_by_us_and_its_next_address_is_tried(postgres: Postgres) -> None:
    folder = sa.make_url(postgres.url).query["host"]
    with relay(f"{folder}/.s.PGSQL.5432") as port:
        database = Database(f"postgresql://postgres@localhost:{port}/postgres")
        with database.transaction() as connection:
            driver: Any = connection.connection.dbapi_connection
            known = driver.info.dsn_parameters
        assert "127.0.0.1" in known["hostaddr"].split(",")
        assert set(known["host"].split(",")) == {"localhost"}
        database.engine.dispose()


@pytest.mark.parametrize(
    "host", ["nobody.invalid", "a" * 64], ids=["a name of nobody", "no name at all"]
)
def test_a_host_that_is_not_found_is_an_outage(host: str) -> None:
    database = Database(f"postgresql://postgres@{host}/postgres")
    with pytest.raises(Unavailable):
        database.check()


def test_a_step_of_the_schema_may_take_its_time(postgres: Postgres) -> None:
    database = Database(postgres.url)
    with migrate.alone(database.engine) as connection:
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "0"
    with database.transaction() as connection:
        assert connection.scalar(sa.text("SHOW statement_timeout")) != "0"
    database.engine.dispose()
