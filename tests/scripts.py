"""Scripts in a process of their own: what imports eventlet starts a hub, and here is none."""

from __future__ import annotations

import subprocess
import sys


def output_of(script: str) -> str:
    """What ``script`` prints. Fails with its errors where it does not end well."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
