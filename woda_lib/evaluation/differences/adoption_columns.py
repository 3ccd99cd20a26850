"""The columns that say who was treated when, with which weight and covariates, read or refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.frames import numbers, take
from woda_lib.evaluation.time_axis import TimeAxis, TimeError

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]

NEVER = np.inf


class AdoptionError(EvaluationError):
    """The table does not say who was treated when, or leaves nothing to compare."""


def cohorts_in(values: pd.Series, axis: TimeAxis, *, column: str) -> Floats:
    """Read the period of first treatment; missing, nought and infinite mean never."""
    plain = pd.to_numeric(values, errors="coerce").dropna().unique()
    marks = len(plain) == values.dropna().nunique() and set(plain) <= {0, 1} and 1 in plain
    one = 1.0 - axis.first if axis.every == "step" else -1.0
    if pd.api.types.is_bool_dtype(values) or (marks and one <= 0):
        raise AdoptionError(
            f"The column {column!r} seems to mark treated rows or units with 1. It must hold the "
            "period in which the unit was first treated, the same in all rows of the unit, and "
            "nothing (or 0) for units that never were."
        )
    known: dict[Any, float] = {}
    for value in values.dropna().unique():
        number = isinstance(value, int | float | np.number)
        if number and np.isposinf(float(value)):
            known[value] = NEVER
        elif number and float(value) == 0:
            if axis.every == "step" and float(axis.first) < 0:
                raise AdoptionError(
                    f"The times run from {axis.first:g}, so that 0 in the column {column!r} may "
                    "mean the period 0 or never. Number the periods from 1, or write nothing for "
                    "units that were never treated and shift the times."
                )
            known[value] = NEVER
        else:
            try:
                known[value] = axis.place(value, argument=column)
            except (ValueError, OverflowError) as error:
                raise TimeError(
                    f"The column {column!r} holds something that is no period of this table. "
                    "Write periods as the column of times does."
                ) from error
    return values.map(known).astype(float).fillna(NEVER).to_numpy()


def refuse_changing(
    codes: Integers,
    names: pd.Index,
    cohort: Floats,
    unit: str,
    first_treated: str,
) -> None:
    """Refuse a unit whose date of first treatment is not the same in all its rows."""
    first = np.empty(len(names))
    first[codes[::-1]] = cohort[::-1]
    changing = np.zeros(len(names), dtype=bool)
    changing[codes[cohort != first[codes]]] = True
    if not changing.any():
        return
    raise AdoptionError(
        f"The column {first_treated!r} is not the same in all rows of {int(changing.sum())} units "
        f"(of {len(names)} in the column {unit!r}). It must hold the one period from which the "
        f"unit was treated. A treatment that is switched off again, or that comes twice, is beyond "
        "this method."
    )


def weights_in(taken: pd.DataFrame, weights: str | None) -> Floats:
    """Return every row's weight, which must be above nought; one each without a column."""
    if weights is None:
        return np.ones(len(taken))
    found = numbers(taken["weights"], weights).to_numpy()
    if (found <= 0).any():
        raise AdoptionError(
            f"The column {weights!r} must hold weights above nought, and "
            f"{int((found <= 0).sum())} rows do not. Mend them or leave them out."
        )
    return found


def covariates_in(frame: pd.DataFrame, names: Sequence[str]) -> Floats:
    """Return covariates as numbers, a column for each category of a text but the first."""
    if isinstance(names, str):
        names = (names,)
    columns = []
    for place, name in enumerate(names):
        values = take(frame, **{f"adjust[{place}]": name}).iloc[:, 0]
        if pd.api.types.is_numeric_dtype(values):
            columns.append(numbers(values, name).to_numpy()[:, None])
            continue
        if values.isna().any():
            raise AdoptionError(
                f"The column {name!r} has no value in row {int(values.isna().argmax()) + 1} of the "
                "table. Give missing values a category of their own, or leave the rows out."
            )
        columns.append(pd.get_dummies(values, drop_first=True).to_numpy(dtype=float))
    return np.hstack(columns) if columns else np.empty((len(frame), 0))
