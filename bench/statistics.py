"""The few figures a load run is judged by. Pure functions on plain numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie, linear between; NaN of none."""
    return float(np.quantile(values, share)) if len(values) else float("nan")


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """Least squares slope of ``values`` over ``times``; 0 of fewer than two distinct times."""
    if len(times) < 2 or min(times) == max(times):
        return 0.0
    x = np.asarray(times) - np.mean(times)
    return float(x @ (np.asarray(values) - np.mean(values)) / (x @ x))


def growth(times: Sequence[float], values: Sequence[float], share: float = 0.95) -> float:
    """Percentile of the last third of the time over that of the first; 1 means steady.

    NaN when one of the thirds is empty.
    """
    if not len(times):
        return float("nan")
    first, last = min(times), max(times)
    third = (last - first) / 3
    early = [v for t, v in zip(times, values, strict=True) if t < first + third]
    late = [v for t, v in zip(times, values, strict=True) if t > last - third]
    if not early or not late:
        return float("nan")
    return ratio(percentile(late, share), percentile(early, share))


def fairness(rates: Sequence[float]) -> float:
    """Rate of the worst served client over the best served one: 1 is fair, 0 is starvation."""
    return ratio(min(rates), max(rates)) if rates else float("nan")


def ratio(numerator: float, denominator: float) -> float:
    """``numerator / denominator``; NaN where nothing can be compared."""
    return numerator / denominator if denominator else float("nan")
