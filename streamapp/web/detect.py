"""``flask --app streamapp detect``: count the faces in files and folders."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

import click

from streamapp.batch import Result, count_all, find_pictures, name_outputs
from streamapp.config import Settings
from streamapp.vision.engines import DETECTORS
from streamapp.web.exports import plain_cell

Sink = Callable[[Result], None]


def detect_command(settings: Settings) -> click.Command:
    """``detect``; its exit status is 0, 1 when a picture was bad, 2 when called wrongly."""

    @click.command("detect")
    @click.argument("paths", nargs=-1, required=True)
    @click.option("--detector", type=click.Choice(DETECTORS), default=settings.detector)
    @click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder for annotated pictures.",
    )
    @click.option(
        "--csv", "table", type=click.File("w", encoding="utf-8"), help="Write counts as CSV."
    )
    @click.option("--json", "as_json", is_flag=True, help="Print everything found as JSON.")
    @click.option("--blur", is_flag=True, help="Pixelate faces in the annotated pictures.")
    @click.option(
        "--jobs",
        type=click.IntRange(1, 64),
        default=settings.vision_threads,
        help="Pictures at once; one for each core unless given.",
    )
    def detect(
        paths: tuple[str, ...],
        detector: str,
        out: Path | None,
        table: TextIO | None,
        as_json: bool,
        blur: bool,
        jobs: int,
    ) -> None:
        """Count the faces in PATHS: pictures, folders, patterns, or - for standard input.

        A bad picture is reported, the others are counted all the same, and the exit status is 1.
        """
        pictures = find_pictures(paths, leave_out=out)
        if not pictures:
            raise click.UsageError("There is no JPEG or PNG file in " + ", ".join(paths) + ".")
        if out:
            pictures = name_outputs(pictures, out)
        results = count_all(pictures, detector, blur, jobs, settings, _standard_input)
        with ExitStack() as stack:
            sinks = [_json_sink(stack, detector) if as_json else _text_sink()]
            if table:
                sinks.append(_csv_sink(table))
            failed = _report(_with_progress(results, len(pictures)), sinks)
        if failed:
            raise SystemExit(1)

    return detect


def _standard_input() -> bytes:
    return sys.stdin.buffer.read()


def _report(results: Iterable[Result], sinks: list[Sink]) -> int:
    """Tell every sink of every result; returns how many pictures were bad."""
    failed = 0
    for result in results:
        if result.error:
            failed += 1
            click.echo(f"{result.label}: {result.error.message}", err=True)
        for sink in sinks:
            sink(result)
    return failed


def _with_progress(results: Iterator[Result], length: int) -> Iterable[Result]:
    """The same; where a person watches, after a bar, so that no line crosses it."""
    if length == 1 or not sys.stderr.isatty():
        return results
    with click.progressbar(results, length=length, label="Counting", file=sys.stderr) as bar:
        return list(bar)


def _text_sink() -> Sink:
    click.echo("faces  picture")

    def write(result: Result) -> None:
        count = "-" if result.found is None else str(len(result.found.faces))
        click.echo(f"{count:>5}  {result.label}")

    return write


def _csv_sink(table: TextIO) -> Sink:
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["path", "count", "error"])

    def write(result: Result) -> None:
        count = "" if result.found is None else len(result.found.faces)
        error = result.error.message if result.error else ""
        writer.writerow([plain_cell(result.label), count, error])

    return write


def _json_sink(stack: ExitStack, detector: str) -> Sink:
    """An array, written piece by piece: a long run can be read while it goes on."""
    separators = iter(["[\n"])

    def write(result: Result) -> None:
        click.echo(next(separators, ",\n"), nl=False)
        click.echo(json.dumps(_as_json(result, detector), ensure_ascii=False), nl=False)

    stack.callback(lambda: click.echo(next(separators, "") + "\n]"))
    return write


def _as_json(result: Result, detector: str) -> dict[str, Any]:
    if result.error:
        error = {"code": result.error.code, "message": result.error.message}
        return {"path": result.label, "error": error}
    found = result.found
    assert found is not None
    return {
        "path": result.label,
        "width": found.width,
        "height": found.height,
        "detector": detector,
        "count": len(found.faces),
        "faces": [{"box": list(face.box), "confidence": face.confidence} for face in found.faces],
    }
