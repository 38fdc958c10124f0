"""CPU seconds and resident memory of processes, from the kernel's own accounting (proc(5)).

Pages that a worker shares with gunicorn's arbiter, from which it was forked, are in the resident
size of both; a dyno's limit counts them once, and so does `Usage`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")

# Places in /proc/<pid>/stat after the command's closing parenthesis, which may hold spaces itself.
_STATE, _SESSION, _UTIME, _STIME = 0, 3, 11, 12


@dataclass(frozen=True)
class Usage:
    """What some processes have used so far: CPU in seconds, resident memory in bytes."""

    cpu_seconds: float
    rss_bytes: int


def session_pids(leader: int) -> list[int]:
    """The living processes of the session that ``leader`` started (setsid), zombies excepted."""
    return sorted(
        pid
        for pid, fields in _processes()
        if int(fields[_SESSION]) == leader and fields[_STATE] != "Z"
    )


def usage(pids: Iterable[int]) -> Usage:
    """Of ``pids`` together; every thread counts, ended ones too. A process that is gone counts 0.

    Memory is what each has for itself, and once the largest share of what they have in common.
    """
    cpu = 0.0
    memory = []
    for pid in pids:
        try:
            fields = _stat(pid)
            memory.append(_memory(pid))
        except (FileNotFoundError, ProcessLookupError):
            continue
        cpu += (int(fields[_UTIME]) + int(fields[_STIME])) / _TICKS_PER_SECOND
    shared = max((resident - private for resident, private in memory), default=0)
    return Usage(cpu, shared + sum(private for _resident, private in memory))


def _processes() -> Iterator[tuple[int, list[str]]]:
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                yield int(entry.name), _stat(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we were looking


def _stat(pid: int) -> list[str]:
    text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    return text.rpartition(")")[2].split()


def _memory(pid: int) -> tuple[int, int]:
    """Resident bytes of one process, and how many of them no other process has."""
    sizes = {"Rss": 0, "Private_Clean": 0, "Private_Dirty": 0}  # a zombie has no memory
    # Another user's may not be read.
    with suppress(PermissionError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]:
            name, _, size = line.partition(":")
            sizes[name] = int(size.split()[0]) * 1024
    return sizes["Rss"], sizes["Private_Clean"] + sizes["Private_Dirty"]
