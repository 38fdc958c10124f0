"""Secret links: kept as hashes, used once, revoked, expired."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from streamapp.concurrency import directly
from streamapp.database import Database
from streamapp.errors import NotFound
from streamapp.link_repository import SqlLinkRepository
from streamapp.links import JOIN_MS, LinkService, digest
from streamapp.models import links as table

DAY = 86_400_000


class Clock:
    """Milliseconds since 1970 that pass when told to."""

    now = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    database.upgrade()
    return database


@pytest.fixture
def links(database: Database, clock: Clock) -> LinkService:
    return LinkService(SqlLinkRepository(database), directly, 30, clock)


def test_a_token_is_in_the_database_as_its_hash_only(
    links: LinkService, database: Database
) -> None:
    token = links.make_watch("ann", "Hall")
    assert links.watched(token).name == "Hall"
    with database.transaction() as connection:
        (row,) = connection.execute(sa.select(table)).all()
    assert token not in str(row)
    assert row.token_hash == digest(token)


@pytest.mark.parametrize(
    "token", [None, 7, "", "x", "x" * 31, "x" * 33, "é" * 32, ["a"], "a" * 31 + "\0"], ids=repr
)
def test_what_is_no_token_opens_nothing(token: object, links: LinkService) -> None:
    links.make_watch("ann", "")
    for attempt in (links.watched, links.join, lambda t: links.go_on(t, "ann", "")):
        with pytest.raises(NotFound):
            attempt(token)
    assert not links.may_join(token)


def test_a_revoked_link_stays_revoked(links: LinkService) -> None:
    token = links.make_watch("ann", "")
    links.revoke(digest(token))
    with pytest.raises(NotFound):
        links.watched(token)
    with pytest.raises(NotFound):
        links.go_on(token, "ann", "")


def test_only_its_owner_goes_on_with_a_link(links: LinkService) -> None:
    token = links.make_watch("ann", "Hall")
    links.go_on(token, "ann", "Yard")
    assert links.watched(token).name == "Yard"
    with pytest.raises(NotFound):
        links.go_on(token, "bob", "Mine")


def test_a_device_joins_once_and_in_time(links: LinkService, clock: Clock) -> None:
    token = links.make_join("ann")
    assert links.may_join(token)
    assert links.may_join(token), "a look does not use it up"
    assert links.join(token) == "ann"
    assert not links.may_join(token)
    with pytest.raises(NotFound):
        links.join(token)
    late = links.make_join("ann")
    clock.now += JOIN_MS
    with pytest.raises(NotFound):
        links.join(late)


def test_a_link_of_one_kind_is_none_of_the_other(links: LinkService) -> None:
    watch, join = links.make_watch("ann", ""), links.make_join("ann")
    for attempt in (lambda: links.join(watch), lambda: links.watched(join)):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(NotFound):
        links.go_on(join, "ann", "")


def test_expired_and_unused_links_are_purged(links: LinkService, clock: Clock) -> None:
    used, unused = links.make_watch("ann", ""), links.make_watch("ann", "")
    links.make_join("ann")
    clock.now += JOIN_MS
    assert links.purge() == 1
    clock.now += 29 * DAY
    links.go_on(used, "ann", "")
    clock.now += DAY
    assert links.purge() == 1
    assert links.valid({digest(used), digest(unused)}) == {digest(used)}
