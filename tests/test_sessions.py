"""Sessions on a real database: recorded, taken over, ended, expired; held while it is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from streamapp.database import Database
from streamapp.errors import InvalidParameter, NotFound, Unavailable
from streamapp.models import session_counts, sessions
from streamapp.recording import Recorder
from streamapp.session_repository import SqlSessionRepository
from streamapp.sessions import RETURN_MS, SessionService, clean_name

START = 1_700_000_000_000
DAY = 86_400_000


class Clock:
    """Milliseconds since 1970 that pass when told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


class Way:
    """To the database, as long as it is open."""

    def __init__(self) -> None:
        self.open = True
        self.answers = True

    def __call__(self, function: Callable[..., Any], /, *args: object) -> Any:
        if not self.open:
            raise Unavailable("The database is away. Try again in a moment.")
        result = function(*args)
        if not self.answers:
            raise Unavailable("Done, but the answer got lost.")
        return result


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Up to date, and without sessions."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'test.sqlite3'}"
    else:
        url = request.getfixturevalue("postgres").url
    database = Database(url)
    database.upgrade()
    with database.transaction() as connection:
        connection.execute(sessions.delete())
        connection.execute(session_counts.delete())
    yield database
    database.engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def way() -> Way:
    return Way()


@pytest.fixture
def service(database: Database, way: Way, clock: Clock) -> SessionService:
    return SessionService(SqlSessionRepository(database), way, 30, clock)


def another_process(service: SessionService) -> SessionService:
    return SessionService(service._repository, service._execute, 30, service._now)


def count(recorder: Recorder, clock: Clock, counts: list[int]) -> list[tuple[int, int]]:
    """One frame a second; returns the samples it makes."""
    samples = []
    for number in counts:
        clock.now += 1000
        recorder.note(clock.now, number, max(counts))
        samples.append((clock.now, number))
    return samples


def samples_of(service: SessionService, session_id: str) -> list[tuple[int, int]]:
    return [sample for page in service.samples(session_id) for sample in page]


def test_what_was_counted_is_kept_and_summed_up(service: SessionService, clock: Clock) -> None:
    recorder = service.begin("ann", "Hall", "a", 0)
    samples = count(recorder, clock, [0, 1, 3, 0])
    record = service.get(recorder.id, "ann")
    assert (record.peak, record.tracks_seen, record.samples, record.average) == (3, 3, 4, 1.0)
    assert (record.name, record.started_at, record.ended_at) == ("Hall", START, None)
    service.stop(recorder, "a")
    assert service.get(recorder.id, "ann").ended_at == clock.now
    assert samples_of(service, recorder.id) == samples


