"""Pages speak the reader's language, where they know it whole."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from bench.servers import ROOT
from streamapp.web.german import GERMAN
from tests.web.conftest import upload

_TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").glob("*.html"))
    if path.stem != "api"  # written for programmers, from descriptions that are English
]
_VIEWS = sorted((ROOT / "streamapp" / "web").glob("*.py"))
_SAID = (
    (_TEMPLATES, r"""_\((?:"([^"]+)"|'([^']+)')\)"""),
    (_VIEWS, r"""in_page_language\(\s*(?:"([^"]+)"|'([^']+)')\s*\)"""),
)


_ENGLISH = {english.rstrip(".:") for english, german in GERMAN.items() if english != german}
_PHOTO_PAGES = ("/images", "/images/{id}", "/images/{id}/delete")


class _Said(HTMLParser):
    """Every text of a page that a person sees or hears; what is marked as English is left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._silent = tag in ("script", "style") or given.get("lang") == "en"
        self.texts += [given.get(name) or "" for name in ("aria-label", "alt", "title")]

    def handle_endtag(self, _tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


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
    [
        ("/sessions", "Noch keine Aufzeichnungen"),
        ("/wall", "Noch wird nichts gezählt"),
        ("/upload", "Gesichter in Fotos zählen"),
        ("/images", "Noch keine Fotos"),
        ("/images/nowhere", "Hier ist nichts"),
        ("/nowhere", "Hier ist nichts"),
        ("/offline", "Sie sind offline"),
    ],
)
def test_every_page_for_people_speaks_german(client: FlaskClient, path: str, german: str) -> None:
    page = client.get(path, headers={"Accept": "text/html", "Accept-Language": "de"}).text
    assert german in page
    assert '<html lang="de"' in page
    assert not re.search(">(Peak|Photos|Live count|Show more|Try again)<", page)


@pytest.mark.parametrize(
    "path",
    ["/", "/upload", *_PHOTO_PAGES, "/sessions", "/wall", "/watch/nowhere", "/nowhere", "/offline"],
)
def test_no_german_page_says_anything_in_english(client: FlaskClient, path: str) -> None:
    photo = upload(client)["id"] if path in _PHOTO_PAGES else ""
    asked = path.replace("{id}", photo)
    page = client.get(asked, headers={"Accept": "text/html", "Accept-Language": "de"}).text
    said = {" ".join(text.split()).rstrip(".:") for text in _Said(page).texts} - {""}
    assert said
    assert said & _ENGLISH == set()


def test_the_page_for_programmers_is_english_as_a_whole(client: FlaskClient) -> None:
    page = client.get("/api", headers={"Accept-Language": "de"}).text
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
    used = {
        double or single
        for paths, pattern in _SAID
        for path in paths
        for double, single in re.findall(pattern, path.read_text())
    }
    assert used - {"English text"} == set(GERMAN)
