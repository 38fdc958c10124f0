"""gunicorn's eventlet worker beside its gthread worker, which is what follows it."""

from __future__ import annotations

from dataclasses import replace

from bench import load
from bench.cases.common import Case, Check, Effort, Findings
from bench.cases.compare import FPS, HEADER, MANY, row
from bench.client import Plan
from bench.report import markdown_table
from bench.results import Load
from bench.servers import product

# As the Procfile has it, and as it then would.
WORKERS = {"eventlet": None, "gthread": "gthread"}


def run(effort: Effort) -> Findings:
    """The same webcams against both, one after the other."""
    results = []
    for clients in MANY:
        wanted = Load(
            (Plan(FPS),) * clients, effort.seconds, effort.warm_up, probing=effort.probing
        )
        for name, worker in WORKERS.items():
            with product(worker=worker) as server:
                measured = load.run(server, wanted, load.webcam_frames())
            results.append(replace(measured, server=name))
    table = markdown_table(("worker", *HEADER[1:]), map(row, results))
    own, other = results[-2:]
    most = Check(
        f"CPU a frame, gthread over eventlet, {MANY[-1]} clients",
        other.cpu_ms_per_frame / own.cpu_ms_per_frame,
        at_most=1.25,
    )
    return Findings(table, [most])


CASE = Case("workers", "What does the server cost on threads instead of eventlet?", run)
