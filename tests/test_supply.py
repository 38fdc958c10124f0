"""What the product is made of: pinned with hashes, its licences listed, advisories asked for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools import audit, licences

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.txt", "requirements-dev.txt"]
NEWEST = "requirements-newest.txt"  # without what it needs: the product has that
PYTHONS = ["3.11.0", "3.11.9", "3.12.4", "3.13.1"]


def entries(name: str) -> dict[str, str]:
    """Each pinned requirement with its lines."""
    blocks = re.split(r"^(?=\w)", (ROOT / name).read_text(), flags=re.MULTILINE)
    pairs = (block.split("==", 1) for block in blocks if "==" in block)
    return {re.sub(r"\[.*", "", pin): rest for pin, rest in pairs}


@pytest.mark.parametrize(("name", "fewest"), [*((name, 30) for name in LOCKS), (NEWEST, 1)])
def test_every_pin_has_its_hashes(name: str, fewest: int) -> None:
    pins = entries(name)
    assert len(pins) >= fewest
    assert [pin for pin, rest in pins.items() if "--hash=sha256:" not in rest] == []


@pytest.mark.parametrize("name", [*LOCKS, NEWEST])
def test_the_pins_name_no_index(name: str) -> None:
    assert "://" not in (ROOT / name).read_text()
    assert "--index" not in (ROOT / name).read_text()
    assert "--find-links" not in (ROOT / name).read_text()


@pytest.mark.parametrize("package", ["numpy", "opencv-python-headless", "psycopg2-binary"])
def test_hashes_cover_every_platform_and_python(package: str) -> None:
    assert entries("requirements.txt")[package].count("--hash=") > 8


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("python", PYTHONS)
def test_nothing_is_missing_on_another_python(name: str, python: str) -> None:
    """With hashes, pip takes nothing that is not listed, whatever a package asks for there."""
    have = {_canonical(pin) for pin in entries(name)}
    environment = {
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "extra": "",
    }
    missing = {
        f"{pin} wants {wanted}"
        for pin in entries(name)
        for text in licences.wishes_of(pin)
        if (wanted := Requirement(text)).marker is None or wanted.marker.evaluate(environment)
        if _canonical(wanted.name) not in have
    }
    assert missing == set()


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_page_of_licences_is_what_the_command_writes() -> None:
    assert (ROOT / "docs/licences.md").read_text() == licences.page()


def test_no_licence_of_the_product_reaches_over_to_our_source() -> None:
    rows = [*licences.python_rows(), *licences.browser_rows()]
    assert [row for row in rows if re.search(r"\b(A?GPL|SSPL|BUSL)", row[2])] == []
    assert [row for row in rows if not row[2] or row[2] == "UNKNOWN"] == []


def test_the_list_of_parts_has_every_pin(tmp_path: Path) -> None:
    listed = tmp_path / "sbom.json"
    subprocess.run(
        [
            *(Path(sys.executable).parent / "cyclonedx-py", "requirements", "requirements.txt"),
            *("--output-reproducible", "--output-file", listed),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    parts = {part["name"]: part for part in json.loads(listed.read_text())["components"]}
    pins = licences.pinned()
    assert {name: part["version"] for name, part in parts.items()} == pins
    assert all("hashes" in part["externalReferences"][0] for part in parts.values())


CLEAN = json.dumps({"dependencies": [{"name": "flask", "version": "3.1.3", "vulns": []}]})
BAD = json.dumps(
    {"dependencies": [{"name": "flask", "version": "0.1", "vulns": [{"id": "PYSEC-1"}]}]}
)
SKIPPED = json.dumps({"dependencies": [{"name": "flask", "skip_reason": "not found"}]})
NPM_CLEAN = json.dumps({"vulnerabilities": {}})
NPM_BAD = json.dumps({"vulnerabilities": {"ws": {"severity": "high"}}})
NPM_DOWN = json.dumps({"message": "405 Method Not Allowed", "error": {}})


@pytest.mark.parametrize(
    ("pip", "npm", "status", "sentence"),
    [
        (CLEAN, NPM_CLEAN, audit.CLEAN, "PyPI: no known advisory."),
        (BAD, NPM_CLEAN, audit.KNOWN, "PyPI: flask 0.1: PYSEC-1"),
        (CLEAN, NPM_BAD, audit.KNOWN, "npm: ws: high"),
        (BAD, NPM_DOWN, audit.KNOWN, "npm: no full answer"),
        (SKIPPED, NPM_CLEAN, audit.UNKNOWN, "it does not know 1 of 1 packages"),
        ("", NPM_CLEAN, audit.UNKNOWN, "PyPI: no full answer; ERROR: no route."),
        (CLEAN, NPM_DOWN, audit.UNKNOWN, "Not audited"),
        ("[]", "[]", audit.UNKNOWN, "npm: no full answer"),
    ],
    ids=["clean", "pip", "npm", "one known", "skipped", "pip down", "npm down", "nonsense"],
)
def test_no_answer_is_told_apart_from_no_advisory(
    pip: str, npm: str, status: int, sentence: str
) -> None:
    complaint = "WARNING: x\nERROR: no route\nhelp: y"
    found = {
        "PyPI": audit.read_pip_audit(pip, complaint),
        "npm": audit.read_npm_audit(npm, complaint),
    }
    given, lines = audit.verdict(found)
    assert given == status
    assert sentence in "\n".join(lines)
