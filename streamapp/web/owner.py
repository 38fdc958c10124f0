"""Who uploaded what: an anonymous owner in Flask's signed session cookie."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import session


@dataclass(frozen=True)
class Owner:
    """``known`` tells whether the browser came with its cookie or gets one with this answer."""

    id: str
    known: bool


def current_owner() -> Owner:
    """The owner behind this request, made on the spot where there is none."""
    known = session.get("owner")
    if isinstance(known, str):
        return Owner(known, known=True)
    owner = secrets.token_hex(16)
    become(owner)
    return Owner(owner, known=False)


def become(owner: str) -> None:
    """Have this browser's cookie stand for ``owner`` from now on."""
    session.permanent = True
    session["owner"] = owner
