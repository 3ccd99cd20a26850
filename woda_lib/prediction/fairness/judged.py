"""Scores beside what came of them and the groups of each household: the rows that are judged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from woda_lib.prediction.errors import PredictionError

KEY = ["household_id", "index_date"]
GROUPS = ("ethnicity", "sex", "age", "deprivation", "services")
"""Columns of the spine by which a model is judged. They are no features."""

NOT_KNOWN = "not known"


def judged_rows(
    scores: pd.DataFrame,
    outcomes: pd.DataFrame,
    spine: pd.DataFrame,
    *,
    by: Sequence[str] = GROUPS,
) -> pd.DataFrame:
    """Put every scored household beside its outcome and its groups.

    Parameters
    ----------
    scores
        `household_id, index_date, risk` (a probability), a row a household and date.
    outcomes
        `household_id, index_date, happened` (bool).
    spine
        `household_id, index_date` and the columns of `by`.
    by
        Columns of groups. A household without a value stands in the group "not known".

    Returns
    -------
    DataFrame
        `household_id, index_date, risk, happened` and a text column a group, in the order of
        `scores`.

    Raises
    ------
    PredictionError
        If a column is missing, nothing was scored, a household stands twice at one date, a score
        is no probability, or a scored household has no outcome or is not in the spine.
    """
    _has(scores, [*KEY, "risk"], "scores")
    _has(outcomes, [*KEY, "happened"], "outcomes")
    _has(spine, [*KEY, *by], "spine")
    if scores.empty:
        raise PredictionError(
            "No household was scored, so there is nothing to judge. Check the date and the split "
            "that the scores were taken from."
        )
    for name, table in (("scores", scores), ("outcomes", outcomes), ("spine", spine)):
        if table.duplicated(KEY).any():
            raise PredictionError(
                f"A household stands twice at one date in the {name}. Give one row a household and "
                "date."
            )
    risk = pd.to_numeric(scores["risk"], errors="coerce")
    if not risk.between(0, 1).all():
        raise PredictionError(
            f"The column 'risk' of the scores is missing or no probability in "
            f"{int((~risk.between(0, 1)).sum()):,} rows. Score these households again, or say why "
            "they have no score."
        )
    rows = scores[KEY].assign(risk=risk.astype(float))
    rows = _beside(rows, outcomes[[*KEY, "happened"]], "outcomes", "whose horizon is not over")
    if rows["happened"].isna().any():
        raise PredictionError(
            f"The column 'happened' of the outcomes has no value in "
            f"{int(rows['happened'].isna().sum()):,} rows. What is not known to have happened has "
            "not happened: mend the outcomes, and do not leave them open."
        )
    rows["happened"] = rows["happened"].astype(bool)
    rows = _beside(rows, spine[[*KEY, *by]], "spine", "that the spine does not know")
    for name in by:
        rows[name] = rows[name].astype("string").fillna(NOT_KNOWN).astype(str)
    return rows


def empty_levels(
    spine: pd.DataFrame, rows: pd.DataFrame, by: Sequence[str]
) -> dict[str, list[str]]:
    """Return the groups that a categorical column of the spine names and no household is in."""
    return {
        name: [
            str(level) for level in spine[name].cat.categories if str(level) not in set(rows[name])
        ]
        for name in by
        if isinstance(spine[name].dtype, pd.CategoricalDtype)
    }


def on_the_list(rows: pd.DataFrame, capacity: float) -> np.ndarray:
    """Return which households caseworkers would look into: the riskiest of each date.

    Parameters
    ----------
    rows
        `household_id, index_date, risk`.
    capacity
        Of 1,000 households. Equal risks are put in an order that has nothing to do with the
        household (a hash of its number), so that the list is as long as the capacity and no longer.

    Raises
    ------
    PredictionError
        If the capacity is not between nought and 1,000.
    """
    if not 0 < capacity < 1000:
        raise PredictionError(
            f"`capacity` is {capacity:g}; it must be a number of 1,000 households, above nought "
            "and under 1,000."
        )
    lot = pd.util.hash_pandas_object(rows["household_id"].astype(str), index=False)
    order = pd.DataFrame(
        {"date": rows["index_date"].to_numpy(), "risk": -rows["risk"].to_numpy(), "lot": lot}
    ).sort_values(["date", "risk", "lot"], kind="stable")
    place = order.groupby("date").cumcount()
    size = order.groupby("date")["risk"].transform("size")
    return (place < (size * capacity / 1000).round()).sort_index().to_numpy()


def _has(table: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise PredictionError(
            f"The table of {name} has no column {', '.join(map(repr, missing))}. It must have "
            f"{', '.join(columns)}."
        )


def _beside(rows: pd.DataFrame, other: pd.DataFrame, name: str, who: str) -> pd.DataFrame:
    found = rows.merge(other, on=KEY, how="left", indicator=True)
    lost = int((found["_merge"] != "both").sum())
    if lost:
        raise PredictionError(
            f"Of {len(rows):,} scored rows, {lost:,} have no row in the {name}: households {who}. "
            "Judge only dates for which both are there."
        )
    return found.drop(columns="_merge")
