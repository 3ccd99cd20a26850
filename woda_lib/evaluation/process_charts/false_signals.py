"""How often the rules cry wolf: signals on a process that never changed, counted by simulation.

Four rules on three years of months mark something on many charts of a perfectly steady process.
Whoever acts on every mark should know how many there would be anyway.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.evaluation.process_charts.limits import MEAN_RANGE_OF_TWO, RANGE_LIMIT
from woda_lib.evaluation.process_charts.rules import (
    RULES,
    RUN_LENGTH,
    Booleans,
    Floats,
    find_signals,
)


def false_signals(
    points: int, *, charts: int = 10_000, seed: int = 20240401, screen: bool = True
) -> pd.DataFrame:
    """Simulate XmR charts of independent normal values whose limits come from the same points.

    Parameters
    ----------
    points
        On each chart.
    charts
        How many to simulate.
    seed
        Of the simulation.
    screen
        As `process_chart` takes it.

    Returns
    -------
    DataFrame
        One row a rule and one for any of them: `rule`, `charts_with_a_signal` and
        `points_marked`, both shares, and `last_point_marked`, which an icon of variation shows.
    """
    values = np.random.default_rng(seed).standard_normal((charts, points))
    ranges = np.abs(np.diff(values, axis=-1))
    limit = RANGE_LIMIT * ranges.mean(axis=-1, keepdims=True)
    kept = np.where(screen & (ranges > limit), np.nan, ranges)
    sigma = np.nanmean(kept, axis=-1, keepdims=True) / MEAN_RANGE_OF_TWO
    signals = find_signals(values, values.mean(axis=-1, keepdims=True), sigma)
    marked = {rule: signals.marked(rule) for rule in RULES}
    marked["any"] = np.logical_or.reduce(list(marked.values()))
    return pd.DataFrame(
        [
            {
                "rule": rule,
                "charts_with_a_signal": found.any(axis=-1).mean(),
                "points_marked": found.mean(),
                "last_point_marked": found[:, -1].mean(),
            }
            for rule, found in marked.items()
        ]
    )


def run_lengths(*, charts: int = 2_000, points: int = 2_000, seed: int = 20240401) -> pd.DataFrame:
    """Simulate how many points pass before a false alarm, where mean and limits are known.

    Parameters
    ----------
    charts, points
        How many series of what length. A series without an alarm counts with its whole length.
    seed
        Of the simulation.

    Returns
    -------
    DataFrame
        One row a rule and one for any of them: `rule`, `average_run_length` in points.
    """
    values = np.random.default_rng(seed).standard_normal((charts, points))
    signals = find_signals(values, np.zeros(1), np.ones(1))
    alarms = {rule: _alarm(signals.marked(rule), rule) for rule in RULES}
    alarms["any"] = np.minimum.reduce(list(alarms.values()))
    return pd.DataFrame(
        [
            {
                "rule": rule,
                # Time watched by alarms seen: the mean of a waiting time that may be cut short.
                "average_run_length": np.minimum(at, points).sum() / (at <= points).sum(),
            }
            for rule, at in alarms.items()
        ]
    )


def _alarm(marked: Booleans, rule: str) -> Floats:
    """Return the point, counted from one, at which a rule first speaks; infinite if it never does.

    A run is marked from its first point, but speaks only with its last.
    """
    if rule == "two_of_3":
        marked = marked & (np.cumsum(marked, axis=-1) == 2)
    wait = RUN_LENGTH if rule in ("shift", "trend") else 1
    return np.where(marked.any(axis=-1), marked.argmax(axis=-1) + float(wait), np.inf)