def test_a_session_is_its_owners_alone(service: SessionService, clock: Clock) -> None:
    recorder = service.begin("ann", "Hall", "a", 0)
    count(recorder, clock, [1])
    for attempt in (
        lambda: service.get(recorder.id, "bob"),
        lambda: service.rename(recorder.id, "bob", "Mine"),
        lambda: service.delete(recorder.id, "bob"),
        lambda: service.resume(recorder.id, "bob", "b"),
        lambda: service.get("no id\0", "ann"),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert service.of_owner("bob", 10) == []
    with pytest.raises(InvalidParameter):
        service.of_owner("bob", 10, before=recorder.id)


def test_lists_go_on_where_the_last_page_ended(service: SessionService, clock: Clock) -> None:
    ids = []
    for number in range(3):
        clock.now += number  # the first two began in the same millisecond
        ids.append(service.begin("ann", f"{number}", "a", 0).id)
    first = service.of_owner("ann", 2)
    rest = service.of_owner("ann", 2, before=first[-1].id)
    assert sorted(record.id for record in first + rest) == sorted(ids)
    assert first[0].id == ids[2]


def test_nothing_is_lost_and_nothing_doubled_while_the_database_is_away(
    service: SessionService, way: Way, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    recorder = service.begin("ann", "", "a", 0)
    samples = count(recorder, clock, [1, 2])
    way.open = False
    service.flush()
    samples += count(recorder, clock, [3])
    service.flush()
    assert "3 samples wait for the database" in caplog.text
    way.open, way.answers = True, False
    service.flush()  # it arrives, and nobody hears of it
    samples += count(recorder, clock, [0])
    way.answers = True
    service.flush()
    record = service.get(recorder.id, "ann")
    assert samples_of(service, recorder.id) == samples
    assert (record.samples, record.total, record.peak) == (4, 6, 3)


def test_a_client_comes_back_to_its_session_in_time_and_not_later(
    service: SessionService, clock: Clock
) -> None:
    recorder = service.begin("ann", "", "a", 0)
    count(recorder, clock, [1])
    service.leave(recorder, "a")
    clock.now += RETURN_MS
    service.flush()
    assert service.resume(recorder.id, "ann", "a again") is recorder
    left_at = clock.now
    service.leave(recorder, "a again")
    clock.now += RETURN_MS + 1
    service.flush()
    assert service.resume(recorder.id, "ann", "too late") is None
    assert service.get(recorder.id, "ann").ended_at == left_at


def test_the_newer_of_two_clients_records_and_the_older_is_told(service: SessionService) -> None:
    lost: list[tuple[str, str, str]] = []
    service.lost = lambda *what: lost.append(what)
    recorder = service.begin("ann", "", "a", 0)
    service.resume(recorder.id, "ann", "b")
    assert lost == [("a", recorder.id, "taken_over")]
    service.leave(recorder, "a")  # its goodbye comes late
    assert recorder.holder == "b"


def test_a_session_goes_on_in_another_process_with_the_samples_of_both(
    service: SessionService, clock: Clock
) -> None:
    lost: list[tuple[str, str, str]] = []
    service.lost = lambda *what: lost.append(what)
    here = service.begin("ann", "", "a", 0)
    samples = count(here, clock, [1, 2])
    other = another_process(service)
    there = other.resume(here.id, "ann", "b")
    assert there is not None
    samples += count(there, clock, [4])
    other.flush()
    service.flush()
    assert lost == [("a", here.id, "taken_over")]
    assert samples_of(service, here.id) == samples
    assert service.get(here.id, "ann").total == 7


def test_what_a_killed_process_left_open_is_ended(service: SessionService, clock: Clock) -> None:
    recorder = service.begin("ann", "", "a", 0)
    count(recorder, clock, [1])
    service.flush()
    seen_at = clock.now
    clock.now += DAY
    heir = another_process(service)
    heir.flush()
    assert heir.get(recorder.id, "ann").ended_at is None, "whoever was cut off may come back"
    clock.now += RETURN_MS + 1
    heir.flush()
    assert heir.get(recorder.id, "ann").ended_at == seen_at


def test_a_deleted_session_is_recorded_no_more(service: SessionService, clock: Clock) -> None:
    lost: list[tuple[str, str, str]] = []
    service.lost = lambda *what: lost.append(what)
    recorder = service.begin("ann", "", "a", 0)
    count(recorder, clock, [1])
    another_process(service).delete(recorder.id, "ann")
    service.flush()
    assert lost == [("a", recorder.id, "deleted")]
    assert samples_of(service, recorder.id) == []
    mine = service.begin("ann", "", "a", 0)
    service.delete(mine.id, "ann")
    assert lost[1:] == [("a", mine.id, "deleted")]


def test_switched_on_and_off_again_leaves_nothing(service: SessionService) -> None:
    service.stop(service.begin("ann", "", "a", 0), "a")
    assert service.of_owner("ann", 10) == []


def test_what_is_older_than_the_retention_is_not_shown_and_purged(
    service: SessionService, clock: Clock
) -> None:
    recorder = service.begin("ann", "", "a", 0)
    count(recorder, clock, [1])
    service.stop(recorder, "a")
    clock.now += 30 * DAY - 1
    assert len(service.of_owner("ann", 10)) == 1
    clock.now += 2
    assert service.of_owner("ann", 10) == []
    with pytest.raises(NotFound):
        service.get(recorder.id, "ann")
    assert service.purge() == 1
    assert samples_of(service, recorder.id) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [("", ""), (" Hall  2 ", "Hall 2"), ("a\0b\nc\ud800d", "a b c d"), ("Küche 🎉", "Küche 🎉")],
)
def test_a_name_is_one_line_that_every_database_takes(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.parametrize("name", [None, 7, ["a"], "x" * 81], ids=repr)
def test_a_name_that_is_none_is_refused(name: object) -> None:
    with pytest.raises(InvalidParameter):
        clean_name(name)
