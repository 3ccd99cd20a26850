"""Calibration at each date whose outcomes are known: how many happened for each one expected."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from woda_lib.prediction.errors import PredictionError

KEY = ["household_id", "index_date"]
APART = 1.25
"""A quarter more than expected, or a fifth less, is drift where chance does not explain it."""


def calibration_by_date(
    scores: pd.DataFrame, outcomes: pd.DataFrame, *, level: float, training: str = "train"
) -> pd.DataFrame:
    """Return observed over expected at each later date that has outcomes.

    What is expected rests on what happened in training, and chance had its part in that too: the
    interval counts both, the training's by how many different households it happened to there.

    Parameters
    ----------
    scores
        `household_id, index_date, split, risk`, a row a household and date; one without a risk
        counts for nothing.
    outcomes
        `household_id, index_date, happened`; dates of which nothing is known yet have no rows.
    level
        Of the interval, which takes households for independent of each other.
    training
        The split that the model was fitted to, which has no row.

    Returns
    -------
    DataFrame
        `index_date, split, households, happened, expected, ratio, low, high, drifted`. Drifted: a
        quarter more than expected or a fifth less, and the interval excludes one.

    Raises
    ------
    PredictionError
        If some households of a date have an outcome and others have none.
    """
    scored = scores.loc[scores["risk"].notna(), [*KEY, "split", "risk"]]
    rows = scored.merge(outcomes[[*KEY, "happened"]], on=KEY, how="left")
    known = rows.groupby("index_date")["happened"].agg(lambda each: each.notna().mean())
    partly = known[(known > 0) & (known < 1)]
    if len(partly):
        days = ", ".join(str(day.date()) for day in partly.index)
        raise PredictionError(
            f"At {days} some scored households have an outcome and others have none. Outcomes of a "
            "date are all known or none is: build them again from the same spine."
        )
    rows = rows[rows["happened"].notna()]
    rows = rows.assign(happened=rows["happened"].astype(float))
    learnt = rows[rows["split"] == training]
    before = learnt.loc[learnt["happened"] > 0, "household_id"].nunique()
    rows = rows[rows["split"] != training]
    rows["squared"] = (rows["happened"] - rows["risk"]) ** 2
    table = (
        rows.groupby(["index_date", "split"], sort=True)
        .agg(
            households=("happened", "size"),
            happened=("happened", "sum"),
            expected=("risk", "sum"),
            squared=("squared", "sum"),
        )
        .reset_index()
    )
    table["ratio"] = table["happened"] / table["expected"]
    # On the scale of logarithms.
    some, learning = table["happened"] > 0, 1 / before if before else 0.0
    error = np.sqrt(table.pop("squared") / table["happened"].where(some) ** 2 + learning)
    z = float(norm.ppf((1 + level) / 2))
    reach = np.exp(z * error)
    # None has no logarithm: the exact upper limit of a Poisson count of none (Garwood 1936).
    none = chi2.ppf((1 + level) / 2, 2) / 2 * np.exp(z * np.sqrt(learning)) / table["expected"]
    table["low"] = (table["ratio"] / reach).where(some, 0.0)
    table["high"] = (table["ratio"] * reach).where(some, none)
    apart = (table["ratio"] >= APART) | (table["ratio"] <= 1 / APART)
    table["drifted"] = apart & ((table["low"] > 1) | (table["high"] < 1))
    return table.astype({"happened": int})
