"""``python -m bench``: the product beside the toy; ``--full`` for every case.

python -m bench                       1 and 8 webcams against both servers
python -m bench --full                every case but the soak
python -m bench --case flood --case soak
python -m bench --full --write-docs   and put the figures into the documents
python -m bench --quick               seconds only: that it works, not what it measures
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench import uploads
from bench.cases import (
    compare,
    content,
    crowd,
    fleet,
    flood,
    goodbye,
    hostile,
    overload,
    soak,
    viewers,
    wire_alone,
    workers,
)
from bench.cases.common import QUICK, Case, Effort, Findings
from bench.report import blocks_of, machine, replace_block
from bench.servers import ROOT

CASES: dict[str, Case] = {
    case.name: case
    for case in (
        compare.FEW_CLIENTS,
        compare.MANY_CLIENTS,
        content.CASE,
        wire_alone.CASE,
        crowd.CASE,
        viewers.CASE,
        overload.CASE,
        flood.CASE,
        hostile.CASE,
        goodbye.CASE,
        soak.CASE,
        uploads.CASE,
        workers.CASE,
        fleet.CASE,
    )
}
DEFAULT = ("compare",)
FULL = (
    *("scaling", "content", "wire", "crowd", "viewers", "overload"),
    *("flood", "hostile", "goodbye", "soak"),
)
DOCUMENT = ROOT / "docs" / "performance.md"
ARTIFACTS = ROOT / "artifacts"
RUNTIME = ROOT / "docs" / "runtime.md"
SCALING = ROOT / "docs" / "scaling.md"
DOCUMENTS = (DOCUMENT, uploads.DOCUMENT, RUNTIME, SCALING, ROOT / "README.md")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases and print what they found; 1 when ``--check`` is given and a bound missed."""
    options = _parser().parse_args(arguments)
    names = tuple(options.case) or (FULL if options.full else DEFAULT)
    effort = QUICK if options.quick else Effort()
    if options.soak_minutes:
        effort = replace(effort, soak_seconds=options.soak_minutes * 60)
    print(machine(), flush=True)
    findings = {}
    for name in names:
        print(f"\n## {CASES[name].question}\n", flush=True)
        findings[name] = CASES[name].run(effort)
        print(findings[name], flush=True)
    if options.write_docs:
        write_documents({"machine": machine(), **{k: str(v) for k, v in findings.items()}})
    for found in findings.values():
        write_images(found, DOCUMENT.parent / "images" if options.write_docs else ARTIFACTS)
    missed = [check for found in findings.values() for check in found.checks if not check.holds]
    return 1 if options.check and missed else 0


def write_documents(texts: Mapping[str, str], documents: Iterable[Path] = DOCUMENTS) -> None:
    """Replace each generated block that was measured now; the others keep what they have."""
    for document in documents:
        for name in blocks_of(document):
            if name in texts:
                replace_block(document, name, texts[name])


def write_images(found: Findings, folder: Path) -> None:
    """Write the plots of a case into ``folder``."""
    for name, drawn in found.images.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(drawn)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--case", action="append", default=[], choices=sorted(CASES))
    parser.add_argument("--full", action="store_true", help="every case")
    parser.add_argument("--quick", action="store_true", help="a second or so for each load")
    parser.add_argument("--soak-minutes", type=float, help="length of the soak, 10 unless given")
    parser.add_argument("--write-docs", action="store_true", help="fill README.md and docs/")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bound is missed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
