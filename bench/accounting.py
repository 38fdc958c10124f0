"""CPU seconds and resident memory of processes, from the kernel's own accounting (proc(5))."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
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
    """Sum over ``pids``; every thread counts, ended ones too. A process that is gone counts 0."""
    cpu, rss = 0.0, 0
    for pid in pids:
        try:
            fields = _stat(pid)
            rss += _resident_bytes(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
        cpu += (int(fields[_UTIME]) + int(fields[_STIME])) / _TICKS_PER_SECOND
    return Usage(cpu, rss)


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


def _resident_bytes(pid: int) -> int:
    for line in (_PROC / str(pid) / "status").read_text(errors="replace").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0  # a zombie has no memory
