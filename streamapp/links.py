"""Links that are secrets: to watch a stream, and to join as another camera of the same owner.

A token has 192 random bits; the database has its SHA-256 only, so that who reads it cannot use
it. What is looked up is the hash, which tells nothing by the time it takes; it is compared once
more in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection

from streamapp.concurrency import Execute
from streamapp.errors import NotFound
from streamapp.link_repository import LinkRepository
from streamapp.models import LinkRecord
from streamapp.moments import days_before, now_ms

JOIN_MS = 600_000
_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)
_NO_MORE = "This link does not work any more. Ask whoever sent it for a new one."


class LinkService:
    """Makes, checks and revokes links. ``execute`` is how the database is reached."""

    def __init__(
        self,
        repository: LinkRepository,
        execute: Execute,
        retention_days: int,
        now: Callable[[], int] = now_ms,
    ) -> None:
        self._repository = repository
        self._execute = execute
        self._retention_days = retention_days
        self._now = now

    def make_watch(self, owner: str, name: str) -> str:
        """A new token under which a stream of the owner's may be watched. Raises Unavailable."""
        return self._make("watch", owner, name, None)

    def go_on(self, token: object, owner: str, name: str) -> None:
        """Share under a token of one's own again. Raises NotFound, Unavailable."""
        if not self._execute(self._repository.use, digest(token), owner, name, self._now()):
            raise NotFound("This link was revoked, or is not yours. Share anew to get another.")

    def watched(self, token: object) -> LinkRecord:
        """The link to watch. Raises NotFound, Unavailable."""
        return self._checked(
            self._execute(self._repository.get, digest(token), "watch", self._now()), token
        )

    def revoke(self, link: str) -> None:
        """The link of this hash is one no more. Raises Unavailable."""
        self._execute(self._repository.delete, link)

    def valid(self, links: Collection[str]) -> set[str]:
        """Which of these hashes are links still. Raises Unavailable."""
        return self._execute(self._repository.valid, links, self._now())

    def make_join(self, owner: str) -> str:
        """A token for one device to join the owner, for ten minutes. Raises Unavailable."""
        return self._make("join", owner, "", self._now() + JOIN_MS)

    def may_join(self, token: object) -> bool:
        """Whether the token is good; it stays so. Raises Unavailable."""
        found = self._execute(self._repository.get, digest(token), "join", self._now())
        return found is not None

    def join(self, token: object) -> str:
        """The owner who is joined; the token is used up. Raises NotFound, Unavailable."""
        found = self._execute(self._repository.take, digest(token), "join", self._now())
        return self._checked(found, token).owner

    def purge(self) -> int:
        """Delete links that expired or were not used for the retention. Raises Unavailable."""
        now = self._now()
        return self._execute(self._repository.purge, days_before(now, self._retention_days), now)

    def _make(self, kind: str, owner: str, name: str, expires_at: int | None) -> str:
        token = secrets.token_urlsafe(24)
        record = LinkRecord(digest(token), kind, owner, name, self._now(), expires_at)
        self._execute(self._repository.add, record)
        return token

    def _checked(self, record: LinkRecord | None, token: object) -> LinkRecord:
        if record is None or not hmac.compare_digest(record.token_hash, digest(token)):
            raise NotFound(_NO_MORE)
        return record


def digest(token: object) -> str:
    """What is kept of a token; of what cannot be one, a hash that no token has."""
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return ""
    return hashlib.sha256(token.encode()).hexdigest()
