"""What people bring with them, as columns of a model: numbers with a bend, categories as levels.

A number enters straight and squared (or as a restricted cubic spline), in units of its standard
deviation; a category as one column a level, its commonest level being the one that others are
compared with. Nobody writes a formula, and nothing is left out in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import qr

from woda_lib.evaluation.case_mix.errors import CaseMixError
from woda_lib.evaluation.frames import numbers, take
from woda_lib.phrases import say_count

Floats = NDArray[np.floating[Any]]
Shape = Literal["linear", "quadratic", "spline"]

KNOTS = (0.05, 0.35, 0.65, 0.95)
"""Where a spline may bend, in quantiles (Harrell 2015, Regression Modeling Strategies, 2.4.6)."""

_FEWEST_FOR_A_BEND = 5
_SAME = 1e-8


@dataclass(frozen=True, eq=False)
class CaseMix:
    """The columns to adjust for, as numbers.

    Attributes
    ----------
    terms
        (people, terms) what models take: straight, bent and level columns, without a constant.
    names
        Of the terms.
    features
        One row a person: each number as it came and each level of each category as 0 or 1, the
        commonest included; what balance is judged by.
    categories
        Names of the columns taken as categories, to their levels person by person.
    """

    terms: Floats
    names: tuple[str, ...]
    features: pd.DataFrame
    categories: dict[str, pd.Series]

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        adjust: Sequence[str],
        *,
        categorical: Sequence[str] = (),
        shape: Shape = "quadratic",
    ) -> CaseMix:
        """Read columns of a table.

        Parameters
        ----------
        frame
            One row a person.
        adjust
            Columns. Text, true/false and pandas categories are categories, numbers are numbers.
        categorical
            Those of `adjust` that are numbers but stand for categories.
        shape
            How numbers enter.

        Raises
        ------
        CaseMixError
            If there is nothing to adjust for, a column is the same for everybody or repeats what
            others say, or a category has a missing value or nearly as many levels as people.
        FrameError
            If a column is not there, or a number is missing or infinite.
        """
        if isinstance(adjust, str) or not adjust:
            raise CaseMixError(
                "`adjust` must be a list with one or more names of columns to adjust for. Without "
                "any, compare the groups as they are."
            )
        if shape not in ("linear", "quadratic", "spline"):
            raise CaseMixError("`shape` must be one of 'linear', 'quadratic', 'spline'.")
        strangers = [name for name in categorical if name not in adjust]
        if strangers:
            raise CaseMixError(f"`categorical` names {strangers[0]!r}, which `adjust` does not.")
        terms: dict[str, Floats] = {}
        features: dict[str, Floats] = {}
        categories: dict[str, pd.Series] = {}
        for name in dict.fromkeys(adjust):
            column = take(frame, adjust=name)["adjust"]
            if name in categorical or not _is_number(column):
                levels = _levels(column, name)
                categories[name] = levels
                marks = pd.get_dummies(levels).astype(float)
                for level in marks:
                    features[f"{name}: {level}"] = marks[level].to_numpy()
                for level in marks.columns.drop(levels.value_counts().index[0]):
                    terms[f"{name}: {level}"] = marks[level].to_numpy()
            else:
                values = numbers(column, name).to_numpy()
                if np.ptp(values) == 0:
                    raise CaseMixError(_no_difference(name))
                features[name] = values
                terms |= _bent(values, name, shape)
        matrix = np.column_stack(list(terms.values()))
        _refuse_repetition(matrix, tuple(terms))
        return cls(matrix, tuple(terms), pd.DataFrame(features), categories)


def refuse_own_columns(adjust: Sequence[str], **arguments: str | None) -> None:
    """Refuse to adjust for what is compared.

    Parameters
    ----------
    adjust
        As `CaseMix.of` takes it.
    arguments
        Argument name to the column given as it.
    """
    for argument, name in arguments.items():
        if name is not None and name in adjust:
            raise CaseMixError(
                f"`adjust` holds {name!r}, which was given as `{argument}`. Leave it out: nothing "
                "would be left to compare."
            )


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _levels(column: pd.Series, name: str) -> pd.Series:
    if column.isna().any():
        raise CaseMixError(
            f"The category {name!r} is missing in {int(column.isna().sum())} rows. Give the "
            'missing ones a level of their own (`.fillna("not known")`), or leave the rows out and '
            "report how many there were."
        )
    levels = column.astype(str)
    count = levels.nunique()
    if count == 1:
        raise CaseMixError(_no_difference(name))
    if count > max(len(levels) / 5, 2):
        raise CaseMixError(
            f"The category {name!r} has {count} levels in {len(levels)} rows, which leaves nobody "
            "to compare within a level. Group its levels, or give it as a number."
        )
    return levels


def _no_difference(name: str) -> str:
    return f"The column {name!r} is the same in every row, so there is nothing to adjust for in it."


def _bent(values: Floats, name: str, shape: Shape) -> dict[str, Floats]:
    scaled = (values - values.mean()) / values.std()
    straight = {name: scaled}
    if shape == "linear" or len(np.unique(values)) < _FEWEST_FOR_A_BEND:
        return straight
    if shape == "quadratic":
        return straight | {f"{name} squared": scaled**2}
    knots = np.unique(np.quantile(scaled, KNOTS))
    if len(knots) < len(KNOTS):  # many share one value: no room for the knots
        return straight | {f"{name} squared": scaled**2}
    return straight | {
        f"{name} bend {place + 1}": _restricted(scaled, knots, place) for place in range(2)
    }


def _restricted(scaled: Floats, knots: Floats, place: int) -> Floats:
    """Return one term of a cubic spline that is straight beyond its outer knots."""

    def cube(knot: float) -> Floats:
        return np.clip(scaled - knot, 0, None) ** 3

    last, before = knots[-1], knots[-2]
    left = (last - knots[place]) / (last - before)
    right = (before - knots[place]) / (last - before)
    return (cube(knots[place]) - left * cube(before) + right * cube(last)) / np.ptp(knots) ** 2


def _refuse_repetition(matrix: Floats, names: tuple[str, ...]) -> None:
    """Name the first term that is a sum of multiples of the others."""
    centred = matrix - matrix.mean(axis=0)
    _, triangle, order = qr(centred / centred.std(axis=0), mode="economic", pivoting=True)
    weak = np.abs(np.diag(triangle)) < _SAME * np.abs(triangle[0, 0])
    if weak.any() or matrix.shape[0] <= matrix.shape[1] + 2:
        if not weak.any():
            raise CaseMixError(
                f"There are {matrix.shape[0]} rows for {say_count(matrix.shape[1])} terms of the "
                "model. Adjust for less, or take more people."
            )
        raise CaseMixError(
            f"The term {names[order[weak.argmax()]]!r} says nothing that the other columns of "
            "`adjust` do not say already. Leave one of them out."
        )
