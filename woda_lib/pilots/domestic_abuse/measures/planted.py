"""Estimates beside what was planted in the made-up county: the marks of the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval

MINUTES = "Minutes saved for each case"
DUPLICATES = "New police numbers that went to people who had one, {}, %"
HOURS = "Median hours to first contact since go-live, of those reached"
REPEATS = "Change in a month's victims who are harmed again so soon, percentage points"

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


def planted_answers(effect: Mapping[str, Any] | None) -> dict[str, float] | None:
    """Return what was planted, by the words under which it is estimated.

    Parameters
    ----------
    effect
        What `known_truth` says of domestic abuse; None where the extracts are real.
    """
    if effect is None:
        return None
    return {
        MINUTES: float(effect["minutes_per_case_cut"]),
        DUPLICATES.format("before"): 100 * float(effect["duplicate_rate_before"]),
        DUPLICATES.format("since"): 100 * float(effect["duplicate_rate_after"]),
        HOURS: float(effect["first_contact"]["median_contact_with"]),
        REPEATS: float(effect["repeat_rate_change"]),
    }


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
