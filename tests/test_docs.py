"""What the README and docs promise, held against the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from streamapp.config import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
ALL_TEXT = "\n".join(page.read_text() for page in PAGES)
ROWS = dict(re.findall(r"^\| ([A-Z][A-Z0-9_]+) \| (.*?) \|", README, re.MULTILINE))
# Read by gunicorn.conf.py, not by us.
NOT_OURS = {"PORT"}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_has_its_row_with_its_default(setting: object) -> None:
    assert setting.key in ROWS, f"{setting.key} is missing in the README's table"
    try:
        default = setting.default({})
    except KeyError:
        return  # made from another setting; the row says so in words
    if isinstance(default, int | float) and not isinstance(default, bool):
        shown = ROWS[setting.key].replace(",", "")
        assert str(default) in shown or not shown[0].isdigit()


def test_the_table_has_no_setting_that_does_not_exist() -> None:
    assert set(ROWS) - {setting.key for setting in SETTINGS} == NOT_OURS


def test_every_route_is_described(app: Flask) -> None:
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", "<id>", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    }
    described = re.sub(r"\{id\}", "<id>", ALL_TEXT)
    undescribed = sorted(
        rule
        for rule in rules
        # `…/annotated` stands for the same address as the row's first
        if rule not in described and f"…/{rule.rpartition('/')[2]}" not in described
    )
    assert undescribed == []


@pytest.mark.parametrize("command", ["detect", "purge", "db upgrade", "config"])
def test_every_command_is_described(command: str) -> None:
    assert f"flask --app streamapp {command}" in README


@pytest.mark.parametrize(
    "word",
    [
        "frame",
        "configure",
        "reset",
        "status",
        "superseded",
        "busy",
        "invalid_frame",
        "frame_too_large",
        "rate_limited",
        "draining",
        "tracks_seen",
        "dropped",
        "capture",
        *("recording", "share", "state", "count", "gone", "revoked", "refused"),
    ],
)
def test_the_protocol_page_has_every_word_of_the_contract(word: str) -> None:
    assert f"`{word}`" in (ROOT / "docs/protocol.md").read_text() or f'"{word}"' in ALL_TEXT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_inside_the_project_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    inside = [target for target in targets if not re.match(r"\w+:", target)]
    assert [target for target in inside if not (page.parent / target).exists()] == []


def test_every_attack_names_a_test_that_exists() -> None:
    page = (ROOT / "docs/security.md").read_text()
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", page)
    assert len(named) > 10
    assert [name for name in named if f"def {name}(" not in tests] == []
