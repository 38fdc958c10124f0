"""What is in the product, and what is known against it: ``make audit``.

Writes the lists of parts (CycloneDX) to artifacts/, asks the advisory databases of PyPI and npm,
and ends with 0 where nothing is known, 1 where something is, 3 where a database did not answer for
everything. A database that cannot be reached is not the same as no advisory.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS = ROOT / "artifacts"
BIN = Path(sys.executable).parent
CLEAN, KNOWN, UNKNOWN = 0, 1, 3
_SECONDS = 300


@dataclass
class Findings:
    """What a database said: advisories by name, and why it did not say all."""

    advisories: list[str] = field(default_factory=list)
    unanswered: str = ""


def read_pip_audit(text: str, complaint: str) -> Findings:
    """pip-audit's JSON. It ends well, too, when the database knew none of the packages."""
    try:
        packages = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Findings(unanswered=_first_line(complaint))
    advisories = [
        f"{package['name']} {package['version']}: {vulnerability['id']}"
        for package in packages
        for vulnerability in package.get("vulns", ())
    ]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    reason = f"it does not know {len(skipped)} of {len(packages)} packages" if skipped else ""
    return Findings(advisories, reason)


def read_npm_audit(text: str, complaint: str) -> Findings:
    """npm's JSON: advisories by package, or an error."""
    try:
        answer: dict[str, Any] = json.loads(text)
        found = answer["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return Findings(unanswered=_first_line(complaint))
    return Findings([f"{name}: {entry['severity']}" for name, entry in sorted(found.items())])


def verdict(findings: dict[str, Findings]) -> tuple[int, list[str]]:
    """The exit status and what to print."""
    lines = []
    for database, found in findings.items():
        lines += [f"{database}: {advisory}" for advisory in found.advisories]
        if found.unanswered:
            lines.append(f"{database}: no full answer; {found.unanswered}.")
        elif not found.advisories:
            lines.append(f"{database}: no known advisory.")
    if any(found.advisories for found in findings.values()):
        return KNOWN, [*lines, "There are known advisories: update what they name."]
    if any(found.unanswered for found in findings.values()):
        return UNKNOWN, [*lines, "Not audited: ask again where the databases can be reached."]
    return CLEAN, lines


def main() -> int:
    """Write the lists, ask, print, and say how it ended."""
    ARTIFACTS.mkdir(exist_ok=True)
    sbom = ARTIFACTS / "sbom.json"
    listed = _run(
        BIN / "cyclonedx-py",
        "requirements",
        "requirements.txt",
        "--output-reproducible",
        "-o",
        sbom,
    )
    listed.check_returncode()
    browser = _run("npm", "sbom", "--sbom-format=cyclonedx", "--omit=dev", "--package-lock-only")
    browser.check_returncode()
    (ARTIFACTS / "sbom-browser.json").write_text(browser.stdout)
    pip = _run(
        BIN / "pip-audit",
        *("--requirement", "requirements.txt", "--disable-pip"),
        *("--progress-spinner", "off", "--format", "json"),
    )
    npm = _run("npm", "audit", "--omit=dev", "--json")
    status, lines = verdict(
        {
            "PyPI": read_pip_audit(pip.stdout, pip.stderr),
            "npm": read_npm_audit(npm.stdout, npm.stderr),
        }
    )
    lines.append("What is in the product: artifacts/sbom.json, artifacts/sbom-browser.json")
    sys.stdout.write("\n".join(lines) + "\n")
    return status


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=_SECONDS, check=False
    )


def _first_line(text: str) -> str:
    """What went wrong, without the advice that tools put around it."""
    lines = [line for line in text.splitlines() if re.search("error|warn audit", line, re.I)]
    return (lines or text.splitlines() or ["it said nothing"])[0].strip()[:200]


if __name__ == "__main__":
    sys.exit(main())
