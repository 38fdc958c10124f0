"""The language and the colours of a page, as chosen in its settings or by its browser.

Both choices come as cookies, so that a page is right from its first paint. Templates write
``_("English text")``, views ``in_page_language("English text")``; `german` has the German for it.
A further language is a module like that one, a row in ``CATALOGUES``, and a catalogue in
``static/js/i18n/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, has_request_context, request

from streamapp.web.german import GERMAN

CATALOGUES: Mapping[str, Mapping[str, str]] = {"en": {}, "de": GERMAN}
_THEMES = ("light", "dark")
# Written for programmers, from descriptions that are English.
_ENGLISH = "api_page."


def install(app: Flask) -> None:
    """Hand ``_``, ``lang`` and ``theme`` to every template."""

    @app.context_processor
    def _speak() -> dict[str, Any]:
        return {"_": in_page_language, "lang": page_language(), "theme": _theme()}

    @app.after_request
    def _vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.update(("Accept-Language", "Cookie"))
        return response


def page_language() -> str:
    """The code of the language in which the page of this request is written."""
    if not has_request_context() or (request.endpoint or "").startswith(_ENGLISH):
        return "en"
    chosen = request.cookies.get("language", "")
    if chosen in CATALOGUES:
        return chosen
    return request.accept_languages.best_match(list(CATALOGUES), default="en") or "en"


def in_page_language(text: str) -> str:
    """An English text of ours as the page of this request has it."""
    return CATALOGUES[page_language()].get(text, text)


def _theme() -> str:
    chosen = request.cookies.get("theme", "") if has_request_context() else ""
    return chosen if chosen in _THEMES else "auto"
