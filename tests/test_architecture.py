"""The house rules that can be read from the source: who imports what, and how long modules are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "streamapp"
MODULES = {str(path.relative_to(PACKAGE)): path for path in sorted(PACKAGE.rglob("*.py"))}
MAY_IMPORT_EVENTLET = {"concurrency.py", "drain.py", "wire.py"}
each_module = pytest.mark.parametrize("name", MODULES)


def imported(name: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{a.name}" for a in node.names}
    return found


@each_module
def test_a_module_has_at_most_300_lines(name: str) -> None:
    assert len(MODULES[name].read_text().splitlines()) <= 300


@each_module
def test_eventlet_is_imported_in_its_adapters_only(name: str) -> None:
    if name not in MAY_IMPORT_EVENTLET:
        assert not {module for module in imported(name) if module.split(".")[0] == "eventlet"}


@each_module
def test_only_web_and_the_composition_import_the_web_layer(name: str) -> None:
    if name != "__init__.py" and not name.startswith("web/"):
        assert not {module for module in imported(name) if module.startswith("streamapp.web")}


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("vision/")])
def test_vision_imports_only_itself_and_errors_of_this_project(name: str) -> None:
    ours = {module for module in imported(name) if module.startswith("streamapp")}
    allowed = ("streamapp.errors", "streamapp.vision")
    assert not {module for module in ours if not module.startswith(allowed)} - {"streamapp"}
