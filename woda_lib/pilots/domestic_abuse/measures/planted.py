"""Estimates beside what was planted in the made-up county: the marks of the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval

_COLUMNS = ["what", "estimated", "low", "high", "planted", "interval_holds_it"]


def against_planted(
    estimates: Mapping[str, Interval], planted: Mapping[str, float] | None
) -> pd.DataFrame:
    """Set estimates beside the truth.

    Parameters
    ----------
    estimates
        By what they are of, in words.
    planted
        The truth by the same words; what is not in it is left out. None where it is not known.

    Returns
    -------
    DataFrame
        `what, estimated, low, high, planted, interval_holds_it`; without truth no row.
    """
    if planted is None:
        return pd.DataFrame(columns=_COLUMNS)
    rows = [
        (
            what,
            found.estimate,
            found.low,
            found.high,
            planted[what],
            "yes" if found.low <= planted[what] <= found.high else "no",
        )
        for what, found in estimates.items()
        if what in planted
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def planted_completeness(table: pd.DataFrame, quality: Mapping[str, Any] | None) -> pd.DataFrame:
    """Set the change of each police field's completeness beside the planted one.

    Parameters
    ----------
    table
        From `completeness`.
    quality
        By dataset and field ``before`` and ``after``, shares; None where it is not known.

    Returns
    -------
    DataFrame
        As `against_planted`, in percentage points.
    """
    if quality is None:
        return pd.DataFrame(columns=_COLUMNS)
    changes = {
        field.replace("_", " ").capitalize(): 100 * (one["after"] - one["before"])
        for dataset in ("police_incidents", "police_involvements")
        for field, one in quality.get(dataset, {}).items()
    }
    police = table[table["agency"] == "West mercia police"]
    estimates = {
        row["field"]: Interval(row["change"], row["low"], row["high"], "percentage points")
        for row in police.to_dict("records")
    }
    return against_planted(estimates, changes)
