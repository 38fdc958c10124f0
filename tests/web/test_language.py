"""Pages speak the reader's language, where they know it whole."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from bench.servers import ROOT
from streamapp.web.german import GERMAN

_TEMPLATES = (
    "base",
    "live",
    "live_dialogs",
    "sessions",
    "session",
    "session_parts",
    "watch",
    "wall",
    "join",
    "invite",
    "login",
)


@pytest.mark.parametrize(
    ("headers", "cookie", "lang"),
    [
        pytest.param({}, None, "en", id="no wish"),
        pytest.param({"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}, None, "de", id="browser"),
        pytest.param({"Accept-Language": "fr"}, None, "en", id="unknown to us"),
        pytest.param({"Accept-Language": "de"}, "en", "en", id="the choice wins"),
        pytest.param({"Accept-Language": "de"}, "xx", "de", id="a cookie of nonsense"),
    ],
)
def test_the_live_page_speaks_the_readers_language(
    client: FlaskClient, headers: dict[str, str], cookie: str | None, lang: str
) -> None:
    if cookie:
        client.set_cookie("language", cookie)
    page = client.get("/", headers=headers)
    assert f'<html lang="{lang}"' in page.text
    assert ("Kamera starten" in page.text) is (lang == "de")
    assert "Accept-Language" in page.headers["Vary"]


@pytest.mark.parametrize(
    ("path", "german"),
    [("/sessions", "Noch keine Aufzeichnungen"), ("/wall", "Noch wird nichts gezählt")],
)
def test_the_pages_of_sessions_and_watching_speak_german(
    client: FlaskClient, path: str, german: str
) -> None:
    page = client.get(path, headers={"Accept-Language": "de"}).text
    assert german in page
    assert "Peak" not in page


def test_a_page_without_german_is_english_as_a_whole(client: FlaskClient) -> None:
    page = client.get("/upload", headers={"Accept-Language": "de"}).text
    assert '<html lang="en"' in page
    assert ">Photos</a>" in page


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><', "auto")]
)
def test_the_chosen_colours_are_there_from_the_first_paint(
    client: FlaskClient, cookie: str, theme: str
) -> None:
    client.set_cookie("theme", cookie)
    assert f'data-theme="{theme}"' in client.get("/").text


def test_german_has_every_text_of_the_templates_and_no_other() -> None:
    used: set[str] = set()
    for name in _TEMPLATES:
        template = (ROOT / "templates" / f"{name}.html").read_text()
        used |= {a or b for a, b in re.findall(r"""_\((?:"([^"]+)"|'([^']+)')\)""", template)}
    assert used == set(GERMAN)
