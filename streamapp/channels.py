"""What clients wish beside being counted: a name, a recording, viewers.

`Channels` holds one `Channel` a client. What a client asks for is checked whole before anything of
it is done: a refused wish changes nothing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from streamapp.channel import Channel
from streamapp.errors import Busy, InputError, InvalidParameter, StreamappError, TooManyRequests
from streamapp.links import LinkService, digest
from streamapp.moments import iso, now_ms
from streamapp.recording import Recorder
from streamapp.sessions import SessionService, clean_name
from streamapp.streaming import StreamService
from streamapp.watching import Watching

_NO_OWNER = (
    "Nothing can be kept for a client without this site's cookie. Open the page / first, allow "
    "its cookie, and connect with it."
)


@dataclass(frozen=True)
class _Wishes:
    """Of ``configure``, checked; None: not asked for."""

    name: str | None
    blur: bool | None
    recording: bool | None
    session: str | None

    @property
    def are_kept(self) -> bool:
        """Whether they reach the database."""
        return (self.name, self.recording, self.session) != (None, None, None)


class Channels:
    """All channels of this process."""

    def __init__(
        self,
        streams: StreamService,
        sessions: SessionService,
        links: LinkService,
        watching: Watching,
        now: Callable[[], int] = now_ms,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._streams = streams
        self._sessions = sessions
        self._links = links
        self._watching = watching
        self._now = now
        self._clock = clock
        self._channels: dict[str, Channel] = {}
        # Whoever carries the events puts its own here: (client, what holds now) -> None.
        self.notify: Callable[[str, dict[str, Any]], None] = lambda _client, _content: None
        streams.counted = self._counted
        sessions.lost = self._lost

    def open(self, client: str, owner: str | None) -> None:
        """A client has connected, with its owner's cookie or without."""
        self._channels[client] = Channel(secrets.token_hex(8), client, owner, self._now())

    def close(self, client: str) -> None:
        """A client has gone; its session waits for its return."""
        channel = self._channels.pop(client, None)
        if channel is None:
            return
        if channel.recorder is not None:
            self._sessions.leave(channel.recorder, client)
        self._watching.gone(channel)

    def tick(self) -> None:
        """Tell viewers what is new."""
        self._watching.tick(list(self._channels.values()), self._now())

    def configure(self, client: str, options: object) -> dict[str, Any]:
        """Take the wishes of docs/protocol.md's ``configure``; returns what holds from now on.

        Raises InputError, Busy or Unavailable, and then changes nothing.
        """
        if not isinstance(options, dict):
            raise InvalidParameter("configure takes an object such as {'detector': 'yunet'}.")
        session, channel = self._streams.session(client), self._channel(client)
        with channel.lock:
            live = session.wished(options)
            wishes = _wishes(options)
            if wishes.are_kept:
                self._charge(channel)
            self._record(channel, wishes, session.tracks_seen - session.count)
            session.apply(live)
            if wishes.blur is not None:
                channel.blur = wishes.blur
            return {
                "detector": live.detector,
                "min_face": live.min_face,
                "blur": channel.blur,
                **_holds(channel),
            }

    def share(self, client: str, options: object) -> str | None:
        """Take ``{"on": bool, "token"?}``; returns the token under which the stream is watched.

        Raises InputError, Busy or Unavailable, and then changes nothing.
        """
        on = options.get("on") if isinstance(options, dict) else None
        if not isinstance(options, dict) or not isinstance(on, bool):
            raise InvalidParameter('share takes {"on": true} or {"on": false}.')
        channel = self._channel(client)
        with channel.lock:
            self._charge(channel)
            if not on:
                self._unshare(channel)
            elif channel.owner is None:
                raise InputError(_NO_OWNER)
            elif options.get("token") is not None:
                self._links.go_on(options["token"], channel.owner, channel.name)
                self._share(channel, options["token"])
            elif channel.token is None:
                self._share(channel, self._links.make_watch(channel.owner, channel.name))
            return channel.token

    def _record(self, channel: Channel, wishes: _Wishes, tracks: int) -> None:
        """Do what is wished of name and recording; the database comes first, as it may fail."""
        name = channel.name if wishes.name is None else wishes.name
        before = channel.recorder
        asked = wishes.session is not None if wishes.recording is None else wishes.recording
        recorder = before
        if wishes.recording is False:
            recorder = None
        elif asked and (before is None or wishes.session not in (None, before.id)):
            recorder = self._begin(channel, wishes.session, name, tracks)
        if recorder is not None and recorder.name != name:
            name = self._named(recorder, channel, wishes.name)
        if before is not None and recorder is not before:
            self._sessions.stop(before, channel.client)
        channel.name, channel.recorder = name, recorder
        if recorder is not None and self._channels.get(channel.client) is not channel:
            self._sessions.leave(recorder, channel.client)  # it has gone meanwhile

    def _begin(self, channel: Channel, session: str | None, name: str, tracks: int) -> Recorder:
        if channel.owner is None:
            raise InputError(_NO_OWNER)
        if session is not None:
            recorder = self._sessions.resume(session, channel.owner, channel.client)
            if recorder is not None:
                return recorder
        return self._sessions.begin(channel.owner, name, channel.client, tracks)

    def _named(self, recorder: Recorder, channel: Channel, name: str | None) -> str:
        """Rename the session as wished; without a wish its stream takes over the session's."""
        if name is None:
            return recorder.name
        try:
            return self._sessions.rename(recorder.id, recorder.owner, name).name
        except StreamappError:
            if recorder is not channel.recorder:  # gone on with, but the wish is refused as a whole
                self._sessions.leave(recorder, channel.client)
            raise

    def _share(self, channel: Channel, token: str) -> None:
        link = digest(token)
        for other in list(self._channels.values()):
            if other.link == link and other is not channel:  # its own, before it came back
                self._watching.gone(other)
                other.token = other.link = None
        if channel.link not in (None, link):
            self._watching.gone(channel)
        channel.token, channel.link = token, link
        self._watching.announce(channel, self._now())

    def _unshare(self, channel: Channel) -> None:
        if channel.link is None:
            return
        link = channel.link
        self._links.revoke(link)
        channel.token = channel.link = None
        self._watching.revoke(link)
        self._watching.changed(channel)

    def _charge(self, channel: Channel) -> None:
        now = self._clock()
        wait = channel.changes.wait(now)
        if wait > 0:
            raise TooManyRequests(
                f"Names, recordings and links change too often. Try again in {wait:.0f} s.",
                int(wait) + 1,
            )
        channel.changes.spend(now)

    def _channel(self, client: str) -> Channel:
        try:
            return self._channels[client]
        except KeyError:
            raise Busy("This connection has gone. Connect again.") from None

    def _counted(self, client: str, answer: dict[str, Any]) -> None:
        """On a frame's way."""
        channel = self._channels.get(client)
        if channel is not None:
            channel.note(self._now(), answer)

    def _lost(self, client: str, session: str, why: str) -> None:
        channel = self._channels.get(client)
        if channel is None or channel.recorder is None or channel.recorder.id != session:
            return
        channel.recorder = None
        self.notify(client, {**_holds(channel), "reason": why})


def _holds(channel: Channel) -> dict[str, Any]:
    recorder = channel.recorder
    session = None
    if recorder is not None:
        session = {
            "id": recorder.id,
            "name": recorder.name,
            "started_at": iso(recorder.started_at),
        }
    return {
        "name": channel.name,
        "recording": recorder is not None,
        "stream": channel.stream,
        "session": session,
    }


def _wishes(options: dict[str, Any]) -> _Wishes:
    name, session = options.get("name"), options.get("session")
    for key in ("blur", "recording"):
        if key in options and not isinstance(options[key], bool):
            raise InvalidParameter(f"{key} is {options[key]!r:.40}; allowed: true or false.")
    if session is not None and not isinstance(session, str):
        raise InvalidParameter(f"session is {session!r:.40}; allowed: the id of a session.")
    return _Wishes(
        clean_name(name) if name is not None else None,
        options.get("blur"),
        options.get("recording"),
        session,
    )
