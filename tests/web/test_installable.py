"""The page as an app: small to load, installable, honest when offline."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

from flask.testing import FlaskClient

from bench.servers import ROOT

_BUDGET_BYTES = 150_000
_IMPORT = re.compile(r"""(?:import|from)\s*["'](\./[^"']+)["']|new URL\(["'](\./[^"']+)["']""")


def _modules(path: Path, seen: set[Path]) -> set[Path]:
    """``path`` and whatever it imports."""
    if path not in seen:
        seen.add(path)
        for groups in _IMPORT.findall(path.read_text()):
            _modules((path.parent / next(filter(None, groups))).resolve(), seen)
    return seen


def test_the_first_load_is_within_its_budget(client: FlaskClient) -> None:
    page = client.get("/").text
    named = set(re.findall(r'(?:href|src)="(/static/[^"?]+)', page))
    named |= set(re.findall(r'"(/static/vendor/[^"]+)"', page))
    files = {ROOT / address.removeprefix("/") for address in named}
    files = set().union(*(_modules(f, set()) if f.suffix == ".js" else {f} for f in files))
    assert len(files) > 30
    sizes = {file.name: len(gzip.compress(file.read_bytes(), 6)) for file in files}
    total = len(gzip.compress(page.encode(), 6)) + sum(sizes.values())
    assert total <= _BUDGET_BYTES, sorted(sizes.items(), key=lambda item: -item[1])


def test_the_worker_rules_over_the_whole_site_and_is_never_old(client: FlaskClient) -> None:
    answer = client.get("/service-worker.js")
    assert answer.mimetype in ("text/javascript", "application/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_worker_keeps_nothing_but_the_page_for_being_offline(client: FlaskClient) -> None:
    worker = client.get("/service-worker.js").text
    listed = re.search(r"PARTS = \[(.*?)\]", worker, re.DOTALL)
    assert listed
    kept = re.findall(r'"([^"]+)"', listed[1]) + re.findall(r'OFFLINE = "([^"]+)"', worker)
    assert all(path == "/offline" or path.startswith("/static/") for path in kept)
    assert {client.get(path).status_code for path in kept} == {200}
    # One place puts into a cache, and only that list.
    assert re.findall(r"\.(put|add|addAll)\(", worker) == ["addAll"]


def test_the_manifest_names_icons_that_are_there(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.data)
    assert manifest["start_url"] == "/"
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).status_code == 200
    assert "/manifest.webmanifest" in client.get("/").text
