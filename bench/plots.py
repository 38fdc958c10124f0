"""The plots of the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

_COLOURS = {"product": "#1f6f5c", "toy": "#b3541e"}


class Point(NamedTuple):
    """One load of one server."""

    server: str
    clients: int
    p95_ms: float
    cpu_ms_per_frame: float
    results_per_second: float


def scaling_plot(points: Sequence[Point]) -> bytes:
    """An SVG: p95 and CPU a frame (logarithmic), and results a second, against clients."""
    panels = (
        ("p95_ms", "p95 latency, ms", "log"),
        ("cpu_ms_per_frame", "server CPU a frame, ms", "log"),
        ("results_per_second", "results a second", "linear"),
    )
    with mpl.rc_context({"svg.hashsalt": "streamapp", "font.size": 9, "svg.fonttype": "none"}):
        figure = Figure(figsize=(9.5, 3.2), layout="constrained")
        for axes, (field, label, scale) in zip(figure.subplots(1, 3), panels, strict=True):
            for server in sorted({point.server for point in points}):
                mine = sorted(p for p in points if p.server == server)
                x = [point.clients for point in mine]
                y = [getattr(point, field) for point in mine]
                axes.plot(x, y, "o-", color=_COLOURS[server], label=server)
            axes.set(xlabel="webcams at 15 frames/s", title=label, yscale=scale, xticks=x)
            if scale == "log":
                axes.set_ylim(bottom=min(1, axes.get_ylim()[0]))
                axes.yaxis.set_major_formatter("{x:,.0f}")
                axes.yaxis.set_minor_formatter(NullFormatter())
            else:
                axes.set_ylim(bottom=0)
            axes.grid(alpha=0.3)
            axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
        drawn = BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return drawn.getvalue()
