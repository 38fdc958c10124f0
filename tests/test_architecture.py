"""The house rules that can be read from the source: who imports what, and how long modules are."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "streamapp"

# A row covers the module and, for a package, whatever is in it.
LAYERS = {
    5: {"streamapp"},
    4: {"streamapp.web", "streamapp.services"},
    3: {
        "streamapp.analysis",
        "streamapp.batch",
        "streamapp.channel",
        "streamapp.channels",
        "streamapp.drain",  # drives the streaming service for gunicorn's worker
        "streamapp.governor",
        "streamapp.links",
        "streamapp.recording",
        "streamapp.retention",
        "streamapp.sessions",
        "streamapp.stream_session",
        "streamapp.streaming",
        "streamapp.uploads",
        "streamapp.watching",
    },
    2: {
        "streamapp.absence",
        "streamapp.board",
        "streamapp.board_redis",
        "streamapp.concurrency",
        "streamapp.database",
        "streamapp.frame_path",
        "streamapp.heartbeat",
        "streamapp.limit_storage",
        "streamapp.link_repository",
        "streamapp.metrics",
        "streamapp.migrate",
        "streamapp.models",
        "streamapp.native_threads",
        "streamapp.outbox",
        "streamapp.packets",
        "streamapp.deadlines",
        "streamapp.patience",
        "streamapp.patience_threads",
        "streamapp.postgresql",
        "streamapp.read_ahead",
        "streamapp.repository",
        "streamapp.s3_client",
        "streamapp.session_repository",
        "streamapp.shared",
        "streamapp.standing_reader",
        "streamapp.storage",
        "streamapp.storage_s3",
        "streamapp.wire",
        "streamapp.wire_bounds",
        "streamapp.wire_threads",
    },
    1: {"streamapp.vision"},
    0: {
        "streamapp.config",
        "streamapp.errors",
        "streamapp.moments",
        "streamapp.setting_kinds",
        "streamapp.setting_rules",
        "streamapp.settings_table",
        "streamapp.token_bucket",
    },
}

# Who may import what is not ours. Packages without a row are anybody's.
FOREIGN = {
    "flask": {"streamapp", "streamapp.web"},
    "flask_socketio": {"streamapp", "streamapp.web"},
    "werkzeug": {"streamapp", "streamapp.web"},
    "click": {"streamapp.web"},
    "eventlet": {
        "streamapp.frame_path",
        "streamapp.native_threads",
        "streamapp.drain",
        "streamapp.patience",
        "streamapp.standing_reader",
        "streamapp.wire",
    },
    "engineio": {"streamapp.packets", "streamapp.wire"},
    "socketio": {"streamapp.packets", "streamapp.shared"},
    "redis": {"streamapp.absence", "streamapp.shared"},
    "wsproto": {"streamapp.wire_threads"},
    "websockets": {"streamapp.wire"},
    "orjson": {"streamapp.packets"},
    "sqlalchemy": {
        "streamapp.database",
        "streamapp.models",
        "streamapp.postgresql",
        "streamapp.repository",
        "streamapp.session_repository",
        "streamapp.link_repository",
        "streamapp.migrate",
    },
    "psycopg2": {"streamapp.postgresql"},
    "segno": {"streamapp.web.session_pages"},
    "alembic": {"streamapp.migrate"},
    "boto3": {"streamapp.s3_client"},
    "botocore": {"streamapp.s3_client", "streamapp.storage_s3"},
    "flask_limiter": {"streamapp.web.limits"},
    "limits": {"streamapp.limit_storage", "streamapp.web"},
    "prometheus_client": {"streamapp.metrics"},
    "cv2": {"streamapp", "streamapp.vision"},
    "numpy": {"streamapp.vision"},
}

INSIDE_FUNCTIONS = {
    ("streamapp.services", "streamapp.storage_s3"): "boto3 is heavy, and only for who has a bucket",
    ("streamapp", "streamapp.wire"): "it imports eventlet, which would start its hub elsewhere",
    ("streamapp.concurrency", "streamapp.native_threads"): "it imports eventlet, as the wire does",
    ("streamapp.drain", "eventlet"): "importing it starts its hub",
    ("streamapp.migrate", "alembic"): "only whoever upgrades pays for loading it",
    ("streamapp.migrate", "alembic.config"): "only whoever upgrades pays for loading it",
}


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text()) for name, path in MODULES.items()}
each_module = pytest.mark.parametrize("name", MODULES)


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The modules that ``nodes`` import; ``from package import module`` is the module."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else str(node.module)


def imports_of(name: str) -> set[str]:
    return set(imported(ast.walk(TREES[name])))


def ours(names: Iterable[str]) -> set[str]:
    return {name for name in names if name.split(".")[0] == "streamapp"}


def covered(name: str, rows: Iterable[str]) -> bool:
    """Whether a row is ``name`` or a package around it; the whole project is around nothing."""
    return any(name == row or (row != "streamapp" and name.startswith(f"{row}.")) for row in rows)


def layer(name: str) -> int:
    found = [number for number, rows in LAYERS.items() if covered(name, rows)]
    assert len(found) == 1, f"{name} must be in one layer of the table; it is in {found}"
    return found[0]


@each_module
def test_a_module_has_its_place_in_one_layer(name: str) -> None:
    assert layer(name) in LAYERS


def test_every_row_of_the_tables_is_a_module() -> None:
    rows = [*LAYERS.values(), *FOREIGN.values(), {name for name, _ in INSIDE_FUNCTIONS}]
    assert set().union(*rows) <= set(MODULES)


@each_module
def test_imports_go_downward_or_sideways(name: str) -> None:
    upward = {other for other in ours(imports_of(name)) if layer(other) > layer(name)}
    assert not upward


def test_imports_make_no_circle() -> None:
    graph = {name: ours(imports_of(name)) - {name} for name in MODULES}
    TopologicalSorter(graph).prepare()  # raises CycleError, which shows the circle


@each_module
def test_a_foreign_library_is_known_to_its_adapters_only(name: str) -> None:
    libraries = {other.split(".")[0] for other in imports_of(name)}
    assert not {
        library
        for library in libraries
        if library in FOREIGN and not covered(name, FOREIGN[library])
    }


@pytest.mark.parametrize("name", [name for name in MODULES if layer(name) == 1])
def test_vision_imports_only_itself_and_errors_of_this_project(name: str) -> None:
    assert all(
        covered(other, {"streamapp.vision", "streamapp.errors"}) for other in ours(imports_of(name))
    )


def test_imports_inside_functions_are_those_of_the_table() -> None:
    inside = {
        (name, module)
        for name, tree in TREES.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for module in imported(ast.walk(function))
    }
    assert inside == set(INSIDE_FUNCTIONS)


@each_module
def test_a_module_has_at_most_300_lines(name: str) -> None:
    assert len(MODULES[name].read_text().splitlines()) <= 300
